package syntax_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"lectern/analysis/query"
	"lectern/analysis/syntax"
)

// TestDifferences names everything in which Lectern's matcher differs from
// tree-sitter's on purpose: what each of the two captures. The captures are
// written as their texts.
func TestDifferences(t *testing.T) {
	for _, c := range []struct {
		name, source, query string
		ours, oracle        []string
	}{
		{
			name:   "an anchor behind a node without captures holds at every such node",
			source: "fn f() { let a; g(); let b; h(); 1 }",
			query:  "(block (let_declaration) . (expression_statement) @s . (integer_literal))",
			ours:   []string{"h();"},
		},
		{
			name:   "a wildcard with children and without captures is tried at every node",
			source: "fn f() { g(h(1)); }",
			query:  `((call_expression (_ ")")) @c)`,
			ours:   []string{"g(h(1))", "h(1)"},
		},
		{
			name:   "an anchor behind an alternation holds for each branch",
			source: "fn f() { g(); let a; } fn h() { let a; g(); }",
			query:  "(block [(let_declaration) @x (expression_statement) @x] .)",
			ours:   []string{"g();", "let a;"},
			oracle: []string{"g();", "g();", "let a;"},
		},
		{
			name:   "an anchor behind a group holds for its last node",
			source: "fn f() { let a; g(); 1 } fn h() { let b; g(); }",
			query:  "(block ((let_declaration) @x (expression_statement)) .)",
			ours:   []string{"let b;"},
		},
		{
			name:   "an anchor at the end of a group at the top holds",
			source: "fn f() { let a; g(); } fn h() { let b; }",
			query:  "((let_declaration) @x .)",
			ours:   []string{"let b;"},
			oracle: []string{"let a;", "let b;"},
		},
		{
			name:   "an anchor before the first child of a wildcard root holds",
			source: "fn f() { 1; } fn g(a: u8) {}",
			query:  "(_ . (parameter) @x)\n(_ . (integer_literal) @x)\n(_ . (block) @x)",
			ours:   []string{"1", "a: u8"},
			oracle: []string{"1", "a: u8", "{ 1; }", "{}"},
		},
		{
			name:   "a field ruled out of a wildcard root holds",
			source: "fn f() -> u8 { 1 } fn g() {}",
			query:  "(_ !return_type (block) @x)",
			ours:   []string{"{}"},
			oracle: []string{"{ 1 }", "{}"},
		},
		{
			name:   "a supertype at the root with a child holds",
			source: "fn f() { g(1) }",
			query:  "(_pattern (arguments) @x)\n(_expression (arguments) @x)",
			ours:   []string{"(1)"},
			oracle: []string{"(1)", "(1)"},
		},
		{
			name:   "an alternation in an alternation keeps its branches",
			source: "fn f() { 1; 'c'; true }",
			query:  "[[(integer_literal) (char_literal)] (boolean_literal)] @x",
			ours:   []string{"'c'", "1", "true"},
			oracle: []string{"1", "true"},
		},
		{
			name:   "a repeated branch does not run over into the next",
			source: "fn f() { let a; g(); }",
			query:  "(block [(let_declaration)+ (expression_statement)] @x)",
			ours:   []string{"g();", "let a;"},
			oracle: []string{"let a; g();"},
		},
		{
			name:   "a node may have more than three captures",
			source: "const C: u8 = 1;",
			query:  "(integer_literal) @a @b @c @d",
			ours:   []string{"1 1 1 1"},
			oracle: []string{"1 1 1"},
		},
		{
			name:   "a name may be an expression in one place and a pattern in another",
			source: "fn f() { let a = b; }",
			query:  "(let_declaration (_pattern) @x)",
			ours:   []string{"a", "b"}, // rows do not keep what the parser took a name for
			oracle: []string{"a"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			tr, err := syntax.Bytes(syntax.Rust(), []byte(c.source), plain)
			if err != nil {
				t.Fatal(err)
			}
			texts := func(matches []string) []string { return spell(t, c.source, matches) }
			got, _ := ours(t, c.query, tr, 0)
			if got := texts(got); !slices.Equal(got, c.ours) {
				t.Errorf("Lectern: got %q, want %q", got, c.ours)
			}
			if got := texts(oracle(t, c.query, []byte(c.source))); !slices.Equal(got, c.oracle) {
				t.Errorf("tree-sitter: got %q, want %q", got, c.oracle)
			}
		})
	}
}

// spell replaces captures by their texts.
func spell(t *testing.T, source string, matches []string) []string {
	t.Helper()
	var all []string
	for _, m := range matches {
		var words []string
		for _, w := range strings.Fields(m)[1:] {
			at := w[strings.LastIndexByte(w, '[')+1 : len(w)-1]
			var start, end int
			if _, err := sscan(at, &start, &end); err != nil {
				t.Fatalf("%q: %v", w, err)
			}
			words = append(words, source[start:end])
		}
		all = append(all, strings.Join(words, " "))
	}
	slices.Sort(all)
	return all
}

// TestOnlyHere lists queries that tree-sitter rejects and Lectern takes, and
// those with which it is the other way round.
func TestOnlyHere(t *testing.T) {
	takes := func(text string) bool {
		_, errs := query.Compile(text, syntax.Rust().Tree, core, nil)
		return len(errs) == 0
	}
	oracleTakes := func(text string) bool {
		var rejected *syntax.OracleError
		return !errors.As(syntax.OracleCompile(syntax.Rust(), text), &rejected)
	}
	for _, c := range []struct {
		query        string
		ours, oracle bool
	}{
		{"(MISSING) @x", true, false},
		{`(MISSING ";") @x`, true, false},
		{"(MISSING identifier) @x", true, false},
		{"((identifier) @x (#eq? @y \"a\") (type_identifier) @y)", true, false}, // @y is named before it is captured
		{"(identifier)? @x", false, true},                                       // can match nothing
		{"(identifier) @x (#eq? @x \"a\")", false, true},                        // the predicate belongs to no pattern
		{"(integer_literal (identifier))", true, false},                         // impossible: only the grammar's tables tell
	} {
		if got := takes(c.query); got != c.ours {
			t.Errorf("Lectern takes %s: got %v, want %v", c.query, got, c.ours)
		}
		if got := oracleTakes(c.query); got != c.oracle {
			t.Errorf("tree-sitter takes %s: got %v, want %v", c.query, got, c.oracle)
		}
	}
}
