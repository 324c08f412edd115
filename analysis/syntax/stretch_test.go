package syntax

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"lectern/analysis/internal/sample"
	"lectern/analysis/text"
)

// determined reports that what a text is broken into depends on the text alone.
func (p *Parse) determined() bool {
	return p.list != nil && !slices.ContainsFunc(p.list, func(s stretch) bool { return s.broken && s.length > freshStretch })
}

// compareFresh holds a text that was edited against the same text parsed anew.
func compareFresh(t *testing.T, p *Parse, about string) {
	t.Helper()
	fresh := mustParse(t, p.Text.Bytes(), Options{})
	defer fresh.Close()
	if got, want := dump(p.Tree), dump(fresh.Tree); got != want {
		t.Fatalf("%s:\n%s\nstretches %+v\nanew %+v\n%q", about, firstDifference(got, want), p.list, fresh.list, p.Text.Bytes())
	}
	for _, s := range p.list {
		if s.length <= 0 || s.end() > p.Text.Len() {
			t.Fatalf("%s: stretch %+v of %d bytes", about, s, p.Text.Len())
		}
	}
}

// After any edits, of texts broken in any way, the tree is the tree of a fresh parse.
func TestStretches(t *testing.T) {
	compared, broken := 0, 0
	found := sample.Sources(t, 100)
	for i, path := range slices.Sorted(maps.Keys(found)) {
		content := found[path]
		if len(content) > 60_000 {
			continue
		}
		rnd := rand.New(rand.NewPCG(7, uint64(i)))
		p := mustParse(t, content, Options{})
		for step := range max(20, 3000/len(found)) {
			if step%8 == 7 { // whole again
				next, _, err := p.Edit([]text.Edit{{Start: 0, End: p.Text.Len(), New: string(content)}})
				if err != nil {
					t.Fatal(err)
				}
				p = next
			}
			edits := sample.Edits(rnd, p.Text, snippets)
			next, delta, err := p.Edit(edits)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range delta.Fresh {
				if f == nil {
					t.Fatalf("%s: after %+v: a fresh unit is not in the tree", path, edits)
				}
			}
			if p = next; !p.determined() {
				continue
			}
			compared++
			if p.Tree.Root().HasError() {
				broken++
			}
			compareFresh(t, p, path)
		}
		p.Close()
	}
	if compared < 500 || broken < compared/4 || broken > compared*9/10 {
		t.Errorf("only %d texts were compared, %d of them broken", compared, broken)
	}
	t.Logf("%d versions compared, %d of them broken", compared, broken)
}

// lines are what short stretches are made of, and what is open over many lines.
var lines = []string{
	"fn\n", "fn f() {\n", "}\n", "use std::\n", "use a::b;\n", "/// doc\n", "// c\n", "#[a]\n", "#[a(\n", "    b\n", ")]\n", "struct S {\n",
	"    a: u8,\n", "pub\n", "unsafe\n", "fn g() {}\n", "\n", "/*\n", "*/\n", "const A: &str = \"\n", "\";\n", "static X: u8 =\n", "let x = 1;\n",
	"impl A for B {\n", "    fn h(&self) { \"so long that a stretch may end behind the line\"; }\n", "mod m {\n", "//! in\n", "#![x]\n",
	"pub fn k(a: u8)\n", "extern \"C\"\n", "type F =\n", "r#\"\n", "\"#\n", "'a\n", "'\n", "macro_rules! m {\n", ")\n", "(\n", "::\n", ".\n",
	"\r\n", "fn k() { \"so long that a stretch may end behind this line, too, and more\"; }\n",
}

// Edits of texts of such lines, too, give the trees of fresh parses: what one line is
// decides where stretches end that begin far above it.
func TestStretchesOfLines(t *testing.T) {
	for seed := range uint64(250) {
		rnd := rand.New(rand.NewPCG(seed, 3))
		var b strings.Builder
		for range 3 + rnd.IntN(30) {
			b.WriteString(lines[rnd.IntN(len(lines))])
		}
		p := mustParse(t, []byte(b.String()), Options{})
		for range 12 {
			content := p.Text.Bytes()
			e := text.Edit{Start: rnd.IntN(len(content) + 1)}
			if rnd.IntN(2) == 0 {
				e.Start = bytes.LastIndexByte(content[:e.Start], '\n') + 1
			}
			e.End = min(e.Start+max(0, rnd.IntN(24)-12), len(content))
			if rnd.IntN(3) > 0 {
				e.New = lines[rnd.IntN(len(lines))]
				e.New = e.New[:len(e.New)-rnd.IntN(3)%len(e.New)]
			}
			next, _, err := p.Edit([]text.Edit{e})
			if err != nil {
				t.Fatal(err)
			}
			p = next
			compareFresh(t, p, fmt.Sprintf("%q after %+v", content, e))
		}
		p.Close()
	}
}

// FuzzStretches edits any text twice.
func FuzzStretches(f *testing.F) {
	for _, content := range sample.Sources(f, 20) {
		f.Add(content[:min(len(content), 2000)], uint16(100), uint16(3), "{", uint16(100), "}")
	}
	f.Add([]byte("fn a() { b }\n// d\nfn c() {}\n"), uint16(9), uint16(1), "/*", uint16(10), "\nfn d() {")
	f.Add([]byte("mod a {\nfn b() {}\n}\n#[c(\n  d\n)]\nconst E: &str = \"\nfn f() {}\n\";\n"), uint16(17), uint16(1), "\"", uint16(36), "\n")
	f.Fuzz(func(t *testing.T, content []byte, at, remove uint16, insert string, second uint16, more string) {
		if len(content) > freshStretch/2 || len(insert)+len(more) > freshStretch/4 {
			return
		}
		p := mustParse(t, content, Options{})
		for _, e := range []text.Edit{
			{Start: int(at) % (len(content) + 1), End: int(at)%(len(content)+1) + int(remove)%64, New: insert},
			{Start: int(second) % (len(content) + 1), End: int(second) % (len(content) + 1), New: more},
		} {
			var err error
			if p, _, err = p.Edit([]text.Edit{e}); err != nil {
				t.Fatal(err)
			}
			if p.determined() {
				compareFresh(t, p, "after the edit")
			}
		}
		p.Close()
	})
}
