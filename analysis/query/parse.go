package query

import (
	"fmt"
	"strings"

	"lectern/analysis/tree"
)

// The largest query and the deepest nesting that are taken. Queries that people
// write stay far below.
const (
	maxSource   = 256 << 10
	maxNesting  = 64
	maxArgument = 4096
	maxCaptures = 500
	maxErrors   = 20 // mistakes told of one query: looking for what was meant takes time
)

// parser reads a query. A mistake in a name is noted and the reading goes on; a
// mistake in the form ends it.
type parser struct {
	scanner
	lang     *tree.Language
	captures []string
	errors   []Error
	failed   bool // the form is broken: stop
	nesting  int
	pattern  *source
}

func (p *parser) fail(offset, end int, help, format string, args ...any) {
	if !p.failed {
		p.failed = true
		p.note(offset, end, help, format, args...)
	}
}

func (p *parser) note(offset, end int, help, format string, args ...any) {
	p.errors = append(p.errors, Error{Offset: offset, End: end, Message: fmt.Sprintf(format, args...), Help: help})
	if len(p.errors) >= maxErrors {
		p.failed = true
	}
}

// patterns reads the whole query.
func (p *parser) patterns() []*source {
	if len(p.text) > maxSource {
		p.fail(0, 0, "", "the query is longer than %d bytes", maxSource)
		return nil
	}
	var all []*source
	for p.space(); !p.done() && !p.failed; p.space() {
		p.pattern = &source{offset: p.pos, captures: map[int32]bool{}}
		start := p.pos
		it, ok := p.item()
		switch {
		case p.failed:
		case !ok && (p.next() == ')' || p.next() == ']'):
			p.fail(p.pos, p.behind(), "", "this %q closes nothing", string(p.next()))
		case it == nil:
			p.note(start, p.pos, "put it inside the parentheses of the pattern, behind the last node", "a predicate without a pattern")
		default:
			if it.optional() {
				p.note(start, p.pos, "leave out the outer `?` or `*`", "the pattern can match nothing at all")
			}
			p.pattern.root = it
			all = append(all, p.pattern)
		}
	}
	if len(all) == 0 && len(p.errors) == 0 {
		p.fail(0, len(p.text), "", "the query has no pattern")
	}
	return all
}

// item reads a node, a group or an alternation with what follows it, or a
// predicate, which gives nil. It gives false at a closing bracket and at the end.
func (p *parser) item() (*item, bool) {
	switch r := p.next(); {
	case p.done(), r == ')', r == ']':
		return nil, false
	}
	if p.nesting++; p.nesting > maxNesting {
		p.fail(p.pos, p.behind(), "", "nested more than %d deep", maxNesting)
		return nil, true
	}
	defer func() { p.nesting-- }()
	it := &item{offset: p.pos}
	switch r := p.next(); {
	case r == '[':
		p.choice(it)
	case r == '(':
		p.advance()
		p.space()
		switch r := p.next(); {
		case r == '(' || r == '"' || r == '[':
			p.group(it)
		case r == '#' || r == '.':
			p.predicate(it.offset)
			return nil, true
		default:
			p.named(it)
		}
	case r == '"':
		p.token(it)
	case r == '_' && !nameStart(p.after()):
		p.advance()
		it.accept = acceptAny
	case nameStart(r):
		start := p.pos
		name := p.name()
		p.space()
		if p.next() != ':' {
			p.bare(start, name)
			return nil, true
		}
		p.advance()
		p.space()
		return p.fielded(start, name)
	case r == '.':
		p.fail(p.pos, p.behind(), "an anchor stands between the children of a node or the nodes of a group", "an anchor cannot stand here")
	case r == '@':
		p.fail(p.pos, p.behind(), "a capture follows the node that it names: (identifier) @name", "a capture without a node")
	case r == '*' || r == '+' || r == '?':
		p.fail(p.pos, p.behind(), "a quantifier follows the node that it repeats, before the capture", "a quantifier without a node")
	default:
		p.fail(p.pos, p.behind(), "", "unexpected %q", string(r))
	}
	if p.failed {
		return nil, true
	}
	it.end = p.pos
	p.suffixes(it)
	return it, true
}

// bare reports a name that stands where only a field's could.
func (p *parser) bare(start int, name string) {
	help := "a field is followed by a colon, a node stands in parentheses"
	if _, ok := p.lang.Node(name); ok {
		help = "a node stands in parentheses: (" + name + ")"
	} else if _, ok := p.lang.Field(name); ok {
		help = "a field is followed by a colon: " + name + ": (...)"
	} else if _, ok := p.lang.Token(name); ok {
		help = "a token stands in quotes: \"" + name + "\""
	}
	p.fail(start, start+len(name), help, "%q is no pattern", name)
}

