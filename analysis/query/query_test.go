package query_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"lectern/analysis/query"
	"lectern/analysis/syntax"
	"lectern/analysis/tree"
)

var registry = query.NewRegistry(query.Core()...)

// named compiles patterns by name as they are asked for, as the engine does.
func named(t testing.TB, sources map[string]string) func(string) (*query.Query, bool) {
	done := map[string]*query.Query{}
	var get func(name string) (*query.Query, bool)
	get = func(name string) (*query.Query, bool) {
		if q, ok := done[name]; ok {
			return q, q != nil
		}
		text, ok := sources[name]
		if !ok {
			return nil, false
		}
		done[name] = nil
		q, errs := query.Compile(text, syntax.Rust().Tree, registry, get)
		if len(errs) > 0 {
			t.Logf("pattern %s: %v", name, errs)
		}
		done[name] = q
		return q, q != nil
	}
	return get
}

// find gives the matches of a query as strings such as "a=x b=y", in the order in
// which they are found. Long texts are cut to their first line.
func find(t testing.TB, source, text string, patterns map[string]string) []string {
	t.Helper()
	q, errs := query.Compile(text, syntax.Rust().Tree, registry, named(t, patterns))
	if len(errs) > 0 {
		t.Fatalf("%v\n%s", errs, text)
	}
	tr, err := syntax.Bytes(syntax.Rust(), []byte(source), syntax.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	query.NewSet([]*query.Query{q}).Matcher().Tree(tr, nil, func(_ int, m *query.Match) {
		var words []string
		m.Each(func(name string, n tree.Node) bool {
			line, _, _ := strings.Cut(string(n.Text()), "\n")
			words = append(words, name+"="+line)
			return true
		})
		found = append(found, strings.Join(words, " "))
	})
	return found
}

// cases runs queries over sources.
func cases(t *testing.T, all []matching) {
	t.Helper()
	for _, c := range all {
		name := c.name
		if name == "" {
			name = c.query
		}
		t.Run(name, func(t *testing.T) {
			if got := find(t, c.source, c.query, c.patterns); !slices.Equal(got, c.want) {
				t.Errorf("%s\nin %s\ngot  %q\nwant %q", c.query, c.source, got, c.want)
			}
		})
	}
}

type matching struct {
	name, source, query string
	patterns            map[string]string
	want                []string
}

func TestNodes(t *testing.T) {
	const calls = "fn f() { a(1); b(2, x); c(); }"
	cases(t, []matching{
		{source: calls, query: "(integer_literal) @n", want: []string{"n=1", "n=2"}},
		{source: calls, query: `"," @comma`, want: []string{"comma=,"}},
		{source: calls, query: "(arguments (integer_literal) @n (identifier) @i)", want: []string{"n=2 i=x"}},
		{source: calls, query: "(arguments (_) @x)", want: []string{"x=1", "x=2", "x=x"}},
		{source: calls, query: "(arguments _ @x \")\")", want: []string{"x=(", "x=1", "x=(", "x=2", "x=,", "x=x", "x=("}},
		{source: calls, query: "(call_expression function: (identifier) @f arguments: (arguments (identifier)))", want: []string{"f=b"}},
		{source: calls, query: "(_ function: (identifier) @f)", want: []string{"f=a", "f=b", "f=c"}},
		{source: "fn f() -> u8 {} fn g() {}", query: "(function_item !return_type name: (_) @n)", want: []string{"n=g"}},
		{source: "fn f<T>() -> u8 {} fn g() {} fn h<T>() {}", query: "(function_item !return_type !type_parameters name: (_) @n)", want: []string{"n=g"}},
		{source: calls, query: "(identifier) @a @b\n(integer_literal) @c", want: []string{
			"a=f b=f", "a=a b=a", "c=1", "a=b b=b", "c=2", "a=x b=x", "a=c b=c"}},
		{source: "fn f() { let x = ; }", query: "(ERROR) @e", want: []string{"e=="}},
		{source: "fn f() { match x { 1 => 2, } }", query: "(_expression/match_expression) @m", want: []string{"m=match x { 1 => 2, }"}},
	})
	// What error recovery makes up has no text of its own.
	if got := find(t, "fn f() { a(1; }", `(call_expression (arguments (MISSING ")") @m)) @c`, nil); !slices.Equal(got, []string{"c=a(1 m="}) {
		t.Errorf("a missing parenthesis: got %q", got)
	}
	for _, q := range []string{"(MISSING) @m", "(arguments (MISSING) @m)"} {
		if got := find(t, "fn f() { a(1; }", q, nil); !slices.Equal(got, []string{"m="}) {
			t.Errorf("%s: got %q", q, got)
		}
	}
	if got := find(t, "fn f() { a(1; }", `(MISSING ";") @m`, nil); got != nil {
		t.Errorf("another missing token: got %q", got)
	}
}

func TestAnchors(t *testing.T) {
	const block = "fn f() { let a; let b; g(); /* c */ h(); }"
	cases(t, []matching{
		{source: block, query: "(block . (let_declaration) @x)", want: []string{"x=let a;"}},
		{source: block, query: "(block (expression_statement) @x .)", want: []string{"x=h();"}},
		{source: block, query: "(block (let_declaration) @x . (expression_statement) @y)", want: []string{"x=let b; y=g();"}},
		{source: block, query: "(block (expression_statement) @x . (expression_statement) @y)", want: nil},
		{source: block, query: "(block (block_comment) @x . (expression_statement) @y .)", want: []string{"x=/* c */ y=h();"}},
		{source: "fn f(a: A, b: B, c: C) {}", query: "(parameters (_) @x . (_) @y)", want: []string{"x=a: A y=b: B", "x=b: B y=c: C"}},
		{source: "fn f(a: A, b: B) {}", query: `(parameters (_) @x . "," @c . (_) @y)`, want: []string{"x=a: A c=, y=b: B"}},
		{source: "fn f(a: A, b: B) {}", query: `(parameters . (_) @only .)`, want: nil},
		{source: "fn f(a: A) {}", query: `(parameters . (_) @only .)`, want: []string{"only=a: A"}},
		{source: "#[a] #[b] struct S; #[c] fn f() {}", query: "((attribute_item) @a . (struct_item) @s)", want: []string{"a=#[b] s=struct S;"}},
		{source: "use a; use b; fn f() {} use c;", query: "((use_declaration) @a . (use_declaration) @b)", want: []string{"a=use a; b=use b;"}},
	})
}

func TestQuantifiers(t *testing.T) {
	const vis = "pub fn f() {} fn g() {}"
	cases(t, []matching{
		{source: vis, query: "(function_item (visibility_modifier)? @v name: (_) @n)", want: []string{"v=pub n=f", "n=g"}},
		// The commas end the run, and the state that waited for a later one has been
		// dropped for the longer one by then: so it is in tree-sitter.
		{source: "fn f() { a(x, y, z) }", query: "(arguments (identifier)+ @i)", want: []string{"i=x"}},
		{source: "struct S; // a\n// b\n// c\nstruct T;", query: "(line_comment)+ @c", want: []string{"c=// a c=// b c=// c"}},
		{source: "fn f() { let a; let b; g(); }", query: "(block . (let_declaration)* @l . (expression_statement) @e)", want: []string{"l=let a; l=let b; e=g();"}},
		{source: "fn f() { g(); }", query: "(block . (let_declaration)* @l . (expression_statement) @e)", want: []string{"e=g();"}},
		{source: "#[a] #[b] fn f() {} fn g() {}", query: "((attribute_item)* @a . (function_item name: (_) @n))", want: []string{"a=#[a] a=#[b] n=f", "n=g"}},
		{source: "fn f() { a(1, x, 2, y) }", query: `(arguments ((integer_literal) @n . "," . (identifier) @i . ","? )+)`, want: []string{"n=1 i=x n=2 i=y"}},
	})
}

func TestAlternations(t *testing.T) {
	const items = "struct A; enum B {} fn c() {}"
	cases(t, []matching{
		{source: items, query: "[(struct_item name: (_) @s) (enum_item name: (_) @e)] @item", want: []string{"item=struct A; s=A", "item=enum B {} e=B"}},
		{source: "fn f() { 1 + 2 - 3 * 4 }", query: `["+" "*"] @op`, want: []string{"op=+", "op=*"}},
		{source: "fn f() { g(1, 'c', x) }", query: "(arguments [(integer_literal) (char_literal)] @l)", want: []string{"l=1", "l='c'"}},
		{source: "fn f() { g(1); x.h(2); y::i(3); }", query: "(call_expression function: [(identifier) @f (field_expression field: (_) @m) (scoped_identifier name: (_) @p)])", want: []string{"f=g", "m=h", "p=i"}},
		{source: "fn f() { let a; g(); 1 }", query: "(block [(let_declaration) (expression_statement)]+ @x)", want: []string{"x=let a; x=g();"}},
		{source: items, query: "[[(struct_item) (enum_item)] (function_item)] @x", want: []string{"x=struct A;", "x=enum B {}", "x=fn c() {}"}},
	})
}

// TestProperties reads back what directives say.
func TestProperties(t *testing.T) {
	q, errs := query.Compile(`((identifier) @x (#set! "key" value) (#set! @x k) (#is? local) (#is-not? @x a b))
(line_comment) @c`, syntax.Rust().Tree, registry, nil)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	got := fmt.Sprint(q.Properties(0))
	if want := "[{set! -1 key value} {set! 0 k } {is? -1 local } {is-not? 0 a b}]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if q.Properties(1) != nil || q.Properties(2) != nil {
		t.Error("properties where none are written")
	}
}

