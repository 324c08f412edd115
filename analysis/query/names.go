package query

import (
	"fmt"
	"strings"

	"lectern/analysis/problem"
	"lectern/analysis/tree"
)

// named reads a node in parentheses; the scanner stands behind the opening one.
func (p *parser) named(it *item) {
	start := p.pos
	if !nameStart(p.next()) {
		if p.done() {
			p.unclosed(it.offset, ')')
			return
		}
		p.fail(it.offset, p.behind(), "", "no node behind the \"(\"")
		return
	}
	name := p.name()
	p.space()
	switch {
	case p.next() == ':':
		p.fail(start, p.pos, "a field goes inside the node around it; a group cannot begin with one", "a field cannot stand here")
		return
	case name == "_":
		it.accept = acceptNamed
	case name == "MISSING":
		p.missing(it)
	default:
		p.kind(it, start, name)
		if p.next() == '/' {
			p.advance()
			p.subtype(it, name)
		}
	}
	if !p.failed {
		p.list(it)
	}
}

// kind looks a node's name up.
func (p *parser) kind(it *item, start int, name string) {
	if s, ok := p.lang.Node(name); ok {
		it.symbol = s
		return
	}
	if members, ok := p.lang.Supertype(name); ok {
		it.accept, it.members = acceptMember, members
		return
	}
	help := suggest(name, nodeNames(p.lang), "(%s)")
	if _, ok := p.lang.Token(name); ok {
		help = fmt.Sprintf("the token is written %q", name)
	}
	p.note(start, start+len(name), help, "%s has no node %q", p.lang.Name, name)
}

// subtype reads the name behind a supertype's slash.
func (p *parser) subtype(it *item, super string) {
	p.space()
	start := p.pos
	if !nameStart(p.next()) {
		p.fail(start, start, "", "no node behind the /")
		return
	}
	name := p.name()
	members, isSuper := it.members, it.accept == acceptMember
	it.accept, it.members = acceptSymbol, nil
	p.kind(it, start, name)
	p.space()
	if !isSuper {
		if _, ok := p.lang.Node(super); ok {
			p.note(start, p.pos, "", "%s is a node, not a supertype", super)
		}
		return
	}
	if s, ok := p.lang.Node(name); ok {
		for _, m := range members {
			if m == s {
				return
			}
		}
		p.note(start, start+len(name), "", "%s is never a %s", name, super)
	}
}

// missing reads what may stand in (MISSING ...).
func (p *parser) missing(it *item) {
	it.missing = true
	start := p.pos
	switch r := p.next(); {
	case r == '"':
		p.token(it)
	case nameStart(r):
		p.kind(it, start, p.name())
	default:
		it.accept = acceptAny
	}
	if !p.failed {
		p.space()
	}
}

// token reads a token in quotes.
func (p *parser) token(it *item) {
	start := p.pos
	text, ok := p.str()
	if !ok {
		p.fail(start, start+1, "a string ends on its line; write \\\" for a quote in it", "this string is not closed")
		return
	}
	s, ok := p.lang.Token(text)
	if !ok {
		help := suggest(text, tokens(p.lang), "%q")
		if _, ok := p.lang.Node(text); ok {
			help = "a named node is written (" + text + ")"
		}
		p.note(start, p.pos, help, "%s has no token %q", p.lang.Name, text)
	}
	it.symbol = s
}

// predicate reads a predicate; the scanner stands at its # or dot, and open is
// where its parenthesis stands.
func (p *parser) predicate(open int) {
	if p.next() == '.' && !p.looksOld() {
		p.fail(p.pos, p.behind(), "an anchor before the first node has a meaning only among the children of a node", "an anchor cannot begin a group")
		return
	}
	p.advance()
	start := p.pos
	if !nameStart(p.next()) {
		p.fail(open, p.pos, "", "no predicate behind the #")
		return
	}
	w := written{name: p.name(), offset: start, end: p.pos}
	for {
		p.space()
		start := p.pos
		switch r := p.next(); {
		case p.done():
			p.unclosed(open, ')')
			return
		case r == ')':
			p.advance()
			p.pattern.predicates = append(p.pattern.predicates, w)
			return
		case r == '@':
			p.advance()
			if !nameStart(p.next()) {
				p.fail(start, p.pos, "", "a capture needs a name behind the @")
				return
			}
			// The capture's index is looked up when all captures are known.
			w.args = append(w.args, Arg{Capture: 0, Text: p.name(), Offset: start})
		case r == '"':
			text, ok := p.str()
			if !ok {
				p.fail(start, start+1, "a string ends on its line; write \\\" for a quote in it", "this string is not closed")
				return
			}
			w.args = append(w.args, Arg{Capture: -1, Text: text, Offset: start})
		case nameStart(r):
			w.args = append(w.args, Arg{Capture: -1, Text: p.name(), Offset: start})
		default:
			p.fail(p.pos, p.behind(), "arguments are captures, strings and bare words", "a predicate cannot have %q here", string(r))
			return
		}
		if len(w.args[len(w.args)-1].Text) > maxArgument {
			p.fail(start, p.pos, "", "an argument is longer than %d bytes", maxArgument)
			return
		}
		w.ends = append(w.ends, p.pos)
	}
}

// looksOld reports the old form of a predicate, with a dot: (.eq? ...).
func (p *parser) looksOld() bool {
	s := scanner{text: p.text, pos: p.pos + 1}
	return nameStart(s.next())
}

// suggest is the nearest of the names in a help text, or "".
func suggest(name string, names []string, form string) string {
	n, ok := problem.Nearest(name, names)
	if !ok {
		return ""
	}
	// A predicate brings a question mark of its own.
	return "did you mean " + strings.TrimSuffix(fmt.Sprintf(form, n), "?") + "?"
}

func nodeNames(l *tree.Language) []string { return namesOf(l, true) }

func tokens(l *tree.Language) []string { return namesOf(l, false) }

func namesOf(l *tree.Language, named bool) []string {
	var names []string
	l.Names(func(s tree.SymbolInfo) bool {
		if s.Named == named {
			names = append(names, s.Name)
		}
		return true
	})
	return names
}
