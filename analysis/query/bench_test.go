package query_test

import (
	"fmt"
	"os"
	"testing"

	"lectern/analysis/query"
	"lectern/analysis/syntax"
	"lectern/analysis/tree"
)

// rules makes n queries of the kinds that courses are made of.
func rules(b *testing.B, n int) *query.Set {
	b.Helper()
	kinds := []string{
		`((macro_invocation macro: (identifier) @m) @hint (#any-of? @m "println%d" "format" "vec"))`,
		`((call_expression function: (field_expression field: (field_identifier) @m) arguments: (arguments (_) @a .)) @hint (#eq? @m "load%d"))`,
		`((call_expression function: (scoped_identifier name: (identifier) @n)) @hint (#match? @n "^transmute%d$"))`,
		`((impl_item trait: (type_identifier) @t body: (declaration_list (function_item name: (identifier) @m) @hint)) (#eq? @t "GlobalAlloc%d"))`,
		`((function_item (function_modifiers "unsafe") name: (identifier) @n body: (block (_) @s)) @hint (#eq? @n "f%d"))`,
		`((static_item (mutable_specifier) name: (identifier) @n) @hint (#eq? @n "COUNT%d"))`,
		`((attribute_item (attribute (identifier) @a)) @hint . (function_item) @f (#eq? @a "interrupt%d"))`,
		`((unsafe_block (block . (expression_statement (call_expression) @c) .)) @hint (#has-ancestor? @c loop_expression) (#contains? @c "x%d"))`,
		`((let_declaration pattern: (identifier) @p value: [(call_expression) (macro_invocation)] @v) @hint (#eq? @p "x%d"))`,
		`((scoped_identifier path: (identifier) @p name: (identifier) @n) @hint (#eq? @p "Ordering%d") (#any-of? @n "Relaxed" "SeqCst"))`,
	}
	var queries []*query.Query
	for i := range n {
		text := fmt.Sprintf(kinds[i%len(kinds)], i)
		q, errs := query.Compile(text, syntax.Rust().Tree, registry, nil)
		if len(errs) > 0 {
			b.Fatalf("%v\n%s", errs, text)
		}
		queries = append(queries, q)
	}
	return query.NewSet(queries)
}

// large is the tree of a file of at least 20,000 lines and its number of rows.
func large(b *testing.B) (*tree.Tree, int) {
	b.Helper()
	one, err := os.ReadFile("../syntax/testdata/conformance/control.rs")
	if err != nil {
		b.Fatal(err)
	}
	items, err := os.ReadFile("../syntax/testdata/conformance/items.rs")
	if err != nil {
		b.Fatal(err)
	}
	var text []byte
	for range 95 {
		text = append(append(text, one...), items...)
	}
	tr, err := syntax.Bytes(syntax.Rust(), text, syntax.Options{})
	if err != nil {
		b.Fatal(err)
	}
	rows := 0
	tr.Frames(func(f *tree.Frame) bool { rows += len(f.Unit.Rows); return true })
	return tr, rows
}

// BenchmarkRules matches rules over a large file: what a cold check costs beside
// parsing, and how that grows with the number of rules.
func BenchmarkRules(b *testing.B) {
	tr, rows := large(b)
	for _, n := range []int{1, 30, 100, 300, 1000} {
		set := rules(b, n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			m := set.Matcher()
			ctx := &query.Context{Budget: query.NewBudget(nil)}
			b.ReportAllocs()
			for b.Loop() {
				m.Tree(tr, ctx, func(int, *query.Match) {})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(rows), "ns/row")
			b.ReportMetric(float64(rows), "rows")
		})
	}
}

// BenchmarkCompile compiles one rule.
func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_, errs := query.Compile(`((impl_item trait: (type_identifier) @t body: (declaration_list (function_item name: (identifier) @m) @hint)) (#eq? @t "GlobalAlloc"))`,
			syntax.Rust().Tree, registry, nil)
		if len(errs) > 0 {
			b.Fatal(errs)
		}
	}
}
