package syntax

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"lectern/analysis/internal/sample"
	"lectern/analysis/text"
)

// What an item that was parsed alone makes of a file without errors is what a fresh
// parse makes of it.
func TestPieces(t *testing.T) {
	taken := 0
	found := sample.Sources(t, 300)
	for i, path := range slices.Sorted(maps.Keys(found)) {
		content := found[path]
		if len(content) > 60_000 {
			continue
		}
		rnd := rand.New(rand.NewPCG(5, uint64(i)))
		p := mustParse(t, content, Options{})
		for range max(30, 6000/len(found)) {
			if p.Tree.Root().HasError() {
				p.Close()
				p = mustParse(t, content, Options{})
				if p.Tree.Root().HasError() {
					break
				}
			}
			edits := within(rnd, p.Text)
			next, _, err := p.Edit(edits)
			if err != nil {
				t.Fatal(err)
			}
			p = next
			if p.focus.tree == nil {
				continue
			}
			taken++
			fresh := mustParse(t, p.Text.Bytes(), Options{})
			if got, want := dump(p.Tree), dump(fresh.Tree); got != want {
				t.Fatalf("%s: after %+v:\n%s", path, edits, firstDifference(got, want))
			}
		}
		p.Close()
	}
	if taken < 100 {
		t.Errorf("only %d edits were parsed alone", taken)
	}
	t.Logf("%d edits were parsed alone", taken)
}

// within is one edit, or two near each other, of the kind that leaves items whole.
func within(rnd *rand.Rand, t *text.Text) []text.Edit {
	at := rnd.IntN(t.Len())
	if rnd.IntN(2) == 0 { // behind a statement
		if i := bytes.Index(t.Slice(at, min(t.Len(), at+2000)), []byte(";\n")); i >= 0 {
			at += i + 1
		}
	}
	e := text.Edit{Start: at, End: min(t.Len(), at+[]int{0, 0, 0, 0, 1, 2}[rnd.IntN(6)]), New: whole[rnd.IntN(len(whole))]}
	if rnd.IntN(4) > 0 {
		return []text.Edit{e}
	}
	return []text.Edit{e, {Start: at + len(e.New), End: at + len(e.New), New: whole[rnd.IntN(len(whole))]}}
}

var whole = []string{
	"", "x", "1", " ", "\n", " let y = 1;", " f(a, \"b\");", " /* c */", " // d\n", "\n/// e\n", " unsafe { g() }", " m!(x, y);", " if a { b } else { c }",
	" fn inner() {}", "}\n\nfn other() {", "}\n// f\nfn other() { // g\n", "} fn other() {", "} // h", ";", "\"", "'", "'a", "r#\"", "{", "}", "/*", "*/", "//", "#[i]\n", "!", "; struct S;",
}

// Any edit of any text gives with pieces and stretches what parsing all of it anew
// gives.
func FuzzPieces(f *testing.F) {
	for _, content := range sample.Sources(f, 20) {
		f.Add(content[:min(len(content), 2000)], uint16(100), uint16(3), "{", uint16(100), "}")
	}
	f.Add([]byte("fn a() { b }\nfn c() {}\n"), uint16(9), uint16(1), "1; ", uint16(10), "} fn d() {")
	f.Add([]byte("// a\n#[b]\nstruct C; // d\nmod e { fn f() {} // g\n }"), uint16(17), uint16(1), "D", uint16(36), " h")
	f.Fuzz(func(t *testing.T, content []byte, at, remove uint16, insert string, second uint16, more string) {
		if len(content)+len(insert)+len(more) > freshStretch {
			return
		}
		p := mustParse(t, content, Options{})
		plain := mustParse(t, content, Options{Plain: true})
		for _, e := range []text.Edit{
			{Start: int(at) % (len(content) + 1), End: int(at)%(len(content)+1) + int(remove)%8, New: insert},
			{Start: int(second) % (len(content) + 1), End: int(second) % (len(content) + 1), New: more},
		} {
			var err error
			if p, _, err = p.Edit([]text.Edit{e}); err != nil {
				t.Fatal(err)
			}
			if plain, _, err = plain.Edit([]text.Edit{e}); err != nil {
				t.Fatal(err)
			}
			if got, want := dump(p.Tree), dump(plain.Tree); got != want {
				t.Fatalf("after %+v of %q:\n%s", e, content, firstDifference(got, want))
			}
		}
		p.Close()
		plain.Close()
	})
}
