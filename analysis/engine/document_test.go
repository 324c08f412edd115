package engine

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"lectern/analysis/course"
	"lectern/analysis/internal/sample"
	"lectern/analysis/rust"
	"lectern/analysis/text"
	"lectern/analysis/tree"
	"lectern/queries"
)

func describe(r *Result) string {
	var b strings.Builder
	for _, f := range r.Findings() {
		fmt.Fprintf(&b, "%d-%d %s %s %v", f.Range.Start, f.Range.End, f.Hint, f.Message, f.Severity)
		for _, c := range f.Captures {
			fmt.Fprintf(&b, " %s=%d-%d", c.Name, c.Range.Start, c.Range.End)
		}
		for _, rel := range f.Related {
			fmt.Fprintf(&b, " (%d-%d %s)", rel.Range.Start, rel.Range.End, rel.Message)
		}
		b.WriteByte('\n')
	}
	fmt.Fprintln(&b, r.Diagnostics)
	for _, a := range r.Allows {
		fmt.Fprintf(&b, "allow %v %v %v\n", a.Range, a.Scope, a.ByID)
	}
	return b.String()
}

// historyFree is up to how many bytes a broken text reads as it does anew: a longer
// stretch of it depends, as tree-sitter's recovery does, on what the text was.
const historyFree = 16 << 10

