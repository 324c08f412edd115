package query_test

import (
	"strings"
	"testing"

	"lectern/analysis/query"
	"lectern/analysis/syntax"
)

func TestRelations(t *testing.T) {
	const spin = `fn f() { loop { if x.load() { std::hint::spin_loop(); } } loop { y(); } while z.load() {} }`
	patterns := map[string]string{
		"loop":      "[(loop_expression) (while_expression)]",
		"spin-hint": `((call_expression function: (scoped_identifier name: (identifier) @_name)) (#eq? @_name "spin_loop"))`,
		"load":      `((call_expression function: (field_expression value: (_) @atomic field: (field_identifier) @_m)) (#eq? @_m "load"))`,
		"store":     `((call_expression function: (field_expression value: (_) @atomic field: (field_identifier) @_m) arguments: (arguments (_) @value)) @store (#eq? @_m "store"))`,
		// The node meant is the method, not the impl.
		"alloc-method": `((impl_item trait: (type_identifier) @_t body: (declaration_list (function_item name: (identifier) @method) @here)) (#eq? @_t "GlobalAlloc"))`,
		"let-then-if":  `((let_declaration) @here . (expression_statement (if_expression)))`,
		"in-loop":      `((call_expression) @call (#inside? @call loop))`,
		"call":         "(call_expression function: (identifier) @callee) @call",
		"number":       "(integer_literal) @number",
	}
	const call = `((call_expression function: (identifier) @f) `
	cases(t, []matching{
		{name: "inside", source: "fn f() { a(); loop { b(); while c() { d(); } } }", patterns: patterns,
			query: call + `@c (#inside? @c loop))`, want: []string{"c=b() f=b", "c=c() f=c", "c=d() f=d"}},
		{name: "not inside", source: "fn f() { a(); loop { b(); } }", patterns: patterns,
			query: call + `@c (#not-inside? @c loop))`, want: []string{"c=a() f=a"}},
		{name: "a node is not inside itself", source: "fn f() { loop {} }", patterns: patterns,
			query: `((loop_expression) @l (#inside? @l loop))`, want: nil},
		{name: "has", source: spin, patterns: patterns,
			query: `((loop_expression) @l (#has? @l spin-hint))`, want: []string{"l=loop { if x.load() { std::hint::spin_loop(); } }"}},
		{name: "not has", source: spin, patterns: patterns,
			query: `([(loop_expression) (while_expression)] @l (#has? @l load) (#not-has? @l spin-hint))`,
			want:  []string{"l=while z.load() {} atomic=z"}},
		{name: "here", source: "impl GlobalAlloc for A { fn alloc() { p(); } } impl Other for A { fn alloc() { q(); } } fn f() { r(); }", patterns: patterns,
			query: call + `(#inside? @f alloc-method))`, want: []string{"f=p method=alloc"}},
		{name: "here, absent", source: "impl GlobalAlloc for A { fn alloc() { p(); } } impl Other for A { fn alloc() { q(); } }", patterns: patterns,
			query: call + `(#not-inside? @f alloc-method))`, want: []string{"f=q"}},
		{name: "here among siblings", source: "fn f() { let a = x(); if b {} let c = y(); z(); }", patterns: patterns,
			query: call + `(#inside? @f let-then-if))`, want: []string{"f=x"}},
		{name: "precedes", source: "fn f() { a.load(); b(); a.store(1); }", patterns: patterns,
			query: call + `(#precedes? @f store))`, want: []string{"f=b store=a.store(1) atomic=a value=1"}},
		{name: "follows", source: "fn f() { a.load(); b(); a.store(1); }", patterns: patterns,
			query: call + `(#follows? @f load))`, want: []string{"f=b atomic=a"}},
		{name: "joined", source: "fn f() { a.load(); b.store(1); c.load(); c.store(2); }", patterns: patterns,
			query: `((call_expression function: (field_expression value: (_) @atomic field: (_) @m)) @load (#eq? @m "load") (#precedes? @load store))`,
			want:  []string{"load=c.load() atomic=c m=load store=c.store(2) value=2"}},
		{name: "joined, absent", source: "fn f() { a.load(); b.store(1); c.load(); c.store(2); }", patterns: patterns,
			query: `((call_expression function: (field_expression value: (_) @atomic field: (_) @m)) @load (#eq? @m "load") (#not-precedes? @load store))`,
			want:  []string{"load=a.load() atomic=a m=load"}},
		{name: "two relations join with each other", source: "fn f() { loop { a.load(); b.store(1); } loop { a.load(); c.load(); c.store(2); } }", patterns: patterns,
			query: `((loop_expression) @l (#has? @l load) (#has? @l store))`,
			want:  []string{"l=loop { a.load(); c.load(); c.store(2); } atomic=c store=c.store(2) value=2"}},
		{name: "a predicate may ask for what a relation adds", source: "fn f() { loop { a.store(1); a.store(2); } }", patterns: patterns,
			query: `((loop_expression) @l (#has? @l store) (#eq? @value "2"))`,
			want:  []string{"l=loop { a.store(1); a.store(2); } store=a.store(2) atomic=a value=2"}},
		{name: "a pattern with a relation", source: "fn f() { a(); loop { b(); } }", patterns: patterns,
			query: `((function_item name: (_) @n) (#has? @n in-loop))`, want: nil},
		{name: "a pattern with a relation, found", source: "fn f() { a(); loop { b(); } }", patterns: patterns,
			query: `((function_item name: (_) @n) @f (#has? @f in-loop))`, want: []string{"f=fn f() { a(); loop { b(); } } n=f call=b()"}},
		{name: "the nearest one later", source: "fn f() { a(1, 2); 3; 4 }", patterns: patterns,
			query: `((call_expression) @c (#precedes? @c number))`, want: []string{"c=a(1, 2) number=3"}},
		{name: "the nearest one earlier", source: "fn f() { 1; 2; b(3); 4 }", patterns: patterns,
			query: `((call_expression) @c (#follows? @c number))`, want: []string{"c=b(3) number=2"}},
		{name: "later in the same statement", source: "fn f() { a() + 1; }", patterns: patterns,
			query: call + `(#precedes? @f number))`, want: []string{"f=a number=1"}},
		{name: "only the same block", source: "fn f() { { a(); } 1; if b() { 2; } c(); }", patterns: patterns,
			query: call + `@c (#precedes? @c number))`, want: []string{"c=b() f=b number=2"}},
		{name: "inside later statements too", source: "fn f() { a(); if x { y(1); } }", patterns: patterns,
			query: `((call_expression function: (identifier) @f) (#eq? @f "a") (#precedes? @f number))`, want: []string{"f=a number=1"}},
		{name: "across a macro's border", source: "fn f() { loop { assert!(a()); } }", patterns: patterns,
			query: call + `(#inside? @f loop))`, want: []string{"f=a"}},
		{name: "private captures stay", source: spin, patterns: patterns,
			query: `((if_expression) @i (#has? @i spin-hint))`, want: []string{"i=if x.load() { std::hint::spin_loop(); }"}},
	})
}

