package rust

import (
	"bytes"
	"fmt"
	"strings"

	"lectern/analysis/query"
	"lectern/analysis/tree"
)

// codePredicates ask about the code around a node: attributes, comments,
// modifiers, what is unsafe.
func codePredicates() []query.Predicate {
	return []query.Predicate{
		{
			Name: "has-attribute?", Args: `@item "attribute"...`, Source: lectern,
			Doc: "true when the item carries one of these attributes: bare, with arguments, inside `unsafe(...)` or `cfg_attr(...)`; `interrupt` is also `cortex_m_rt::interrupt`, and `repr(C)` wants that argument",
			Compile: func(args []query.Arg, _ *query.Env) (query.Test, error) {
				patterns, err := attributeArgs(args, "the item")
				if err != nil {
					return nil, err
				}
				return nodeTest(args[0], func(f *Facts, n tree.Node) bool { return f.hasAttribute(n, patterns) }), nil
			},
			Needs: func(args []query.Arg) []query.Need { return wordOfEach(args, query.InUnit, attributeWords) },
		},
		{
			Name: "has-comment?", Args: `@node "text"...`, Source: lectern,
			Doc: "true when a comment attached to the node, to its statement or match arm, or to the item that it belongs to contains one of these texts, in any letter case; any comment without texts",
			Compile: func(args []query.Arg, _ *query.Env) (query.Test, error) {
				if err := captureArg(args, "commented"); err != nil {
					return nil, err
				}
				texts, err := stringArgs(args, 1, 0, "a text")
				if err != nil {
					return nil, err
				}
				var lower [][]byte
				for _, t := range texts {
					lower = append(lower, bytes.ToLower([]byte(t)))
				}
				return nodeTest(args[0], func(f *Facts, n tree.Node) bool { return f.hasComment(n, lower) }), nil
			},
		},
		simple("in-unsafe?", "@node", "true inside an unsafe block or the body of an unsafe fn, in every edition; an item inside starts anew",
			"in unsafe code", func(f *Facts, n tree.Node) bool { return f.Context.grammar.inUnsafe(n) }),
		simple("in-async?", "@node", "true inside an async block, or the body of an async fn or closure; another closure or an item inside starts anew",
			"in async code", func(f *Facts, n tree.Node) bool { return f.Context.grammar.inAsync(n) }),
		{
			Name: "same-body?", Args: "@a @b", Source: lectern,
			Doc: "true when the nodes are in the body of the same function, closure or async block, and neither is in another one inside",
			Compile: func(args []query.Arg, _ *query.Env) (query.Test, error) {
				if err := captureArg(args, "in the body"); err != nil {
					return nil, err
				}
				if len(args) != 2 || !args[1].IsCapture() {
					return nil, fmt.Errorf("a second capture is missing: which node is in the same body?")
				}
				a, b := args[0].Capture, args[1].Capture
				return func(m *query.Match, ctx *query.Context) bool {
					f := facts(ctx)
					x, has := m.Node(a)
					y, hasBoth := m.Node(b)
					return f != nil && has && hasBoth && f.Context.grammar.body(x) == f.Context.grammar.body(y)
				}, nil
			},
		},
		simple("unsafe-extern?", "@block", "true when the extern block is written `unsafe extern`",
			"the extern block", func(f *Facts, n tree.Node) bool { return f.maskedBefore(n, "unsafe") }),
		simple("safe-item?", "@item", "true when the item of an extern block is declared `safe`",
			"the item", func(f *Facts, n tree.Node) bool { return f.maskedBefore(n, "safe") }),
		simple("test-code?", "@node", "true in a test function, in a module under `#[cfg(test)]`, and in files below `tests/` or `benches/`",
			"in a test", func(f *Facts, n tree.Node) bool { return f.testCode(n) }),
		{
			Name: "has-modifier?", Args: `@item "modifier"...`, Source: lectern,
			Doc: "true when the item or closure is written with one of these modifiers: " + quoteList(modifiers) + "; `extern \"C\"` wants that ABI",
			Compile: func(args []query.Arg, _ *query.Env) (query.Test, error) {
				if err := captureArg(args, "the item"); err != nil {
					return nil, err
				}
				words, err := stringArgs(args, 1, 1, "a modifier")
				if err != nil {
					return nil, err
				}
				for i, w := range words {
					if strings.HasPrefix(w, `extern "`) && strings.HasSuffix(w, `"`) {
						continue
					}
					if err := oneOf([]string{w}, 1+i, "modifier", modifiers...); err != nil {
						return nil, err
					}
				}
				return nodeTest(args[0], func(f *Facts, n tree.Node) bool { return f.hasModifier(n, words) }), nil
			},
		},
		{
			Name: "lint-allowed?", Args: `@node "lint"...`, Source: lectern,
			Doc: "true when one of these lints is silenced at the node: by `allow` or `expect` on something around it or on the crate, or by `[lints]` in Cargo.toml",
			Compile: func(args []query.Arg, _ *query.Env) (query.Test, error) {
				if err := captureArg(args, "linted"); err != nil {
					return nil, err
				}
				lints, err := stringArgs(args, 1, 1, "a lint")
				if err != nil {
					return nil, err
				}
				return nodeTest(args[0], func(f *Facts, n tree.Node) bool {
					for _, l := range lints {
						if f.lintAllowed(n, l) {
							return true
						}
					}
					return false
				}), nil
			},
		},
	}
}

