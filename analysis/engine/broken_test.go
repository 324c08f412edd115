package engine

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

// Half-typed files keep the findings of the items that are still whole.
func TestTruncations(t *testing.T) {
	rules := compiled(t)
	found := sample.Sources(t, 60)
	rnd := rand.New(rand.NewPCG(3, 4))
	kept := 0
	for n := 0; n < 200; {
		for _, path := range slices.Sorted(maps.Keys(found)) {
			content := found[path]
			if len(content) < 200 || n >= 200 {
				continue
			}
			n++
			cut := 100 + rnd.IntN(len(content)-100)
			whole, err := Check(rules, Input{Path: path, Text: text.New(bytes.Clone(content))})
			if err != nil {
				t.Fatal(err)
			}
			part, err := Check(rules, Input{Path: path, Text: text.New(bytes.Clone(content[:cut]))})
			if err != nil {
				t.Fatal(err)
			}
			type place struct {
				hint  string
				start int
			}
			have := map[place]bool{}
			for _, f := range part.Findings() {
				have[place{f.Hint, f.Range.Start}] = true
			}
			// The items of the cut file that read as they did before are intact.
			intact := map[int]int{}
			for c := part.Tree.Root().FirstChild(); !c.IsZero(); c = c.NextSibling() {
				if !c.HasError() {
					intact[c.Start()] = c.End()
				}
			}
			for c := whole.Tree.Root().FirstChild(); !c.IsZero(); c = c.NextSibling() {
				if intact[c.Start()] != c.End() || !strings.HasSuffix(c.Kind(), "_item") {
					continue
				}
				for _, f := range whole.Findings() {
					if f.Range.Start < c.Start() || f.Range.End > c.End() || !local(f.Hint) {
						continue
					}
					kept++
					if !have[place{f.Hint, f.Range.Start}] {
						t.Errorf("%s cut at %d: %s at %d is lost, though its item %d-%d is intact",
							path, cut, f.Hint, f.Range.Start, c.Start(), c.End())
					}
				}
			}
		}
	}
	if kept < 100 {
		t.Errorf("only %d findings stood in intact items", kept)
	}
}

// What is begun above an item takes nothing of it along, however short it is: the item
// keeps its documentation, the methods of an impl stay methods, and nothing else is
// found in it than without what stands above.
func TestBegunAbove(t *testing.T) {
	rules := compiled(t)
	const below = `/// The count of what is shared.
///
/// # Safety
/// Each owner calls this once.
pub unsafe fn release(shared: *mut u32) -> u32 {
    unsafe { *shared }
}

impl Backend for Service {
    async fn shutdown(&self) -> Result<(), Error> {
        Ok(())
    }
}
`
	describe := func(r *Result, from int) string {
		var b strings.Builder
		for _, f := range r.Findings() {
			if f.Range.Start >= from {
				fmt.Fprintf(&b, "%d-%d %s %s\n", f.Range.Start-from, f.Range.End-from, f.Hint, f.Message)
			}
		}
		return b.String()
	}
	check := func(s string) *Result {
		r, err := Check(rules, Input{Path: "src/a.rs", Text: text.New([]byte(s))})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	want := describe(check(below), 0)
	if !strings.Contains(want, "unsafe-fn") || strings.Contains(want, "missing-safety-section") || strings.Contains(want, "unused-async") {
		t.Fatalf("of the text by itself:\n%s", want)
	}
	for _, begun := range []string{
		"fn main() {\n", "fn main(\n", "fn main()\n", "fn\n", "pub fn f(a: u8) -> u8\n", "pub fn f(a: u8) -> Vec<u8>\n{\n", "use std::\n", "use std::io\n",
		"use std::{io,\n", "struct Node {\n", "struct Node {\n    next: u8,\n", "struct Node\n    next: u8,\n}\n", "pub struct Node(u8\n", "struct\n",
		"enum State {\n    Idle,\n", "impl Service {\n", "trait Backend {\n", "mod inner {\n", "static COUNT: u32 =\n", "const LIMIT: usize = 3\n",
		"type Short =\n", "fn f() {\n    let text = \"\n}\n", "fn f() {\n    g(\n}\n", "fn f() {\n}\n}\n", "let x =\n", "#![no_std\n",
		"macro_rules! m {\n", "/*\n", "fn f() { x.\n}\n",
	} {
		for _, gap := range []string{"", "\n"} {
			if got := describe(check(begun+gap+below), len(begun+gap)); got != want {
				t.Errorf("below %q:\n%swant\n%s", begun+gap, got, want)
			}
		}
	}
}

// local names hints that speak of their own item alone, whatever the rest of the
// file declares.
func local(hint string) bool {
	return slices.Contains([]string{"unsafe-block", "unsafe-fn", "unsafe-impl", "extern-block"}, hint)
}

// Text that no one would write is read in good time and without harm.
func TestHostileText(t *testing.T) {
	rules := compiled(t)
	for name, s := range map[string]string{
		"empty":            "",
		"nul bytes":        strings.Repeat("fn f() { unsafe { \x00 } }\n", 100),
		"invalid utf-8":    strings.Repeat("fn f() { \"\xff\xfe\" }\n", 100),
		"one long line":    "fn f() { " + strings.Repeat("g(); ", 50_000) + "}",
		"nested brackets":  "fn f() { " + strings.Repeat("(", 20_000) + strings.Repeat(")", 20_000) + " }",
		"nested macros":    "fn f() { " + strings.Repeat("m!{", 2_000) + strings.Repeat("}", 2_000) + " }",
		"nested blocks":    "fn f() " + strings.Repeat("{", 5_000) + strings.Repeat("}", 5_000),
		"unclosed comment": "fn f() { unsafe { g() } }\n/* " + strings.Repeat("fn f() {}\n", 1_000),
		"unclosed string":  "fn f() { \"" + strings.Repeat("fn f() {}\n", 1_000),
	} {
		t.Run(name, func(t *testing.T) {
			d, err := Open(rules, Input{Path: "hostile.rs", Text: text.New([]byte(s))})
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			if _, err := d.Edit([]text.Edit{{Start: 0, End: 0, New: "unsafe fn first() {}\n"}}, 2); err != nil {
				t.Fatal(err)
			}
			for _, f := range d.Result().Findings() {
				if f.Range.Start < 0 || f.Range.End > d.Result().Text.Len() || f.Range.Start > f.Range.End {
					t.Errorf("%s at %v of %d bytes", f.Hint, f.Range, d.Result().Text.Len())
				}
			}
		})
	}
}
