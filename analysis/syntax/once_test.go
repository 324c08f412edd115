package syntax

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"lectern/analysis/internal/sample"
	"lectern/analysis/text"
	"lectern/analysis/tree"
)

// sameUnits tells where two units differ, or "".
func sameUnits(got, want *tree.Unit, at string) string {
	switch {
	case !slices.Equal(got.Rows, want.Rows):
		return fmt.Sprintf("%s: rows\n got %v\nwant %v", at, got.Rows, want.Rows)
	case got.Gap != want.Gap || got.Top != want.Top || got.Len != want.Len || got.Shape != want.Shape || string(got.Text) != string(want.Text):
		return fmt.Sprintf("%s: got gap %d, top %d, %d bytes %q; want gap %d, top %d, %d bytes %q",
			at, got.Gap, got.Top, got.Len, got.Text, want.Gap, want.Top, want.Len, want.Text)
	case len(got.Kids) != len(want.Kids):
		return fmt.Sprintf("%s: got %d kids, want %d", at, len(got.Kids), len(want.Kids))
	}
	for i := range got.Kids {
		if got.Kids[i].Start != want.Kids[i].Start {
			return fmt.Sprintf("%s: kid %d starts at %d, want %d", at, i, got.Kids[i].Start, want.Kids[i].Start)
		}
		if d := sameUnits(got.Kids[i].Unit, want.Kids[i].Unit, fmt.Sprintf("%s/%d", at, i)); d != "" {
			return d
		}
	}
	return ""
}

// compareOnce compares what a text gives when it is parsed once with what it
// gives when it may be edited.
func compareOnce(t *testing.T, path string, content []byte) {
	t.Helper()
	for _, o := range []Options{{}, {KeepTokens: true}, {Whole: true}} {
		want := mustParse(t, content, o)
		o.Once = true
		got := mustParse(t, content, o)
		if d := sameUnits(got.Tree.RootFrame().Unit, want.Tree.RootFrame().Unit, "root"); d != "" {
			t.Fatalf("%s %+v: %s", path, o, d)
		}
	}
}

// A text that is parsed once gives the units that it gives otherwise, also where
// it is broken.
func TestOnce(t *testing.T) {
	if Rust().once == nil || Rust().once.cursor {
		t.Fatal("parsing in one call, or the walk without a cursor, is not available on this system")
	}
	for path, content := range sample.Sources(t, 300) {
		compareOnce(t, path, content)
		for i := 1; i < 4 && len(content) < 20_000; i++ {
			compareOnce(t, path, content[i*len(content)/7:len(content)-i*len(content)/9])
		}
	}
	for _, content := range []string{
		"", "\n", "// c", "}", "mod m {", "mod m { } }", "impl T for X { fn f() {} ", "extern {", "mod a { mod b { fn f() {} } struct S; } // c",
		"impl X } fn f() {}", "trait T { /* c */ } /* d */ fn g() {}", strings.Repeat("mod m { ", 80) + strings.Repeat("}", 80),
		"fn f() { " + strings.Repeat("{ ", 3000) + strings.Repeat("} ", 3000) + "}", "const X: u8 = " + strings.Repeat("(", 2000) + "1" + strings.Repeat(")", 2000) + ";",
		strings.Repeat("fn f() { a } ) b ", 500), "fn f() { m!{ " + strings.Repeat("fn g( { x } ", 600) + "} }",
	} {
		compareOnce(t, content, []byte(content))
	}
}

// Such parses run side by side, also beside others, and a long text leaves nothing
// to the short one after it.
func TestOnceSideBySide(t *testing.T) {
	texts := [][]byte{
		[]byte("fn f() { g(1, |x| x + 1); vec![1; 2] }\n"), sample.Long(t, 3000),
		[]byte("struct S { a: u8 }\nimpl S { fn new() -> Self { S { a: 1 } } }\n"), []byte("fn ( { ] }"),
	}
	var want []string
	for _, content := range texts {
		want = append(want, dump(mustParse(t, content, Options{}).Tree))
	}
	var group sync.WaitGroup
	for worker := range 4 {
		group.Go(func() {
			for i := range 40 {
				n := (worker + i) % len(texts)
				p, err := New(Rust(), text.New(texts[n]), Options{Once: (worker+i)%5 != 0})
				if err != nil {
					t.Error(err)
					return
				}
				p.Close()
				if got := dump(p.Tree); got != want[n] {
					t.Errorf("text %d, time %d: %s", n, i, firstDifference(got, want[n]))
					return
				}
			}
		})
	}
	group.Wait()
}

// What was parsed once cannot be edited, and says so.
func TestOnceCannotBeEdited(t *testing.T) {
	p := mustParse(t, []byte("fn f() {}"), Options{Once: true})
	if _, _, err := p.Edit([]text.Edit{{Start: 0, End: 0, New: " "}}); err == nil {
		t.Error("a text that was parsed once was edited")
	}
}
