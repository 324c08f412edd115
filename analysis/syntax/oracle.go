package syntax

// #include <stdbool.h>
// #include <stdint.h>
//
// extern __attribute__((weak)) void ts_query_cursor_set_match_limit(void *, uint32_t);
// extern __attribute__((weak)) bool ts_query_cursor_did_exceed_match_limit(const void *);
//
// static void lectern_limit_states(void *cursor, uint32_t limit) {
//   if (ts_query_cursor_set_match_limit) ts_query_cursor_set_match_limit(cursor, limit);
// }
// static bool lectern_exceeded(const void *cursor) {
//   return ts_query_cursor_did_exceed_match_limit && ts_query_cursor_did_exceed_match_limit(cursor);
// }
import "C"

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	sitter "github.com/smacker/go-tree-sitter"
)

// OracleMatch is one match of tree-sitter's own query engine.
type OracleMatch struct {
	Pattern  int
	Captures []OracleCapture // in the engine's order
}

// OracleCapture is one capture of an OracleMatch.
type OracleCapture struct {
	Name       string // without "@"
	Kind       string
	Start, End int // bytes
}

// OracleError is tree-sitter's word on a query that it rejects.
type OracleError struct {
	Offset  int // in the query, bytes
	Message string
}

func (e *OracleError) Error() string { return fmt.Sprintf("at byte %d: %s", e.Offset, e.Message) }

// OracleStates is how many unfinished matches tree-sitter's engine may follow at
// once for each pattern of a query. It looks at all of a pattern at every node, in
// pairs, so that more of them take it for ever.
const OracleStates = 256

// ErrOracle reports a query that has more than OracleStates unfinished matches for
// each of its patterns, or ten thousand times as many finished ones, in a text.
var ErrOracle = errors.New("tree-sitter's engine has too many matches to follow")

// OracleQuery is a query that tree-sitter's own engine has compiled. It has one
// owner, who ends it with Close.
type OracleQuery struct {
	sitter *sitter.Query
	names  []string // of captures, by number
}

// NewOracle compiles a query with tree-sitter's own engine. Its error is an
// OracleError when the engine rejects the query.
func NewOracle(lang *Language, query string) (*OracleQuery, error) {
	q, err := compile(lang, query)
	if err != nil {
		return nil, err
	}
	o := &OracleQuery{sitter: q}
	for i := range q.CaptureCount() {
		o.names = append(o.names, q.CaptureNameForId(i))
	}
	return o, nil
}

// Close frees tree-sitter's memory.
func (o *OracleQuery) Close() { o.sitter.Close() }

// Matches runs the query over a parse, without its predicates. The parse should
// have been made with KeepTokens and Whole, because the engine sees tree-sitter's
// tree and no macro bodies. Lectern matches with its own engine; this one is what
// tests compare it with, and what tells impossible patterns. Its error is ErrOracle.
func (o *OracleQuery) Matches(p *Parse) ([]OracleMatch, error) {
	cursor := sitter.NewQueryCursor()
	defer cursor.Close()
	limit := OracleStates * int(o.sitter.PatternCount())
	limitStates(cursor, limit)
	cursor.Exec(o.sitter, p.sitter.RootNode())
	var matches []OracleMatch
	for {
		m, ok := cursor.NextMatch()
		if !ok && !exceeded(cursor) {
			return matches, nil
		}
		if !ok || len(matches) == limit*10_000 {
			return nil, ErrOracle
		}
		match := OracleMatch{Pattern: int(m.PatternIndex)}
		for _, c := range m.Captures {
			match.Captures = append(match.Captures, OracleCapture{
				Name: o.names[c.Index], Kind: c.Node.Type(),
				Start: int(c.Node.StartByte()), End: int(c.Node.EndByte()),
			})
		}
		matches = append(matches, match)
	}
}

// limitStates bounds the unfinished matches of a cursor, where tree-sitter's
// function for it can be reached.
func limitStates(cursor *sitter.QueryCursor, n int) {
	C.lectern_limit_states(*(*unsafe.Pointer)(unsafe.Pointer(cursor)), C.uint32_t(n)) // a cursor begins with tree-sitter's
	runtime.KeepAlive(cursor)
}

// exceeded reports whether a cursor has left out matches because of its limit.
func exceeded(cursor *sitter.QueryCursor) bool {
	over := C.lectern_exceeded(*(*unsafe.Pointer)(unsafe.Pointer(cursor)))
	runtime.KeepAlive(cursor)
	return bool(over)
}

// OracleCompile reports whether tree-sitter takes a query: nil, or an OracleError.
func OracleCompile(lang *Language, query string) error {
	q, err := compile(lang, query)
	if err == nil {
		q.Close()
	}
	return err
}

func compile(lang *Language, query string) (*sitter.Query, error) {
	q, err := sitter.NewQuery([]byte(query), lang.grammar)
	if err == nil {
		return q, nil
	}
	if e, ok := err.(*sitter.QueryError); ok {
		return nil, &OracleError{Offset: int(e.Offset), Message: e.Message}
	}
	return nil, fmt.Errorf("compiling a query with tree-sitter: %w", err)
}