// TestQuantity tells how often captures occur.
func TestQuantity(t *testing.T) {
	for _, c := range []struct {
		query    string
		min, max int
	}{
		{"(identifier) @x", 1, 1},
		{"(block (identifier)? @x)", 0, 1},
		{"(block (identifier)* @x)", 0, 2},
		{"(block (identifier)+ @x)", 1, 2},
		{"[(identifier) @x (line_comment)]", 0, 1},
		{"[(identifier) @x (line_comment) @x]", 1, 1},
		{"(block (let_declaration (identifier) @x)+)", 1, 2},
		{"(block (identifier) @x (identifier) @x)", 2, 2},
		{"(identifier) @x\n(line_comment) @y", 0, 1},
		{"((let_declaration)? (identifier) @x)", 1, 1},
	} {
		q, errs := query.Compile(c.query, syntax.Rust().Tree, registry, nil)
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		if least, most := q.Quantity(0); least != c.min || most != c.max {
			t.Errorf("%s: got %d to %d, want %d to %d", c.query, least, most, c.min, c.max)
		}
	}
}

// TestBudget sees a query that takes too long give up, alone and once.
func TestBudget(t *testing.T) {
	source := "fn f() { " + strings.Repeat("g(); ", 400) + "}"
	tr, err := syntax.Bytes(syntax.Rust(), []byte(source), syntax.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var queries []*query.Query
	for _, text := range []string{
		"(block (_) @a (_) @b (_) @c (_) @d (_) @e (_) @f (_) @g (_) @h)",
		"(call_expression) @c",
	} {
		q, errs := query.Compile(text, syntax.Rust().Tree, registry, nil)
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		queries = append(queries, q)
	}
	var spent []int
	found := map[int]int{}
	m := query.NewSet(queries).Matcher()
	ctx := &query.Context{Budget: query.NewBudget(func(q int) { spent = append(spent, q) })}
	for range 2 {
		m.Tree(tr, ctx, func(q int, _ *query.Match) { found[q]++ })
	}
	if !slices.Equal(spent, []int{0}) {
		t.Errorf("spent: got %v, want query 0 in the first call, and off in the second", spent)
	}
	if found[1] != 800 {
		t.Errorf("the other query: got %d matches, want 400 in each of two calls", found[1])
	}
}

// TestNoMatchDoesNotAllocate keeps the common path free of garbage.
func TestNoMatchDoesNotAllocate(t *testing.T) {
	tr, err := syntax.Bytes(syntax.Rust(), []byte("fn f() { g(1); h(x, 2); let a = 3; }"), syntax.Options{})
	if err != nil {
		t.Fatal(err)
	}
	q, errs := query.Compile(`((call_expression function: (identifier) @f (arguments (integer_literal) @n)) @c (#eq? @f "nothing") (#match? @n "x"))
(let_declaration pattern: (tuple_pattern) @p)`, syntax.Rust().Tree, registry, nil)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	m := query.NewSet([]*query.Query{q}).Matcher()
	ctx := &query.Context{}
	found := func(int, *query.Match) { t.Error("a match") }
	run := func() { m.Tree(tr, ctx, found) }
	run()
	if n := testing.AllocsPerRun(20, run); n > 0 {
		t.Errorf("got %v allocations for each pass, want none", n)
	}
}
