package query_test

import (
	"testing"

	"lectern/analysis/query"
)

func TestCorePredicates(t *testing.T) {
	const calls = "fn f() { a(b); a(a); c(b); }"
	const call = "((call_expression function: (identifier) @f arguments: (arguments (identifier) @x)) "
	const names = "// one\n// two\n// one\nstruct A;\n// one\n// one\nstruct B;"
	const comments = "((line_comment)+ @c . (struct_item name: (_) @s) "
	cases(t, []matching{
		{source: calls, query: call + `(#eq? @f "a"))`, want: []string{"f=a x=b", "f=a x=a"}},
		{source: calls, query: call + `(#not-eq? @f "a"))`, want: []string{"f=c x=b"}},
		{source: calls, query: call + `(#eq? @f @x))`, want: []string{"f=a x=a"}},
		{source: calls, query: call + `(#not-eq? @f @x))`, want: []string{"f=a x=b", "f=c x=b"}},
		{source: calls, query: call + `(#any-of? @f "c" "d"))`, want: []string{"f=c x=b"}},
		{source: calls, query: call + `(#not-any-of? @f "c" "d"))`, want: []string{"f=a x=b", "f=a x=a"}},
		{source: calls, query: call + `(#match? @f "^[a-b]$") (#match? @x "b"))`, want: []string{"f=a x=b"}},
		{source: calls, query: call + `(#not-match? @x "b"))`, want: []string{"f=a x=a"}},
		{source: "fn abc() { abd(); }", query: `((identifier) @x (#contains? @x "a" "c"))`, want: []string{"x=abc"}},
		{source: "fn abc() { abd(); }", query: `((identifier) @x (#not-contains? @x "c"))`, want: []string{"x=abd"}},
		// Several nodes of one capture: the plain forms want all, the any- forms one.
		{source: names, query: comments + `(#match? @c "one"))`, want: []string{"c=// one c=// one s=B"}},
		{source: names, query: comments + `(#any-match? @c "two"))`, want: []string{"c=// one c=// two c=// one s=A"}},
		{source: names, query: comments + `(#not-match? @c "two"))`, want: []string{"c=// one c=// one s=B"}},
		{source: names, query: comments + `(#any-not-match? @c "one"))`, want: []string{"c=// one c=// two c=// one s=A"}},
		{source: names, query: comments + `(#not-any-match? @c "two"))`, want: []string{"c=// one c=// one s=B"}},
		{source: "enum E { A, B, A }", query: `((enum_item body: (enum_variant_list (enum_variant name: (_) @v)* @w)) (#any-eq? @w "B"))`, want: nil},
		// A capture that matched nothing satisfies every predicate.
		{source: "pub fn f() {} fn g() {}", query: `((function_item (visibility_modifier)? @v name: (_) @n) (#eq? @v "x"))`, want: []string{"n=g"}},
		{source: "pub fn f() {} fn g() {}", query: `((function_item (visibility_modifier)? @v name: (_) @n) (#not-eq? @v "pub"))`, want: []string{"n=g"}},
		{source: "pub fn f() {} fn g() {}", query: `((function_item (visibility_modifier)? @v name: (_) @n) (#contains? @v "x"))`, want: []string{"n=g"}},
		{source: "pub fn f() {} fn g() {}", query: `((function_item (visibility_modifier)? @v name: (_) @n) (#not-contains? @v "pub"))`, want: []string{"n=g"}},
		// Around.
		{source: "fn f() { loop { a(); } b(); }", query: `((call_expression) @c (#has-ancestor? @c loop_expression))`, want: []string{"c=a()"}},
		{source: "fn f() { loop { a(); } b(); }", query: `((call_expression) @c (#not-has-ancestor? @c loop_expression while_expression))`, want: []string{"c=b()"}},
		{source: "fn f() { a(b()); c(); }", query: `((call_expression) @c (#has-parent? @c arguments))`, want: []string{"c=b()"}},
		{source: "fn f() { a(b()); c(); }", query: `((call_expression) @c (#not-has-parent? @c arguments))`, want: []string{"c=a(b())", "c=c()"}},
		// A predicate belongs to the pattern, wherever it is written in it.
		{source: calls, query: `(call_expression function: (identifier) @f (#eq? @f "c"))`, want: []string{"f=c"}},
	})
}

// TestPairs compares captures with each other, node by node.
func TestPairs(t *testing.T) {
	cases(t, []matching{
		{source: "fn f(a: A, b: B) { } fn g(a: A) { }", query: `((function_item parameters: (parameters . (parameter pattern: (_) @p type: (_) @t)+ )) (#not-eq? @p @t))`, want: []string{"p=a t=A", "p=a t=A"}},
		{source: "use a::{a, b}; use c::{a, b};", query: `((use_declaration argument: (scoped_use_list path: (_) @p list: (use_list (identifier) @n))) (#eq? @p @n))`, want: []string{"p=a n=a"}},
	})
}

// TestEntries reads the reference.
func TestEntries(t *testing.T) {
	own := query.Predicate{Name: "short?", Args: "@a", Doc: "true when short", Source: "Lectern"}
	r := query.NewRegistry(append(query.Core(), own)...)
	seen := map[string]query.Entry{}
	for _, e := range r.Entries() {
		if e.Doc == "" || e.Args == "" || e.Source == "" {
			t.Errorf("%s is not described: %+v", e.Name, e)
		}
		if seen[e.Name].Name != "" {
			t.Errorf("%s stands there twice", e.Name)
		}
		seen[e.Name] = e
	}
	for name, not := range map[string]string{
		"eq?": "not-eq?", "any-eq?": "not-any-eq?", "match?": "not-match?", "any-match?": "not-any-match?",
		"any-of?": "not-any-of?", "contains?": "not-contains?", "has-parent?": "not-has-parent?",
		"has-ancestor?": "not-has-ancestor?", "inside?": "not-inside?", "has?": "not-has?",
		"precedes?": "not-precedes?", "follows?": "not-follows?", "set!": "", "short?": "not-short?",
	} {
		if e, ok := seen[name]; !ok || e.Not != not {
			t.Errorf("%s: got the opposite %q, want %q", name, e.Not, not)
		}
	}
	if _, ok := seen["not-eq?"]; ok {
		t.Error("not-eq? has an entry beside eq?")
	}
}
