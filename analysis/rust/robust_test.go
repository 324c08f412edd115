package rust_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"lectern/analysis/query"
	"lectern/analysis/rust"
	"lectern/analysis/syntax"
	"lectern/analysis/tree"
)

// everything asks every predicate about every named node.
func everything(t testing.TB) *query.Set {
	t.Helper()
	var queries []*query.Query
	for _, p := range []string{
		`path? @m "std::mem::drop"`, `path? @m "a::**" "std::*"`, `calls? @m "std::thread::spawn" "std::sync::Mutex::lock"`,
		`type? @m "_"`, `type? @m "std::sync::Mutex" "*"`, `item? @m "static mut"`, `item-attribute? @m "repr(C)"`,
		`has-attribute? @m "interrupt" "repr(C)"`, `has-comment? @m "SAFETY"`, `in-unsafe? @m`, `unsafe-extern? @m`,
		`safe-item? @m`, `test-code? @m`, `has-modifier? @m "unsafe" "extern \"C\"" "safe"`, `lint-allowed? @m "static_mut_refs"`,
		`next-token? @m "#"`, `previous-token? @m "#"`, `undeclared? @m`, `in-async? @m`, `same-body? @m @m`,
		`crate-attribute? "no_std"`, `not-edition? "2021"`, `not-dependency? "a" "1"`, `package? "a*"`, `rust-version? "1.81"`,
	} {
		queries = append(queries, compile(t, "((_) @m (#"+p+"))"))
	}
	return query.NewSet(queries)
}

// sources are the Rust files of the test data.
func sources(t testing.TB) [][]byte {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var out [][]byte
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range txtar.Parse(content).Files {
			if strings.HasSuffix(f.Name, ".rs") {
				out = append(out, f.Data)
			}
		}
	}
	return out
}

func askEverything(t testing.TB, set *query.Set, content []byte) int {
	t.Helper()
	p := parse(t, "src/x.rs", content, &rust.Crate{Edition: 2015}, syntax.Options{})
	p.facts.Recorder = &rust.Recorder{}
	n := 0
	set.Matcher().Tree(p.tree, &query.Context{Facts: p.facts, Budget: query.NewBudget(nil)}, func(int, *query.Match) { n++ })
	p.facts.Recorder.Take()
	return n
}

// rowsOf is the number of nodes of a text.
func rowsOf(t testing.TB, content []byte) int {
	t.Helper()
	n := 1
	parse(t, "src/x.rs", content, nil, syntax.Options{}).tree.Root().Descendants(func(tree.Node) bool { n++; return true })
	return n
}

// TestBrokenCode cuts files off anywhere: no predicate minds.
func TestBrokenCode(t *testing.T) {
	set := everything(t)
	for _, src := range sources(t) {
		for i := 1; i <= 12; i++ {
			askEverything(t, set, src[:len(src)*i/12])
			askEverything(t, set, src[len(src)*i/13:])
		}
	}
}

// maxRatio is how many times as long as a row of ordinary code, with all that is asked
// about it, a row of hostile code may take. Looks of one predicate at another row are
// bounded by numbers between ten and a thousand; what is not bounded, or grows with
// the number of ways through the code, takes millions of times as long.
const maxRatio = 200

