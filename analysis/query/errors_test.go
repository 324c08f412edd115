package query_test

import (
	"strings"
	"testing"

	"lectern/analysis/query"
	"lectern/analysis/syntax"
)

// TestErrors reads what is said of broken queries. In each, the place of the
// mistake stands between two bars.
func TestErrors(t *testing.T) {
	for _, c := range []struct{ query, message, help string }{
		// Names.
		{"(|identifer|) @x", `rust has no node "identifer"`, "did you mean (identifier)?"},
		{"(|unsafe|) @x", `rust has no node "unsafe"`, `the token is written "unsafe"`},
		{`|"identifier"| @x`, `rust has no token "identifier"`, "a named node is written (identifier)"},
		{`|"unsaf"| @x`, `rust has no token "unsaf"`, `did you mean "unsafe"?`},
		{"(function_item |nam|: (identifier))", `rust has no field "nam"`, "did you mean name?"},
		{"(function_item !|retrun_type|)", `rust has no field "retrun_type"`, "did you mean return_type?"},
		{"(|_expresion|) @x", `rust has no node "_expresion"`, ""},
		{"(_pattern/|loop_expression|)", "loop_expression is never a _pattern", ""},
		{"(MISSING |identifer|)", `rust has no node "identifer"`, "did you mean (identifier)?"},
		{"|identifier| @x", `"identifier" is no pattern`, "a node stands in parentheses: (identifier)"},
		{"(function_item |name| (identifier))", `"name" is no pattern`, "a field is followed by a colon: name: (...)"},
		// Predicates.
		{"((identifier) @x (#|equ?| @x \"a\"))", "no predicate is called #equ?", "did you mean #eq?"},
		{"((identifier) @x (#|eq| @x \"a\"))", "no predicate is called #eq", "did you mean #eq?"},
		{"((identifier) @name (#eq? |@nam| \"a\"))", "the pattern captures no @nam", "did you mean @name?"},
		{"((identifier) @a)\n((line_comment) @b (#eq? |@a| \"x\"))", "the pattern captures no @a", "did you mean @b?"},
		{"((identifier) @x (#eq? |\"x\"| @x))", "#eq?: the first argument is a capture", "write @name"},
		{"((identifier) @x (#|eq?| @x))", "#eq?: wants 2 arguments at least, has 1", ""},
		{"((identifier) @x (#eq? @x \"a\" |\"b\"|))", "#eq?: wants 2 arguments, has 3", "#any-of? takes several texts"},
		{"((identifier) @x (#match? @x |\"(a\"|))", "#match?: error parsing regexp: missing closing ): `(a`", "RE2 has neither look-around nor back references"},
		{"((identifier) @x (#match? @x |\"a(?=b)\"|))", "#match?: error parsing regexp: invalid or unsupported Perl syntax: `(?=`", "RE2 has neither look-around nor back references"},
		{"((identifier) @x (#has-ancestor? @x block |lop_expression|))", `#has-ancestor?: rust has no node "lop_expression"`, "did you mean loop_expression?"},
		{"((identifier) @x (#inside? @x |nothing|))", "no pattern is called nothing", ""},
		{"((identifier) @x (#|inside?| @x))", "#inside? wants a capture and the name of a pattern", "(#inside? @node pattern)"},
		{"|(#eq? @x \"a\")|", "a predicate without a pattern", "put it inside the parentheses of the pattern, behind the last node"},
		{"(identifier) @x |(#eq? @x \"a\")|", "a predicate without a pattern", ""},
		{"[(identifier) |(#eq? @x \"a\")|] @x", "a predicate cannot be a branch", ""},
		{"((identifier) @x |(#|))", "no predicate behind the #", ""},
		// Form.
		{"|(|identifier @x", "\"@\"", ""},
		{"|(|identifier", `this "(" is not closed`, ""},
		{"|[|(identifier)", `this "[" is not closed`, ""},
		{"(block [(identifier)|)|", `")" closes nothing here`, `the "[" before it wants "]"`},
		{"(identifier)|)|", `this ")" closes nothing`, ""},
		{"(identifier) |]| @x", `this "]" closes nothing`, ""},
		{`(block |"|{)`, "this string is not closed", ""},
		{"|[]| @x", "an alternation without a branch", ""},
		{"(block |.|)", "an anchor without a node before or behind it", ""},
		{"(|.| (identifier))", "an anchor cannot begin a group", ""},
		{"[(identifier) |.| (block)]", "an anchor cannot stand in an alternation", ""},
		{"(identifier) |@| x", "a capture needs a name behind the @", ""},
		{"(identifier) |@x?|", `the capture @x? ends in "?"`, "the quantifier goes before the capture: (identifier)? @name"},
		{"|@|x", "a capture without a node", ""},
		{"|*|", "a quantifier without a node", ""},
		{"|$|", `unexpected "$"`, ""},
		{"|(identifier)? @x|", "the pattern can match nothing at all", "leave out the outer `?` or `*`"},
		{"|; only a comment|", "the query has no pattern", ""},
	} {
		before, rest, _ := strings.Cut(c.query, "|")
		inside, after, ok := strings.Cut(rest, "|")
		if !ok {
			t.Fatalf("no bars in %s", c.query)
		}
		text := before + inside + after
		_, errs := query.Compile(text, syntax.Rust().Tree, registry, nil)
		if len(errs) == 0 {
			t.Errorf("%s: no error", text)
			continue
		}
		e := errs[0]
		if c.message == `"@"` { // a name where a parenthesis should close
			c.message, before, inside = "a capture without a node", "(identifier ", "@"
		}
		if e.Message != c.message || c.help != "" && e.Help != c.help {
			t.Errorf("%s\ngot  %s (%s)\nwant %s (%s)", text, e.Message, e.Help, c.message, c.help)
		}
		if e.Offset != len(before) || e.End != len(before)+len(inside) {
			t.Errorf("%s: got the place %d to %d, want %d to %d", text, e.Offset, e.End, len(before), len(before)+len(inside))
		}
	}
}