// TestRelationErrors sees patterns that cannot be used.
func TestRelationErrors(t *testing.T) {
	patterns := named(t, map[string]string{
		"self":   "((block) @b (#has? @b self))",
		"ping":   "((block) @b (#has? @b pong))",
		"pong":   "((block) @b (#has? @b ping))",
		"broken": "(blok)",
	})
	for _, name := range []string{"self", "ping", "broken", "nothing"} {
		_, errs := query.Compile("((block) @b (#has? @b "+name+"))", syntax.Rust().Tree, registry, patterns)
		if len(errs) != 1 || !strings.Contains(errs[0].Message, "no pattern is called "+name) {
			t.Errorf("%s: got %v", name, errs)
		}
	}
}

// TestRelationCaptures tells a query's own captures from those that relations add.
func TestRelationCaptures(t *testing.T) {
	q, errs := query.Compile("((block) @b (#has? @b p) (#not-has? @b n) (#eq? @x \"1\"))", syntax.Rust().Tree, registry, named(t, map[string]string{
		"p": "(call_expression (identifier) @x (arguments (_) @_y) @here) @b",
		"n": "(integer_literal) @never",
	}))
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	if got := strings.Join(q.Captures(), " "); got != "b" {
		t.Errorf("own captures: got %q, want b", got)
	}
	if got := strings.Join(q.AllCaptures(), " "); got != "b x" {
		t.Errorf("all captures: got %q, want b x", got)
	}
}

// TestRelationBudget bounds relations too.
func TestRelationBudget(t *testing.T) {
	source := "fn f() { " + strings.Repeat("a(); ", 3000) + "1 }"
	tr, err := syntax.Bytes(syntax.Rust(), []byte(source), syntax.Options{})
	if err != nil {
		t.Fatal(err)
	}
	q, errs := query.Compile("((call_expression) @c (#not-precedes? @c number))", syntax.Rust().Tree, registry,
		named(t, map[string]string{"number": "(integer_literal)"}))
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	spent := 0
	ctx := &query.Context{Budget: query.NewBudget(func(int) { spent++ })}
	query.NewSet([]*query.Query{q}).Matcher().Tree(tr, ctx, func(_ int, m *query.Match) {
		n, _ := m.Node(0)
		t.Errorf("at %d no number was found later, though there is one", n.Start())
	})
	if spent != 1 {
		t.Errorf("reported %d times, want once", spent)
	}
}
