package query

import (
	"bytes"
	"fmt"
	"regexp"
	"regexp/syntax"
	"sync"

	"lectern/analysis/tree"
)

// The longest pattern of a match?, and how large patterns are that a parser of
// regular expressions has written out: `\\d{900}` is 900 times `\\d`. A match takes up
// to that many steps for each byte of the text.
const (
	maxRegexp  = 1000
	maxWritten = 5_000  // one
	maxRegexps = 20_000 // all of a query
)

// Core are tree-sitter's own predicates and Neovim's, which know no language.
//
// Where a capture has several nodes, the plain forms and the not- forms want all
// of them to agree, the any- forms one.
func Core() []Predicate {
	const ts = "tree-sitter"
	core := []Predicate{
		{Name: "eq?", Args: `@a "text"|@b`, Source: ts, Doc: "true when the text of @a is the given one, or that of @b", Compile: compileEqual(true, true)},
		{Name: "not-eq?", Args: `@a "text"|@b`, Source: ts, Doc: "true when no node of @a has the given text, or that of @b", Compile: compileEqual(false, true)},
		{Name: "any-eq?", Args: `@a "text"|@b`, Source: ts, Doc: "true when some node of @a has the given text, or that of @b", Compile: compileEqual(true, false)},
		{Name: "any-not-eq?", Args: `@a "text"|@b`, Source: ts, Doc: "true when some node of @a has another text than the given one, or than @b", Compile: compileEqual(false, false), NoNegation: true},
		{Name: "match?", Args: `@a "regexp"`, Source: ts, Doc: "true when the text of @a contains a match of the regular expression (RE2)", Compile: compileMatch(true, true)},
		{Name: "not-match?", Args: `@a "regexp"`, Source: ts, Doc: "true when no node of @a contains a match of the regular expression", Compile: compileMatch(false, true)},
		{Name: "any-match?", Args: `@a "regexp"`, Source: ts, Doc: "true when some node of @a contains a match of the regular expression", Compile: compileMatch(true, false)},
		{Name: "any-not-match?", Args: `@a "regexp"`, Source: ts, Doc: "true when some node of @a contains no match of the regular expression", Compile: compileMatch(false, false), NoNegation: true},
		{Name: "any-of?", Args: `@a "text"...`, Source: ts, Doc: "true when the text of @a is one of those given", Compile: compileAnyOf(true)},
		{Name: "not-any-of?", Args: `@a "text"...`, Source: ts, Doc: "true when no node of @a has one of the texts given", Compile: compileAnyOf(false)},
		{Name: "contains?", Args: `@a "text"...`, Source: "Neovim", Doc: "true when the text of @a contains each of those given", Compile: compileContains},
		{Name: "has-parent?", Args: `@a kind...`, Source: "Neovim", Doc: "true when the parent of @a is a node of one of the kinds", Compile: compileAround(false)},
		{Name: "has-ancestor?", Args: `@a kind...`, Source: "Neovim", Doc: "true when a node around @a is of one of the kinds", Compile: compileAround(true)},
		{Name: "set!", Args: `[@a] key [value]`, Source: ts, Doc: "says something about the pattern; always true", Compile: compileProperty("set!"), NoNegation: true},
		{Name: "is?", Args: `[@a] key [value]`, Source: ts, Doc: "says something about the pattern; always true", Compile: compileProperty("is?"), NoNegation: true},
		{Name: "is-not?", Args: `[@a] key [value]`, Source: ts, Doc: "says something about the pattern; always true", Compile: compileProperty("is-not?"), NoNegation: true},
	}
	for i := range core {
		p := &core[i]
		switch p.Name {
		case "eq?", "any-of?":
			p.Needs = givenTexts
			p.NoNegation = true
		case "match?":
			p.Needs = matchedTexts
			p.NoNegation = true
		case "not-eq?", "not-match?", "not-any-of?":
			p.NoNegation = true // they have not- forms of their own
		case "contains?":
			p.Needs = containedTexts
		case "has-parent?", "has-ancestor?":
			p.Needs = kindWords
			p.parent = p.Name == "has-parent?"
		}
		p.cheap = true
	}
	return core
}

// givenTexts are the texts of which the first argument is one, in eq? and any-of?.
func givenTexts(args []Arg) []Need {
	var texts []string
	for _, a := range args[1:] {
		if a.IsCapture() {
			return nil
		}
		texts = append(texts, a.Text)
	}
	return []Need{{Words: texts, Where: InUnit}}
}

// matchedTexts are the same in match?, or words that are in the text.
func matchedTexts(args []Arg) []Need {
	re, err := syntax.Parse(args[1].Text, syntax.Perl)
	if err != nil {
		return nil
	}
	if texts, ok := literals(re); ok {
		return []Need{{Words: texts, Where: InUnit}}
	}
	return matchedNeeds(re)
}

