// Package yaml reads the YAML of hint files and course.yaml into plain values
// that know where they stand, so that every mistake can be pointed at.
//
// It takes less than YAML does: mappings, lists and scalars. Anchors, aliases,
// tags, merge keys and several documents are refused, so that a small file stays
// a small value.
//
// What hint files look like nearly always is read by a short reader of our own
// (quick.go), since hundreds of them are read at every start; everything else,
// and every mistake, goes to github.com/goccy/go-yaml. A fuzz test holds the two
// equal.
package yaml

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// Limit is the most bytes that Parse takes.
const Limit = 32 << 10

// maxDepth is the deepest nesting of lists and mappings.
const maxDepth = 24

// Kind is what a Node is.
type Kind uint8

const (
	Null   Kind = iota // nothing, "~" or "null"
	Scalar             // one string; numbers and truth values are strings too
	List
	Map
)

// String names the kind as a message does.
func (k Kind) String() string {
	switch k {
	case Null:
		return "nothing"
	case Scalar:
		return "a text"
	case List:
		return "a list"
	}
	return "a mapping"
}

// Node is one value.
type Node struct {
	Kind   Kind
	Text   string  // of a Scalar
	Plain  bool    // a Scalar without quotes: "true" then is a truth value
	Items  []Node  // of a List
	Fields []Field // of a Map, in order, keys distinct
	Line   int     // from 1, in the file
	Column int     // from 1, in Unicode code points
}

// Field is one key of a Map with its value.
type Field struct {
	Key    string
	Value  Node
	Line   int // of the key
	Column int
}

// Error is a mistake in the YAML itself.
type Error struct {
	Line    int
	Column  int
	Message string
	Help    string
}

func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message) }

// Parse reads one YAML document, whose first line is line number firstLine of
// its file. The result is a Map (an empty one for an empty document).
func Parse(source string, firstLine int) (Node, *Error) {
	if len(source) > Limit {
		return Node{}, &Error{Line: firstLine, Column: 1,
			Message: fmt.Sprintf("%d bytes of YAML where at most %d are read", len(source), Limit)}
	}
	if !utf8.ValidString(source) {
		at := badByte(source)
		return Node{}, &Error{Line: firstLine + bytes.Count([]byte(source[:at]), []byte{'\n'}), Column: column(source, at),
			Message: "this is not UTF-8", Help: "save the file as UTF-8"}
	}
	if source != "" && source[len(source)-1] != '\n' {
		source += "\n" // the library misplaces the last word of a line without an end
	}
	if node, ok := quick(source, firstLine); ok {
		return node, nil
	}
	return full(source, firstLine)
}

// badByte is the offset of the first byte that is not UTF-8.
func badByte(s string) int {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return i
			}
		}
	}
	return len(s)
}

// column is the column, from 1 in code points, of a byte offset.
func column(s string, at int) int {
	start := at
	for start > 0 && s[start-1] != '\n' {
		start--
	}
	return utf8.RuneCountInString(s[start:at]) + 1
}