// TestAllErrors sees that one wrong name does not hide the next.
func TestAllErrors(t *testing.T) {
	_, errs := query.Compile("(identifer) @x\n(block nam: (strng_literal))", syntax.Rust().Tree, registry, nil)
	if len(errs) != 3 {
		t.Errorf("got %d errors, want 3: %v", len(errs), errs)
	}
}

// FuzzCompile sees that no text upsets the compiler, and that what compiles can be
// matched.
func FuzzCompile(f *testing.F) {
	for _, s := range []string{
		"(identifier) @x", `((a) . [(b)? "c" @d]* !e . _)`, "(MISSING \")\") (ERROR)", "(_expression/identifier)+ @a @b",
		`((identifier) @x (#match? @x "^a+$") (#set! k "v"))`, "(a (b (c (d)))) ; e", "((((", "[[[", "!", ".", "@", "\"\\", "(#", "(x y: z)",
		"(block ((let_declaration)? (_)*)+ . [(a)+ (b)?] @x .)",
	} {
		f.Add(s)
	}
	tr, err := syntax.Bytes(syntax.Rust(), []byte("fn f() { let a = 1; // c\n g(a, 2) } struct S(u8); fn h( {"), syntax.Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, errs := query.Compile(text, syntax.Rust().Tree, registry, nil)
		if (q == nil) != (len(errs) > 0) {
			t.Fatalf("query %v with errors %v", q != nil, errs)
		}
		for _, e := range errs {
			if e.Offset < 0 || e.Offset > e.End || e.End > len(text) || e.Message == "" {
				t.Errorf("bad error %+v for %q", e, text)
			}
		}
		if q == nil {
			return
		}
		budget := query.NewBudget(nil)
		budget.Steps = 20_000
		query.NewSet([]*query.Query{q}).Matcher().Tree(tr, &query.Context{Budget: budget}, func(_ int, m *query.Match) {
			for i, name := range q.Captures() {
				least, most := q.Quantity(i)
				n := len(m.Nodes(i))
				if q.Patterns() == 1 && (n < least || most < 2 && n > most) {
					t.Errorf("@%s captured %d times, not %d to %d, by %s", name, n, least, most, text)
				}
			}
		})
	})
}
