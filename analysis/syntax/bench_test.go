package syntax

import (
	"bytes"
	"fmt"
	"testing"

	"lectern/analysis/internal/sample"
	"lectern/analysis/text"
)

func BenchmarkParse(b *testing.B) {
	content := sample.Long(b, 20_000)
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		p, err := New(Rust(), text.New(content), Options{})
		if err != nil {
			b.Fatal(err)
		}
		p.Close()
	}
}

// BenchmarkEdit types one character in the middle of a file. The bare parse is
// tree-sitter's part of it.
func BenchmarkEdit(b *testing.B) {
	for _, lines := range []int{200, 2_000, 20_000} {
		content := sample.Long(b, lines)
		at := bytes.Index(content[len(content)/2:], []byte("let ")) + len(content)/2 + 4
		edits := []text.Edit{{Start: at, End: at, New: "x"}, {Start: at, End: at + 1}}
		b.Run(fmt.Sprintf("lines=%d", lines), func(b *testing.B) {
			p, err := New(Rust(), text.New(content), Options{})
			if err != nil {
				b.Fatal(err)
			}
			for i := 0; b.Loop(); i++ {
				if p, _, err = p.Edit(edits[i%2 : i%2+1]); err != nil {
					b.Fatal(err)
				}
			}
			p.Close()
		})
		b.Run(fmt.Sprintf("bare/lines=%d", lines), func(b *testing.B) {
			p, err := New(Rust(), text.New(content), Options{})
			if err != nil {
				b.Fatal(err)
			}
			for i := 0; b.Loop(); i++ {
				e := edits[i%2]
				next := p.Text.Replace(e.Start, e.End, []byte(e.New))
				p.sitter.Edit(input(p.Text, next, e.Start, e.End, e.Start+len(e.New)))
				p.Text = next
				old := p.sitter
				if p.sitter, err = p.parse(old); err != nil {
					b.Fatal(err)
				}
				old.Close()
			}
			p.Close()
		})
	}
}