// suffixes reads quantifiers and captures.
func (p *parser) suffixes(it *item) {
	for {
		p.space()
		switch r := p.next(); r {
		case '?', '*', '+':
			it.quantify(byte(r))
			p.advance()
			it.end = p.pos
		case '@':
			start := p.pos
			p.advance()
			if !nameStart(p.next()) {
				p.fail(start, p.pos, "", "a capture needs a name behind the @")
				return
			}
			name := p.name()
			if strings.HasSuffix(name, "?") || strings.HasSuffix(name, "!") {
				p.note(start, p.pos, "the quantifier goes before the capture: (identifier)? @name", "the capture @%s ends in %q", name, name[len(name)-1:])
			}
			c := p.capture(name)
			p.pattern.captures[c] = true
			it.firsts(func(n *item) { n.captures = append(n.captures, c) })
			it.end = p.pos
		default:
			return
		}
		if p.failed {
			return
		}
	}
}

// capture is the number of a capture's name.
func (p *parser) capture(name string) int32 {
	for i, c := range p.captures {
		if c == name {
			return int32(i)
		}
	}
	if len(p.captures) == maxCaptures {
		p.fail(p.pos-len(name), p.pos, "", "more than %d captures in a query", maxCaptures)
		return 0
	}
	p.captures = append(p.captures, name)
	return int32(len(p.captures) - 1)
}

// fielded reads what a field stands before.
func (p *parser) fielded(start int, name string) (*item, bool) {
	f := p.field(start, name)
	it, ok := p.item()
	if p.failed {
		return nil, true
	}
	if !ok || it == nil {
		p.fail(start, p.pos, "", "no node behind the field %s", name)
		return nil, true
	}
	it.firsts(func(n *item) {
		if n.field != 0 && n.field != f {
			p.note(start, start+len(name), "a node stands under one field", "two fields for one node")
		}
		n.field = f
	})
	it.offset = start
	return it, true
}

// field is the number of a field's name, 0 and a note if there is none.
func (p *parser) field(start int, name string) tree.Field {
	f, ok := p.lang.Field(name)
	if !ok {
		p.note(start, start+len(name), suggest(name, p.lang.FieldNames(), "%s"), "%s has no field %q", p.lang.Name, name)
	}
	return f
}

// choice reads an alternation.
func (p *parser) choice(it *item) {
	it.kind = choiceItem
	p.advance()
	for {
		p.space()
		at := p.pos
		if p.next() == '.' {
			p.fail(p.pos, p.behind(), "put the anchor before or behind the alternation", "an anchor cannot stand in an alternation")
			return
		}
		part, ok := p.item()
		switch {
		case p.failed:
			return
		case !ok && p.next() == ']' && len(it.parts) > 0:
			p.advance()
			return
		case !ok && p.next() == ']':
			p.fail(it.offset, p.behind(), "", "an alternation without a branch")
			return
		case !ok:
			p.unclosed(it.offset, ']')
			return
		case part == nil:
			p.note(at, p.pos, "put it behind the alternation, inside the parentheses around it", "a predicate cannot be a branch")
			continue
		}
		it.parts = append(it.parts, part)
	}
}

// group reads siblings in parentheses; the scanner stands behind the opening one.
func (p *parser) group(it *item) {
	it.kind = groupItem
	p.list(it)
	if len(it.parts) == 0 && !p.failed {
		p.fail(it.offset, p.pos, "", "a group without a node")
	}
}

// unclosed reports a bracket that is not closed by what it should be.
func (p *parser) unclosed(open int, want byte) {
	if p.done() {
		p.fail(open, open+1, "", "this %q is not closed", p.text[open:open+1])
		return
	}
	p.fail(p.pos, p.behind(), fmt.Sprintf("the %q before it wants %q", p.text[open:open+1], string(want)), "%q closes nothing here", string(p.next()))
}

// list reads children or siblings up to the closing parenthesis.
func (p *parser) list(it *item) {
	anchor := -1
	var before *item
	for {
		p.space()
		switch p.next() {
		case '.':
			anchor = p.pos
			p.advance()
			continue
		case '!':
			if it.kind == nodeItem {
				p.negated(it)
				if p.failed {
					return
				}
				continue
			}
			p.fail(p.pos, p.behind(), "", "a field can be ruled out only among the children of a node")
			return
		}
		part, ok := p.item()
		switch {
		case p.failed:
			return
		case !ok && p.next() == ')':
			p.advance()
			if anchor >= 0 {
				if before == nil {
					p.fail(anchor, anchor+1, "", "an anchor without a node before or behind it")
					return
				}
				before.markLast()
			}
			return
		case !ok:
			p.unclosed(it.offset, ')')
			return
		case part == nil: // a predicate
			continue
		}
		part.immediate = anchor >= 0
		anchor = -1
		it.parts = append(it.parts, part)
		before = part
	}
}

// negated reads a field that must not be there.
func (p *parser) negated(it *item) {
	p.advance()
	p.space()
	if !nameStart(p.next()) {
		p.fail(p.pos-1, p.pos, "", "no field behind the !")
		return
	}
	start := p.pos
	if f := p.field(start, p.name()); f != 0 {
		it.negated = append(it.negated, f)
	}
}
