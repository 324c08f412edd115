package syntax

import (
	"fmt"

	sitter "github.com/smacker/go-tree-sitter"

	"lectern/analysis/text"
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

// Oracle runs a query with tree-sitter's own engine over a text, without its
// predicates and without macro bodies. Lectern matches with its own engine;
// this one is what tests compare it with, and what tells impossible patterns.
func Oracle(lang *Language, query string, content []byte) ([]OracleMatch, error) {
	q, err := compile(lang, query)
	if err != nil {
		return nil, err
	}
	defer q.Close()
	p, err := New(lang, text.New(content), Options{KeepTokens: true, Whole: true})
	if err != nil {
		return nil, err
	}
	defer p.Close()
	cursor := sitter.NewQueryCursor()
	defer cursor.Close()
	cursor.Exec(q, p.sitter.RootNode())
	var matches []OracleMatch
	for {
		m, ok := cursor.NextMatch()
		if !ok {
			return matches, nil
		}
		match := OracleMatch{Pattern: int(m.PatternIndex)}
		for _, c := range m.Captures {
			match.Captures = append(match.Captures, OracleCapture{
				Name: q.CaptureNameForId(c.Index), Kind: c.Node.Type(),
				Start: int(c.Node.StartByte()), End: int(c.Node.EndByte()),
			})
		}
		matches = append(matches, match)
	}
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