// TestHostileCode is nested and repeated beyond reason; a look-up stays short. The
// bound is a ratio within one run: what slows the machine slows both.
func TestHostileCode(t *testing.T) {
	const n = 1500
	set := everything(t)
	took := func(src []byte) time.Duration {
		start := time.Now()
		askEverything(t, set, src)
		return time.Since(start)
	}
	var rows int
	var ordinary time.Duration
	for _, src := range sources(t) {
		rows += rowsOf(t, src)
		ordinary += took(src)
	}
	// Every module has two imports of the same name, each leading to two more.
	var branching strings.Builder
	for i := range 40 {
		fmt.Fprintf(&branching, "mod m%d { #[cfg(a)] pub use super::m%d::X; #[cfg(b)] pub use super::m%d::X; pub use super::m%d::*; }\n", i, i+1, i+1, i+1)
	}
	for name, src := range map[string]string{
		"branching imports": branching.String() + "fn f() { m0::X; m0::Y; }",
		"long path":         "use " + strings.Repeat("a::", n) + "b;\nfn f() { " + strings.Repeat("a::", n) + "b(); b() }",
		"deep list":         "use " + strings.Repeat("a::{", n) + "b" + strings.Repeat("}", n) + ";",
		"deep call":         "fn f() { " + strings.Repeat("f(", n) + strings.Repeat(")", n) + " }",
		"deep unsafe":       "fn f() { " + strings.Repeat("unsafe {", n) + strings.Repeat("}", n) + " }",
		"deep modules":      strings.Repeat("mod a {", 200) + "use super::*; fn f() { g(b::c) }" + strings.Repeat("}", 200),
		"deep type":         "static X: " + strings.Repeat("&", n) + "u8 = 1; fn f() { X.a() }",
		"long chain":        "fn f() { a" + strings.Repeat(".clone()", n) + " }",
		"many lets":         "fn f() { " + strings.Repeat("let a = a.b; ", n) + " }",
		"alias cycle":       "type A = B; type B = A; static X: A = 1; fn f() { X.a.b; A::c(); }",
		"let cycle":         "fn f() { let a = b; let b = a; let a = b; a.c; }",
		"static cycle":      "static A: S = 1; struct S { a: S } fn f() { A" + strings.Repeat(".a", n) + "; }",
		"many comments":     strings.Repeat("// SAFETY\n", n) + "unsafe fn f() {}",
		"self of self":      "impl Self { fn f() { Self::g() } } struct Self(Self); impl T for <Self as A>::B { fn f(self) { Self::g(); self.0.a } }",
		"nothing":           "",
	} {
		t.Run(name, func(t *testing.T) {
			allowed := maxRatio * ordinary / time.Duration(rows) * time.Duration(rowsOf(t, []byte(src)))
			d := took([]byte(src))
			for try := 0; d > allowed && try < 2; try++ { // the machine may have looked elsewhere
				d = min(d, took([]byte(src)))
			}
			if d > allowed {
				t.Errorf("took %v, want at most %v: %d times what ordinary code of as many rows takes", d, allowed, maxRatio)
			}
		})
	}
}

func FuzzPredicates(f *testing.F) {
	for _, src := range sources(f) {
		f.Add(src)
	}
	set := everything(f)
	f.Fuzz(func(t *testing.T, src []byte) { askEverything(t, set, src) })
}

// BenchmarkPath resolves every path of a file with many scopes.
func BenchmarkPath(b *testing.B) {
	content, err := os.ReadFile("testdata/ordering.txtar")
	if err != nil {
		b.Fatal(err)
	}
	src := txtar.Parse(content).Files[1].Data
	p := parse(b, "src/lib.rs", bytes.Repeat(src, 1), nil, syntax.Options{})
	p.facts.Recorder = &rust.Recorder{}
	m := query.NewSet([]*query.Query{
		compile(b, `((scoped_identifier) @m (#path? @m "std::sync::atomic::Ordering::Relaxed"))`),
		compile(b, `((scoped_identifier) @m (#path? @m "std::mem::transmute"))`),
	}).Matcher()
	nodes := 0
	for n := range p.tree.Root().Descendants {
		if n.Kind() == "scoped_identifier" {
			nodes++
		}
	}
	ctx := &query.Context{Facts: p.facts}
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		m.Tree(p.tree, ctx, func(int, *query.Match) {})
		p.facts.Recorder.Take()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(nodes), "ns/path")
}

// BenchmarkSummarize makes the summaries and the Context of a file.
func BenchmarkSummarize(b *testing.B) {
	src := bytes.Join(sources(b), []byte("\n"))
	t, err := syntax.Bytes(syntax.Rust(), src, syntax.Options{})
	if err != nil {
		b.Fatal(err)
	}
	g := rust.NewGrammar(syntax.Rust().Tree)
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for range b.N {
		ctx := rust.NewContext(g)
		ctx.Update(nil, placed(g, t))
	}
}

// BenchmarkSummarizeUnit is the cost of an edit: one function's summary.
func BenchmarkSummarizeUnit(b *testing.B) {
	src := "fn f() {\n" + strings.Repeat("    let x = self.head.load(Ordering::Relaxed);\n", 50) + "}\n"
	t, err := syntax.Bytes(syntax.Rust(), []byte(src), syntax.Options{})
	if err != nil {
		b.Fatal(err)
	}
	g := rust.NewGrammar(syntax.Rust().Tree)
	var f *tree.Frame
	t.Frames(func(fr *tree.Frame) bool { f = fr; return true })
	b.ReportAllocs()
	for range b.N {
		g.Summarize(f)
	}
}