// After any edits a document's findings are those of a fresh check.
func TestEditsFindWhatAFreshCheckFinds(t *testing.T) {
	rules := compiled(t)
	found := sample.Sources(t, 150)
	compared, broken, findings := 0, 0, 0
	for i, path := range slices.Sorted(maps.Keys(found)) {
		content := found[path]
		if len(content) > 50_000 {
			continue
		}
		rnd := rand.New(rand.NewPCG(7, uint64(i)))
		open := func(t *testing.T, content []byte) *Document {
			d, err := Open(rules, Input{Path: path, Text: text.New(bytes.Clone(content))})
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		d := open(t, content)
		for step := range max(40, 1200/len(found)) {
			if step%8 == 0 && d.Result().Tree.Root().HasError() {
				d.Close()
				d = open(t, content)
			}
			edits := sample.Edits(rnd, d.in.Text, snippets)
			got, err := d.Edit(edits, int32(step))
			if err != nil {
				t.Fatal(err)
			}
			want, err := Check(rules, Input{Path: path, Text: text.New(got.Text.Bytes())})
			if err != nil {
				t.Fatal(err)
			}
			if want.Tree.Root().HasError() {
				if want.Text.Len() > historyFree {
					continue
				}
				broken++
			}
			compared++
			findings += len(want.Findings())
			if g, w := describe(got), describe(want); g != w {
				t.Fatalf("%s: after %+v\ngot\n%s\nwant\n%s", path, edits, difference(g, w), difference(w, g))
			}
		}
		d.Close()
	}
	if compared < 20 || findings < 20 {
		t.Errorf("only %d texts and %d findings were compared", compared, findings)
	}
	if broken < compared/10 || broken > compared*9/10 {
		t.Errorf("%d of %d texts are broken, want some of both", broken, compared)
	}
	t.Logf("%d versions, %d of them broken, %d findings compared", compared, broken, findings)
}

// FuzzFindings: of any text, after any edits, the findings are those of a fresh check.
func FuzzFindings(f *testing.F) {
	rules := compiled(f)
	for _, content := range sample.Sources(f, 20) {
		f.Add(content[:min(len(content), 3000)], uint64(1))
	}
	f.Fuzz(func(t *testing.T, content []byte, seed uint64) {
		if len(content) > historyFree/2 {
			return
		}
		d, err := Open(rules, Input{Path: "src/a.rs", Text: text.New(bytes.Clone(content))})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		rnd := rand.New(rand.NewPCG(seed, 11))
		for step := range 3 {
			edits := sample.Edits(rnd, d.in.Text, snippets)
			got, err := d.Edit(edits, int32(step))
			if err != nil {
				t.Fatal(err)
			}
			want, err := Check(rules, Input{Path: "src/a.rs", Text: text.New(got.Text.Bytes())})
			if err != nil {
				t.Fatal(err)
			}
			if g, w := describe(got), describe(want); g != w {
				t.Fatalf("after %+v\ngot\n%s\nwant\n%s\nof\n%s", edits, difference(g, w), difference(w, g), got.Text.Bytes())
			}
		}
	})
}

// difference gives the lines of a that b lacks.
func difference(a, b string) string {
	have := map[string]bool{}
	for _, l := range strings.Split(b, "\n") {
		have[l] = true
	}
	var out []string
	for _, l := range strings.Split(a, "\n") {
		if !have[l] {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n")
}

var snippets = []string{
	"x", " ", "\n", "/* c */", "// c\n", "fn f() { unsafe { g() } }\n", "#[inline]\n", "{", "}", "\"",
	"use std::sync::atomic::Ordering;\n", "use std::cmp::Ordering;\n", "use core::sync::atomic::*;\n", "enum Ordering { Relaxed }\n",
	"unsafe impl GlobalAlloc for A { unsafe fn alloc(&self, l: Layout) -> *mut u8 { println!(\"x\"); null_mut() } }\n",
	"use std::mem::uninitialized as zz;\n", "type M = std::mem::MaybeUninit<u8>;\n", "fn z(m: M) { zz() }\n",
	"mod m { use super::*; static F: AtomicBool = AtomicBool::new(false); fn z() { F.store(true, Ordering::Relaxed) } }\n", ";", "unsafe { g() }",
	"println!(\"{}\", a.load(Ordering::SeqCst));", "pub ", "/*", "*/", "1", "// SAFETY: it is fine\n",
	"// lectern: allow(unsafe-block): why not\n", "unsafe extern \"C\" { safe fn f(); }\n", "#![no_std]\n", "static mut N: u32 = 0;\n",
}

func library(t testing.TB) *course.Library {
	t.Helper()
	lib, problems := course.Load(course.Folder("queries/advanced-rust", queries.Course("advanced-rust")))
	for _, p := range problems {
		t.Error(p)
	}
	return lib
}

// compiled is the shipped course, compiled without a problem.
func compiled(t testing.TB) *Rules {
	t.Helper()
	rules, problems := Compile(library(t))
	for _, p := range problems {
		t.Error(p)
	}
	return rules
}

// An edit inside one function checks that function, whatever the file's length.
func TestEditChecksWhatChanged(t *testing.T) {
	rules := compiled(t)
	var b strings.Builder
	for i := range 500 {
		fmt.Fprintf(&b, "fn f%d(p: *const u8) -> u8 {\n    // SAFETY: p is valid\n    unsafe { *p }\n}\n\n", i)
	}
	d, err := Open(rules, Input{Path: "many.rs", Text: text.New([]byte(b.String()))})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	at := strings.Index(b.String(), "fn f250")
	at += strings.Index(b.String()[at:], "*p") + 2
	before := d.Checked
	r, err := d.Edit([]text.Edit{{Start: at, End: at, New: "x"}}, 2)
	if err != nil {
		t.Fatal(err)
	}
	if n := d.Checked - before; n != 1 {
		t.Errorf("the edit checked %d units, want 1", n)
	}
	if len(r.Findings()) < 500 {
		t.Errorf("got %d findings, want those of all 500 functions", len(r.Findings()))
	}
}

// Code that is being typed is broken most of the time, and the parser then gives
// up what is around it and takes it up again. Units that nobody touched stay what
// they were.
func TestBrokenCodeKeepsWhatIsWhole(t *testing.T) {
	rules := compiled(t)
	var b strings.Builder
	for i := range 500 {
		fmt.Fprintf(&b, "fn f%d(p: *const u8) -> u8 {\n    // SAFETY: p is valid\n    let x = unsafe { *p };\n    x\n}\n\n", i)
	}
	d, err := Open(rules, Input{Path: "many.rs", Text: text.New([]byte(b.String()))})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	whole := len(d.Result().Findings())
	at := strings.Index(b.String(), "fn f250")
	at += strings.Index(b.String()[at:], "};") + len("};")
	for i, key := range strings.Split("\nif ok { work(\"a\"); }", "") {
		before := d.Checked
		r, err := d.Edit([]text.Edit{{Start: at, End: at, New: key}}, int32(i))
		if err != nil {
			t.Fatal(err)
		}
		at++
		if n := d.Checked - before; n > 10 {
			t.Errorf("key %q checked %d units, want those around it", key, n)
		}
		// Two findings stand in the function that is broken.
		if len(r.Findings()) < whole-2 {
			t.Errorf("after key %q there are %d findings, want %d or all but two", key, len(r.Findings()), whole)
		}
	}
	if d.Result().Tree.Root().HasError() {
		t.Error("the text is broken at the end")
	}
}

// BenchmarkKeystroke types one character inside a function in the middle of a
// file, from the edit to the findings. BenchmarkEdit of analysis/syntax has the
// parser's part of it.
func BenchmarkKeystroke(b *testing.B) {
	rules := compiled(b)
	for _, lines := range []int{200, 2_000, 20_000} {
		content := sample.Long(b, lines)
		at := bytes.Index(content[len(content)/2:], []byte("let ")) + len(content)/2 + 4
		edits := []text.Edit{{Start: at, End: at, New: "x"}, {Start: at, End: at + 1}}
		b.Run(fmt.Sprintf("lines=%d", lines), func(b *testing.B) {
			d, err := Open(rules, Input{Path: "long.rs", Text: text.New(content)})
			if err != nil {
				b.Fatal(err)
			}
			defer d.Close()
			start := d.Checked
			for i := 0; b.Loop(); i++ {
				if _, err := d.Edit(edits[i%2:i%2+1], int32(i)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(d.Checked-start)/float64(b.N), "units/op")
			b.ReportMetric(float64(len(d.Result().Findings())), "findings")
		})
	}
}

// BenchmarkCheck checks a file of 20,000 lines from nothing.
func BenchmarkCheck(b *testing.B) {
	rules := compiled(b)
	content := sample.Long(b, 20_000)
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		if _, err := Check(rules, Input{Path: "long.rs", Text: text.New(content)}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCompile compiles the rules of the shipped course.
func BenchmarkCompile(b *testing.B) {
	lib := library(b)
	for b.Loop() {
		Compile(lib)
	}
}

// The shipped hints look at units beside their own almost nowhere: a unit whose
// check does is checked again after every edit.
func TestHintsKeepToTheirUnit(t *testing.T) {
	rules := compiled(t)
	units, beside := 0, 0
	for path, content := range sample.Sources(t, 300) {
		d, err := Open(rules, Input{Path: path, Text: text.New(content)})
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range d.live {
			units++
			if n.cross&tree.Side != 0 {
				beside++
			}
		}
		d.Close()
	}
	if beside*100 > units {
		t.Errorf("%d of %d units depend on their neighbors, want at most 1%%", beside, units)
	}
}

// A crate's facts may change while others read the document's result.
func TestReadersDoNotMeetTheOwner(t *testing.T) {
	rules := compiled(t)
	content := sample.Sources(t, 300)
	for path, c := range content {
		d, err := Open(rules, Input{Path: path, Text: text.New(c)})
		if err != nil {
			t.Fatal(err)
		}
		read := make(chan int)
		r := d.Result()
		go func() {
			n := 0
			r.Tree.Root().Descendants(func(tree.Node) bool { n++; return true })
			read <- n
		}()
		if got, want := d.SetCrate(&rust.Crate{}).Text.Len(), len(c); got != want {
			t.Errorf("%s: a result of %d bytes, want %d", path, got, want)
		}
		if <-read == 0 {
			t.Errorf("%s: nothing read", path)
		}
		d.Close()
	}
}