// containedTexts are the texts in contains?, each of which is there.
func containedTexts(args []Arg) []Need {
	var list []Need
	for _, a := range args[1:] {
		list = append(list, Need{Words: []string{a.Text}, Where: InFile, parts: true})
	}
	return list
}

// first checks that the first of enough arguments is a capture.
func first(args []Arg, least int) error {
	if len(args) == 0 || !args[0].IsCapture() {
		return &ArgError{Arg: 0, Message: "the first argument is a capture", Help: "write @name"}
	}
	if len(args) < least {
		return &ArgError{Arg: -1, Message: fmt.Sprintf("wants %d arguments at least, has %d", least, len(args))}
	}
	return nil
}

// two checks for a capture and one more argument.
func two(args []Arg) error {
	if err := first(args, 2); err != nil {
		return err
	}
	if len(args) > 2 {
		return &ArgError{Arg: 2, Message: fmt.Sprintf("wants 2 arguments, has %d", len(args)), Help: "#any-of? takes several texts"}
	}
	return nil
}

// texts checks for a capture and strings behind it.
func texts(args []Arg) error {
	if err := first(args, 2); err != nil {
		return err
	}
	for i, a := range args[1:] {
		if a.IsCapture() {
			return &ArgError{Arg: i + 1, Message: "wants a text here, not a capture"}
		}
	}
	return nil
}

// each asks about each node of a capture whether a property is as wanted. With
// all, every node must have it so; otherwise one must.
func each(capture int, want, all bool, has func(n tree.Node, ctx *Context) bool) Test {
	return func(m *Match, ctx *Context) bool {
		for _, c := range m.captures {
			if int(c.index) == capture && (has(c.node, ctx) == want) != all {
				return !all
			}
		}
		return all
	}
}

func compileEqual(want, all bool) func([]Arg, *Env) (Test, error) {
	return func(args []Arg, _ *Env) (Test, error) {
		if err := two(args); err != nil {
			return nil, err
		}
		a, b := args[0].Capture, args[1]
		if !b.IsCapture() {
			text := b.Text
			return each(a, want, all, func(n tree.Node, _ *Context) bool { return n.Len() == len(text) && string(n.Text()) == text }), nil
		}
		return func(m *Match, ctx *Context) bool { return equalPairs(m, ctx, a, b.Capture, want, all) }, nil
	}
}

// equalPairs compares the nodes of two captures in pairs. Two captures with
// different numbers of nodes are not equal.
func equalPairs(m *Match, ctx *Context, a, b int, want, all bool) bool {
	i, j := -1, -1
	for {
		i, j = m.next(a, i), m.next(b, j)
		if i < 0 || j < 0 {
			if all {
				return !want || i == j
			}
			return !want && i != j
		}
		x, y := m.captures[i].node, m.captures[j].node
		same := x.Len() == y.Len()
		if same {
			ctx.read(x.Len(), 1)
			same = bytes.Equal(x.Text(), y.Text())
		}
		if (same == want) != all {
			return !all
		}
	}
}

// next is the place of the next node of a capture behind place i, or -1.
func (m *Match) next(capture, i int) int {
	for i++; i < len(m.captures); i++ {
		if int(m.captures[i].index) == capture {
			return i
		}
	}
	return -1
}

func compileMatch(want, all bool) func([]Arg, *Env) (Test, error) {
	return func(args []Arg, env *Env) (Test, error) {
		if err := two(args); err != nil {
			return nil, err
		}
		if err := texts(args); err != nil {
			return nil, err
		}
		if len(args[1].Text) > maxRegexp {
			return nil, &ArgError{Arg: 1, Message: fmt.Sprintf("the regular expression is longer than %d bytes", maxRegexp)}
		}
		text := args[1].Text
		parsed, err := syntax.Parse(text, syntax.Perl)
		if err != nil {
			return nil, &ArgError{Arg: 1, Message: err.Error(), Help: "RE2 has neither look-around nor back references"}
		}
		size := parts(parsed)
		if env.Query.regexps += size; size > maxWritten {
			return nil, &ArgError{Arg: 1, Message: fmt.Sprintf("the regular expression, written out, has more than %d parts", maxWritten), Help: "`x{900}` is 900 parts: use `*` or `+`, or a smaller number"}
		}
		if env.Query.regexps > maxRegexps && env.Query.regexps-size <= maxRegexps { // said once
			return nil, &ArgError{Arg: 1, Message: fmt.Sprintf("the regular expressions of this query, written out, have more than %d parts", maxRegexps), Help: "split the query"}
		}
		if texts, ok := literals(parsed); ok {
			return each(args[0].Capture, want, all, oneOf(texts)), nil
		}
		machine := lazyRegexp(text, size)
		return each(args[0].Capture, want, all, func(n tree.Node, ctx *Context) bool {
			re, cost := machine()
			ctx.read(n.Len(), cost)
			return re != nil && re.Match(n.Text())
		}), nil
	}
}

