// Package bare is tree-sitter alone: a text and its tree, and nothing of Lectern's.
// It is the measure that benchmarks hold Lectern against; only tests use it.
package bare

import (
	"context"
	"fmt"
	"time"

	sitter "github.com/smacker/go-tree-sitter"
	tree_sitter_rust "github.com/tree-sitter/tree-sitter-rust/bindings/go"

	"lectern/analysis/text"
)

// Parse is a Rust text with tree-sitter's tree of it. It has one owner, who closes it.
type Parse struct {
	parser  *sitter.Parser
	tree    *sitter.Tree
	content []byte
}

// New parses a text of UTF-8. Its error is the parser's.
func New(content string) (*Parse, error) {
	p := &Parse{parser: sitter.NewParser(), content: []byte(content)}
	p.parser.SetLanguage(sitter.NewLanguage(tree_sitter_rust.Language()))
	t, err := p.parser.ParseCtx(context.Background(), nil, p.content)
	if err != nil {
		p.parser.Close()
		return nil, fmt.Errorf("parsing %d bytes with tree-sitter alone: %w", len(content), err)
	}
	p.tree = t
	return p, nil
}

// Edit makes an edit within the text, parses incrementally, and says how long
// tree-sitter took. Its error is the parser's.
func (p *Parse) Edit(e text.Edit) (time.Duration, error) {
	before, after := text.New(p.content), make([]byte, 0, len(p.content)+e.Delta())
	after = append(append(append(after, p.content[:e.Start]...), e.New...), p.content[e.End:]...)
	newEnd := e.Start + len(e.New)
	start, end := point(before, e.Start), point(text.New(after), newEnd)
	in := sitter.EditInput{
		StartIndex: uint32(e.Start), OldEndIndex: uint32(e.End), NewEndIndex: uint32(newEnd),
		StartPoint: start, OldEndPoint: end, NewEndPoint: end, // the binding sends the old end for both
	}
	began := time.Now()
	p.tree.Edit(in)
	next, err := p.parser.ParseCtx(context.Background(), p.tree, after)
	took := time.Since(began)
	if err != nil {
		return 0, fmt.Errorf("parsing %d bytes with tree-sitter alone: %w", len(after), err)
	}
	p.tree.Close()
	p.tree, p.content = next, after
	return took, nil
}

func point(t *text.Text, off int) sitter.Point {
	row, column := t.Row(off)
	return sitter.Point{Row: uint32(row), Column: uint32(column)}
}

// Close frees tree-sitter's memory.
func (p *Parse) Close() {
	p.tree.Close()
	p.parser.Close()
}