// simple makes a predicate of one capture.
func simple(name, args, doc, what string, ask func(f *Facts, n tree.Node) bool) query.Predicate {
	return query.Predicate{
		Name: name, Args: args, Doc: doc, Source: lectern,
		Compile: func(args []query.Arg, _ *query.Env) (query.Test, error) {
			if err := captureArg(args, what); err != nil {
				return nil, err
			}
			if err := noMore(args, 1); err != nil {
				return nil, err
			}
			return nodeTest(args[0], ask), nil
		},
	}
}

func attributeArgs(args []query.Arg, what string) ([]attributePattern, error) {
	if err := captureArg(args, what); err != nil {
		return nil, err
	}
	texts, err := stringArgs(args, 1, 1, "an attribute")
	if err != nil {
		return nil, err
	}
	return parseAll(texts, 1, `write it without brackets, as in "interrupt", "tokio::main" or "repr(C)"`, attributePatternOf)
}

func attributePatternOf(text string) (attributePattern, error) {
	if strings.HasPrefix(text, "#") || strings.HasPrefix(text, "[") {
		return attributePattern{}, fmt.Errorf("%q has the brackets of an attribute", text)
	}
	p := parseAttributePattern(text)
	if p.path == "" {
		return attributePattern{}, fmt.Errorf("%q names no attribute", text)
	}
	return p, nil
}

var modifiers = []string{"unsafe", "safe", "async", "const", "extern", "default", "pub", "mut", "move", "static", "ref"}

func quoteList(words []string) string { return "`" + strings.Join(words, "`, `") + "`" }

// hasModifier reports that a node begins with one of the words. Masked words
// count.
func (f *Facts) hasModifier(n tree.Node, words []string) bool {
	g := f.Context.grammar
	for _, w := range words {
		if w == "safe" || w == "unsafe" && n.Symbol() == g.foreignMod {
			if f.maskedBefore(n, w) {
				return true
			}
			continue
		}
		for c := n.FirstChild(); !c.IsZero() && c.Field() == 0; c = c.NextSibling() {
			if g.modifier(c, w) {
				return true
			}
			if c.Symbol() == g.modifiers {
				for k := c.FirstChild(); !k.IsZero(); k = k.NextSibling() {
					if g.modifier(k, w) {
						return true
					}
				}
			}
		}
	}
	return false
}

// modifier reports a node that is a modifier.
func (g *Grammar) modifier(n tree.Node, word string) bool {
	switch n.Symbol() {
	case g.visibility:
		return word == "pub"
	case g.mutable:
		return word == "mut"
	case g.externModifier:
		return word == "extern" || strings.HasPrefix(word, "extern ") && abi(n.Text()) == word[len("extern "):]
	}
	return !n.IsNamed() && n.Kind() == word
}

// abi is the string of an extern modifier; C's is what one without a string has.
func abi(text []byte) string {
	s := string(bytes.TrimSpace(bytes.TrimPrefix(text, []byte("extern"))))
	if s == "" {
		return `"C"`
	}
	return s
}
