// Package query is tree-sitter's query language over the rows of package tree:
// a compiler, a matcher, predicates, and relations between patterns.
//
// Compile turns the text of a query into a Query. NewSet indexes many queries by
// the node kinds they can start at, and a Matcher of the set finds their matches
// in one unit of a tree. A query means what it means to tree-sitter's own engine,
// which finds the same captures; the places where Lectern differs on purpose are
// these:
//
//   - `(a) . (b)` and `(_ (a))` are tried at every node that fits, also when
//     nothing in (a) or (_ (a)) is captured. The C engine takes the first one only.
//   - The anchor in `[(a) (b)] .` and in `((a) (b)) .` holds for each branch and
//     for the last node of the group. The C engine puts it on the first node.
//   - `(_ . (a))`, `(_ !name (a))` and `(_expression (a))` at the root of a
//     pattern check everything that they say of the root. The C engine starts at
//     (a) and forgets the rest.
//   - A quantifier or an alternation directly inside a branch of an alternation,
//     as in `[[(a) (b)] (c)]` and `[(a)+ (b)]`, keeps to its branch.
//   - A node may have any number of captures, not three.
//   - `(MISSING)`, `(MISSING identifier)` and `(MISSING ";")` are known, with
//     the meaning that newer releases of tree-sitter give them.
//   - A supertype such as `(_pattern)` matches a node of any kind that can be
//     one. The C engine also knows how the parser came to the node.
//   - A pattern that could match nothing at all, such as `(a)?`, is an error.
//
// Some of what both engines do is worth knowing when writing a query. A comment is
// a named node, so an anchor sees it. `(a)+` takes nodes that follow each other
// directly, tokens included: the commas in an argument list end a run. Of two ways
// to match of which one captures all that the other does, and more, only the longer
// one counts. `_` and `(_)` never match an ERROR, and a pattern of several nodes
// side by side does not begin in one.
//
// A predicate belongs to the whole pattern it stands in, wherever in the pattern
// it is written. A predicate about a capture that matched nothing holds, in its
// not- form too. Predicates run as soon as their captures are known where that
// cannot change which matches there are: when each of the captures is made exactly
// once in every match.
//
// A relation looks for a named pattern around a node. Where the pattern captures
// @here, that is the node looked for, else its root. Captures of the same name on
// both sides must have the same texts; those that only the pattern has are added to
// the match, the nearest match of the pattern first, and if a later predicate or
// relation then fails the next one is tried. Captures whose names begin with "_"
// stay where they are written. precedes? and follows? look at what stands later or
// earlier in the innermost block around the node, and inside that.
package query

import (
	"fmt"
	"slices"

	"lectern/analysis/tree"
)

// Query is a compiled query: one or more patterns with their predicates. It is
// immutable and may be shared between goroutines.
type Query struct {
	lang     *tree.Language
	captures []string // the query's own, then those that relations add
	own      int
	patterns []*pattern
	here     int               // the capture @here, or -1
	meant    *symbolSet        // symbols that the node meant by a named pattern can have
	kinds    tree.Symbols      // the same
	quantity [][2]uint8        // by own capture: least and most nodes, 2 for many
	inside   [maxInside]uint64 // by depth: marks of the nodes there that it looks at
	regexps  int               // parts of all its regular expressions, written out
}

// Error is a mistake in a query's source.
type Error struct {
	Offset, End int    // bytes of the source that it is about
	Message     string // what is wrong
	Help        string // what to write instead, or ""
}

func (e Error) Error() string {
	if e.Help == "" {
		return fmt.Sprintf("at byte %d: %s", e.Offset, e.Message)
	}
	return fmt.Sprintf("at byte %d: %s (%s)", e.Offset, e.Message, e.Help)
}

// Captures are the names of the captures in the query's text, without "@", in
// order of appearance. A capture's index is its number in Match.Node.
func (q *Query) Captures() []string { return q.captures[:q.own:q.own] }

// AllCaptures are Captures and then those that positive relations add from the
// patterns that they name.
func (q *Query) AllCaptures() []string { return q.captures }

// Regexps is how large the query's regular expressions are: the number of their
// parts when repetitions are written out.
func (q *Query) Regexps() int { return q.regexps }

// Patterns is the number of patterns.
func (q *Query) Patterns() int { return len(q.patterns) }

// Quantity says how many nodes a capture of the query's own text has in a match:
// at least min, at most max, where 2 stands for many.
func (q *Query) Quantity(capture int) (min, max int) {
	if capture < 0 || capture >= len(q.quantity) {
		return 0, 0
	}
	return int(q.quantity[capture][0]), int(q.quantity[capture][1])
}

// Property is what a `set!`, `is?` or `is-not?` says of a pattern.
type Property struct {
	Predicate  string // "set!", "is?" or "is-not?"
	Capture    int    // the capture that it is about, or -1
	Key, Value string
}

// Properties are the properties of a pattern, in the order of the source.
func (q *Query) Properties(pattern int) []Property {
	if pattern < 0 || pattern >= len(q.patterns) {
		return nil
	}
	return q.patterns[pattern].properties
}

// capture is the index of a capture name, or -1.
func (q *Query) capture(name string) int {
	for i, c := range q.captures {
		if c == name {
			return i
		}
	}
	return -1
}

// cheap reports that all tests look at nothing but the nodes captured and what is
// inside them.
func (q *Query) cheap() bool {
	costs := func(t test) bool { return !t.cheap }
	return !slices.ContainsFunc(q.patterns, func(p *pattern) bool {
		return slices.ContainsFunc(p.fixed, costs) || slices.ContainsFunc(p.early, costs) ||
			slices.ContainsFunc(p.late, func(c condition) bool {
				if r := c.relation; r != nil {
					return r.kind != hasRelation || !r.named.cheap()
				}
				return costs(c.test)
			})
	})
}

// maxInside is how deep inside of a node units stand, counted from the node that a
// pattern is about: an item of a file at 1, one of an impl's body at 2.
const maxInside = 3

// alone reports that nothing but what is inside of a node decides whether a pattern
// means it.
func (q *Query) alone() bool {
	return q.cheap() && !slices.ContainsFunc(q.patterns, func(p *pattern) bool {
		return p.siblings || slices.ContainsFunc(p.here, func(depth int32) bool { return depth > 0 })
	})
}

// looks are the marks of the nodes at a depth that a match can have; all of them
// where other nodes there can matter.
func (p *pattern) looks(depth int32) uint64 {
	const all = ^uint64(0)
	asked := map[int32]bool{} // captures that tests, and queries that name this one, ask about
	for i, name := range p.query.captures {
		asked[int32(i)] = !private(name)
	}
	for _, t := range p.early {
		for _, c := range t.captures {
			asked[c] = true
		}
	}
	for _, c := range p.late {
		if c.relation != nil {
			asked[int32(c.relation.capture)] = true
		}
		for _, at := range c.test.captures {
			asked[at] = true
		}
	}
	m := uint64(0)
	for i := range p.steps {
		s := &p.steps[i]
		switch {
		case s.depth < depth:
			// Its text and its fields are those of what is inside.
			if s.negated != nil || slices.ContainsFunc(s.captures, func(c int32) bool { return asked[c] }) {
				return all
			}
		case s.depth == depth:
			if s.accept != acceptSymbol || s.immediate || s.last {
				return all
			}
			m |= mark(s.symbol, 0)
		}
		for _, t := range s.targets {
			if t.immediate && t.step != done && p.steps[t.step].depth == depth {
				return all
			}
		}
	}
	return m
}