// lazyRegexp is the machine of a regular expression of so many parts, and what a byte
// it reads costs, in parts. It is made when it is first asked for: most files have
// nothing to try most expressions on, and making the machine takes longer than all
// else that is done for its rule.
func lazyRegexp(text string, parts int) func() (*regexp.Regexp, int) {
	return sync.OnceValues(func() (*regexp.Regexp, int) {
		re, err := regexp.Compile(text)
		if err != nil { // it was parsed already
			return nil, parts
		}
		if prefix, _ := re.LiteralPrefix(); len(prefix) > 2 { // places without it are passed over at once
			parts = 1 + parts/64
		}
		return re, parts
	})
}

// parts is the number of parts of a regular expression whose repetitions are
// written out.
func parts(re *syntax.Regexp) int {
	n := len(re.Rune)
	for _, sub := range re.Sub {
		n += parts(sub)
	}
	if re.Op == syntax.OpRepeat {
		n *= max(re.Min, re.Max, 1)
	}
	return min(max(n, 1), 2*maxRegexps) // and so it never overflows
}

func compileAnyOf(want bool) func([]Arg, *Env) (Test, error) {
	return func(args []Arg, _ *Env) (Test, error) {
		if err := texts(args); err != nil {
			return nil, err
		}
		var texts []string
		for _, a := range args[1:] {
			texts = append(texts, a.Text)
		}
		return each(args[0].Capture, want, true, oneOf(texts)), nil
	}
}

// oneOf tells whether a node has one of the texts.
func oneOf(texts []string) func(n tree.Node, ctx *Context) bool {
	if len(texts) == 1 {
		text := texts[0]
		return func(n tree.Node, _ *Context) bool { return n.Len() == len(text) && string(n.Text()) == text }
	}
	set := make(map[string]struct{}, len(texts))
	longest := 0
	for _, t := range texts {
		set[t] = struct{}{}
		longest = max(longest, len(t))
	}
	return func(n tree.Node, _ *Context) bool {
		if n.Len() > longest {
			return false
		}
		_, ok := set[string(n.Text())]
		return ok
	}
}

func compileContains(args []Arg, _ *Env) (Test, error) {
	if err := texts(args); err != nil {
		return nil, err
	}
	var wanted [][]byte
	for _, a := range args[1:] {
		wanted = append(wanted, []byte(a.Text))
	}
	return each(args[0].Capture, true, true, func(n tree.Node, ctx *Context) bool {
		ctx.read(n.Len(), len(wanted))
		text := n.Text()
		for _, p := range wanted {
			if !bytes.Contains(text, p) {
				return false
			}
		}
		return true
	}), nil
}

// maxAncestors is how far has-ancestor? looks up. Nobody writes code that deep, and
// without a bound every node of a chain of thousands would look at all of it.
const maxAncestors = 1000

// compileAround compiles has-parent? and has-ancestor?.
func compileAround(any bool) func([]Arg, *Env) (Test, error) {
	return func(args []Arg, env *Env) (Test, error) {
		if err := texts(args); err != nil {
			return nil, err
		}
		kinds := newSymbolSet(env.Language)
		for i, a := range args[1:] {
			if err := addKind(kinds, env.Language, a.Text); err != nil {
				err.Arg = i + 1
				return nil, err
			}
		}
		return each(args[0].Capture, true, false, func(n tree.Node, _ *Context) bool {
			for p, up := n.Parent(), 0; !p.IsZero() && up < maxAncestors; p, up = p.Parent(), up+1 {
				if kinds.has(p.Symbol()) {
					return true
				}
				if !any {
					return false
				}
			}
			return false
		}), nil
	}
}

// addKind adds the node, token or supertype that a name means.
func addKind(set *symbolSet, lang *tree.Language, name string) *ArgError {
	if s, ok := lang.Node(name); ok {
		set.add(s)
		return nil
	}
	if members, ok := lang.Supertype(name); ok {
		for _, s := range members {
			set.add(s)
		}
		return nil
	}
	if s, ok := lang.Token(name); ok {
		set.add(s)
		return nil
	}
	return &ArgError{Message: fmt.Sprintf("%s has no node %q", lang.Name, name), Help: suggest(name, nodeNames(lang), "%s")}
}

func compileProperty(name string) func([]Arg, *Env) (Test, error) {
	return func(args []Arg, env *Env) (Test, error) {
		p := Property{Predicate: name, Capture: -1}
		keys := 0
		for i, a := range args {
			switch {
			case a.IsCapture() && p.Capture < 0:
				p.Capture = a.Capture
			case a.IsCapture():
				return nil, &ArgError{Arg: i, Message: "a second capture"}
			case keys == 0:
				p.Key, keys = a.Text, 1
			case keys == 1:
				p.Value, keys = a.Text, 2
			default:
				return nil, &ArgError{Arg: i, Message: "wants a key and a value, no more"}
			}
		}
		if keys == 0 {
			return nil, &ArgError{Arg: -1, Message: "a key is missing"}
		}
		env.pattern.properties = append(env.pattern.properties, p)
		return nil, nil
	}
}
