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
	"lectern/analysis/tree"
)

// dump writes a tree as text: one node a line, absolute positions.
func dump(tr *tree.Tree) string {
	var b strings.Builder
	var walk func(n tree.Node, depth int)
	walk = func(n tree.Node, depth int) {
		fmt.Fprintf(&b, "%*s%s", depth, "", n.Kind())
		if f := n.Field(); f != 0 {
			fmt.Fprintf(&b, " %s:", tr.Language().FieldName(f))
		}
		fmt.Fprintf(&b, " %d-%d %08b\n", n.Start(), n.End(), n.Flags())
		for c := n.FirstChild(); !c.IsZero(); c = c.NextSibling() {
			walk(c, depth+1)
		}
	}
	walk(tr.Root(), 0)
	return b.String()
}

func mustParse(t testing.TB, content []byte, o Options) *Parse {
	t.Helper()
	p, err := New(Rust(), text.New(bytes.Clone(content)), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// Units are invisible to readers: a tree in units reads as the tree in one piece.
func TestUnitsAreInvisible(t *testing.T) {
	for path, content := range sample.Sources(t, 2000) {
		for _, o := range []Options{{KeepTokens: true}, {}} {
			whole := o
			whole.Whole = true
			got, want := dump(mustParse(t, content, o).Tree), dump(mustParse(t, content, whole).Tree)
			if got != want {
				t.Fatalf("%s: with units:\n%s", path, firstDifference(got, want))
			}
		}
	}
}

// The walk in C and the portable walk give the same rows.
func TestPortableWalk(t *testing.T) {
	if Rust().walker == walker(Rust().portable) {
		t.Fatal("the walk in C is not available on this system")
	}
	for path, content := range sample.Sources(t, 300) {
		got := dump(mustParse(t, content, Options{}).Tree)
		want := dump(mustParse(t, content, Options{Portable: true}).Tree)
		if got != want {
			t.Fatalf("%s: walked in C:\n%s", path, firstDifference(got, want))
		}
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			wl := "(end)"
			if i < len(w) {
				wl = w[i]
			}
			return fmt.Sprintf("line %d:\n got %s\nwant %s\n(before: %s)", i+1, g[i], wl, strings.Join(g[max(0, i-4):i], " | "))
		}
	}
	return fmt.Sprintf("got ends after %d lines, want has %d: %s", len(g), len(w), w[len(g)])
}

// After any edits the tree is the tree of a fresh parse, where that has no error.
func TestEdit(t *testing.T) {
	compared := 0
	found := sample.Sources(t, 150)
	for i, path := range slices.Sorted(maps.Keys(found)) {
		content := found[path]
		if len(content) > 60_000 {
			continue
		}
		rnd := rand.New(rand.NewPCG(1, uint64(i)))
		p := mustParse(t, content, Options{})
		for step := range max(30, 900/len(found)) {
			if step%4 == 0 && p.Tree.Root().HasError() {
				p.Close()
				p = mustParse(t, content, Options{})
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
			p = next
			fresh := mustParse(t, p.Text.Bytes(), Options{})
			if fresh.Tree.Root().HasError() {
				continue
			}
			compared++
			if got, want := dump(p.Tree), dump(fresh.Tree); got != want {
				t.Fatalf("%s: after %+v:\n%s", path, edits, firstDifference(got, want))
			}
		}
		p.Close()
	}
	if compared < 100 {
		t.Errorf("only %d texts without errors were compared", compared)
	}
	t.Logf("%d versions compared", compared)
}

var snippets = []string{
	"x", " ", "\n", "/* c */", "// c\n", "fn f() {}\n", "#[inline]\n", "{", "}", "\"", "use a::b;\n", "impl X { fn y() {} }\n",
	"mod m { fn z() {} }\n", ";", "unsafe { g() }", "println!(\"{}\", a + b);", "pub ", "/*", "*/", "1",
}

// Any text walks the same way in C and through the binding, in units and in one
// piece, before and after an edit.
func FuzzWalk(f *testing.F) {
	for _, content := range sample.Sources(f, 20) {
		f.Add(content[:min(len(content), 2000)], uint16(100), uint16(3), "{")
	}
	f.Add([]byte("mod m { fn f() { m!(a, {b}) } } impl X { } // c"), uint16(8), uint16(0), "/*")
	f.Fuzz(func(t *testing.T, content []byte, at, remove uint16, insert string) {
		if len(content) > 1<<14 {
			return
		}
		p := mustParse(t, content, Options{})
		want := dump(p.Tree)
		if got := dump(mustParse(t, content, Options{Portable: true}).Tree); got != want {
			t.Errorf("through the binding:\n%s", firstDifference(got, want))
		}
		compareOnce(t, "once", content)
		if got := dump(mustParse(t, content, Options{Whole: true}).Tree); got != want {
			t.Errorf("in one piece:\n%s", firstDifference(got, want))
		}
		start := int(at) % (len(content) + 1)
		next, _, err := p.Edit([]text.Edit{{Start: start, End: min(len(content), start+int(remove)), New: insert}})
		if err != nil {
			t.Fatal(err)
		}
		defer next.Close()
		fresh := mustParse(t, next.Text.Bytes(), Options{})
		if fresh.Tree.Root().HasError() && !next.determined() {
			return
		}
		if got, want := dump(next.Tree), dump(fresh.Tree); got != want {
			t.Errorf("after an edit:\n%s", firstDifference(got, want))
		}
	})
}

// Going back among siblings and up to parents leads where the way down came from.
func TestLinks(t *testing.T) {
	for path, content := range sample.Sources(t, 300) {
		for _, o := range []Options{{}, {Whole: true}, {KeepTokens: true}} {
			mustParse(t, content, o).Tree.Root().Descendants(func(n tree.Node) bool {
				var prev tree.Node
				for c := n.FirstChild(); !c.IsZero(); c = c.NextSibling() {
					if c.PrevSibling() != prev {
						t.Fatalf("%s: the node before %s at %d is not the one it follows", path, c.Kind(), c.Start())
					}
					if c.Parent() != n {
						t.Fatalf("%s: the parent of %s at %d is not %s at %d", path, c.Kind(), c.Start(), n.Kind(), n.Start())
					}
					prev = c
				}
				return true
			})
		}
	}
}
