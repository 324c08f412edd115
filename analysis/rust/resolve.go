package rust

import (
	"unsafe"

	"lectern/analysis/tree"
)

// cacheSize is how many answers are kept. Rules ask about the same few nodes in
// turn while a matcher stands on a row.
const cacheSize = 8

// What bounds one look-up, so that no source can make it long. Real code comes
// nowhere near.
const (
	maxDepth    = 16   // imports that lead to imports
	maxSteps    = 1000 // paths looked up on the way
	maxSegments = 64   // names in one path
	// A scope's declarations are gone through one by one. Code that is broken can have
	// thousands in one scope, and a look-up may come by again and again.
	declsPerStep = 64
)

// resolved is what a path may name.
type resolved struct {
	frame      *tree.Frame
	row        int32
	generation uint64
	epoch      uint64

	text  []byte  // paths, joined with "::", one after the other
	ends  []int32 // where each path ends
	decls []found // items of this file
	bound bool    // something declares the first name, or may do so
}

// found is a declaration of this file and where its own paths are looked up.
type found struct {
	decl *decl
	at   env
}

// any reports that yield holds for one of the paths that the node may name.
func (r *resolved) any(yield func(path []byte) bool) bool {
	start := int32(0)
	for _, end := range r.ends {
		if yield(r.text[start:end]) {
			return true
		}
		start = end
	}
	return false
}

// env is a place from which names are looked up.
type env struct {
	summary *Summary // nil outside of a unit's own scopes
	scope   int32    // index among the summary's scopes, or -1
	module  string   // the module of the file
}

// scratch is memory for one look-up.
type scratch struct {
	segs    []string // paths under construction
	steps   int      // walks so far
	visited []search // globs that were searched for a name
	hidden  bool     // a glob of another crate may hide the prelude
}

// search is a search of globs for a name: those of a scope inside a block, or of a
// module.
type search struct {
	scope        *scope
	module, name string
}

// resolver does one look-up.
type resolver struct {
	f   *Facts
	s   *scratch
	out *resolved
}

// certainty is how well a name was found.
type certainty uint8

const (
	notFound certainty = iota
	perhaps            // a glob of another crate may have it
	unseen             // its first name was found, and leads to code that is not seen
	sure
)

// resolve finds what the path at a node may name. The answer is good until the
// next call.
func (f *Facts) resolve(n tree.Node) *resolved {
	fr, row := n.Frame(), int32(n.Row())
	e := &f.resolved[row&(cacheSize-1)]
	if e.frame == fr && e.row == row && e.generation == f.Context.generation && e.epoch == f.epoch() {
		return e
	}
	e.frame, e.row, e.generation, e.epoch = fr, row, f.Context.generation, f.epoch()
	e.text, e.ends, e.decls, e.bound = e.text[:0], e.ends[:0], e.decls[:0], false
	r := f.resolver(e)
	r.start(n)
	return e
}

func (f *Facts) resolver(out *resolved) resolver {
	s := &f.scratch
	s.segs, s.visited, s.steps, s.hidden = s.segs[:0], s.visited[:0], 0, false
	return resolver{f: f, s: s, out: out}
}

// start looks up the path that a node is, or the path that it is about: a call's
// function, a macro call's name, an attribute's path.
func (r *resolver) start(n tree.Node) {
	g := r.f.Context.grammar
	for !n.IsZero() {
		switch n.Symbol() {
		case g.call:
			n = n.ChildByField(g.fFunction)
		case g.macro:
			n = n.ChildByField(g.fMacro)
		case g.structExpression:
			n = n.ChildByField(g.fName)
		case g.tuplePat, g.structPattern:
			n = n.ChildByField(g.fType)
		case g.dynamicType, g.abstractType:
			n = n.ChildByField(g.fTrait)
		case g.attributeItem, g.innerAttribute:
			n = child(n, g.attribute)
		case g.attribute:
			n = firstNamed(n)
		case g.use:
			n = n.ChildByField(g.fArgument)
		case g.useAs:
			n = n.ChildByField(g.fPath)
		default:
			if prefix, ok := r.usePrefix(n); ok {
				r.used(n, prefix)
				return
			}
			if space := g.spaceOf(n); space != 0 {
				r.node(n, nil, space)
			}
			return
		}
	}
}

// spaceOf is the namespace in which the path at a node is looked up; 0 where the
// node is no path.
func (g *Grammar) spaceOf(n tree.Node) space {
	parent := n.Parent()
	var around tree.Symbol
	if !parent.IsZero() {
		around = parent.Symbol()
	}
	switch n.Symbol() {
	case g.typeIdentifier, g.scopedType, g.genericType, g.genericTurbofish, g.primitive, g.bracketed:
		if g.lastSegment(n, around) {
			return 0
		}
		return typeSpace
	case g.identifier, g.scoped, g.genericFunction, g.self, g.super, g.crate:
		switch around {
		case g.scoped, g.scopedType:
			if g.lastSegment(n, around) {
				return 0
			}
			return typeSpace
		case g.function, g.signature, g.static, g.constItem, g.mod, g.enumVariant, g.macroDefinition, g.externCrate, g.constParameter:
			if n.Field() == g.fName {
				return 0 // declares
			}
		case g.macro, g.attribute:
			return macroSpace
		case g.lifetime, g.label, g.visibility:
			return 0
		case g.useAs:
			if n.Field() == g.fAlias {
				return 0
			}
		case g.tokenTree:
			if parent.Flags()&tree.Spliced == 0 {
				return 0 // tokens: what stands before may change the meaning
			}
		case g.genericType, g.genericTurbofish:
			return typeSpace
		case g.genericFunction:
			return g.spaceOf(parent)
		}
		if n.Symbol() == g.identifier && g.inPattern(n, around) && !upper(borrow(n.Text())) {
			return 0 // binds
		}
		return valueSpace
	}
	return 0
}

// lastSegment reports the last name of a path, which means nothing without what
// is before it.
func (g *Grammar) lastSegment(n tree.Node, around tree.Symbol) bool {
	return (around == g.scoped || around == g.scopedType) && n.Field() == g.fName
}

// inPattern reports an identifier that a pattern may bind.
func (g *Grammar) inPattern(n tree.Node, around tree.Symbol) bool {
	switch around {
	case g.tuplePattern, g.slicePattern, g.referencePattern, g.orPattern, g.refPattern, g.mutPattern, g.capturedPattern,
		g.matchPattern, g.closureParams:
		return true
	case g.tuplePat:
		return n.Field() != g.fType
	}
	return n.Field() == g.fPattern
}

// usePrefix collects the path that the lists around a clause of a use
// declaration put before it, and reports whether the node is in one.
func (r *resolver) usePrefix(n tree.Node) (path, bool) {
	g := r.f.Context.grammar
	var prefix path
	if f := n.Field(); f == g.fName || f == g.fAlias {
		return path{}, false
	}
	from := n
	for up := range upwards(n.Parent()) {
		switch up.Symbol() {
		case g.scoped, g.useAs, g.useList, g.useWildcard:
		case g.scopedUseList:
			if from.Field() == g.fList {
				prefix = g.path(up.ChildByField(g.fPath)).with(prefix)
			}
			if len(prefix.segs) > maxSegments {
				return path{}, false
			}
		case g.use:
			return prefix, true
		default:
			return path{}, false
		}
		from = up
	}
	return path{}, false
}

func (r *resolver) used(n tree.Node, prefix path) {
	g := r.f.Context.grammar
	var own path
	switch n.Symbol() {
	case g.useWildcard:
		own = g.path(firstNamed(n))
		own.segs = append(own.segs, globName)
	case g.scopedUseList:
		own = g.path(n.ChildByField(g.fPath))
	default:
		own = g.path(n)
	}
	p := prefix.with(own)
	if len(p.segs) > 0 {
		r.walk(r.f.envAt(n), p.segs, lookup{space: anySpace, global: p.global, use: true})
	}
}

// node looks up the path at a node with more segments after it.
func (r *resolver) node(n tree.Node, rest []string, space space) {
	if r.s.steps++; r.s.steps > maxSteps {
		return // `impl Self`: Self is the type of its own impl
	}
	g := r.f.Context.grammar
	switch n.Symbol() {
	case g.scoped, g.scopedType:
		name := n.ChildByField(g.fName)
		if name.IsZero() || len(rest) > maxSegments {
			return
		}
		rest = r.join1(borrow(name.Text()), rest)
		if p := n.ChildByField(g.fPath); !p.IsZero() {
			r.node(p, rest, space)
			return
		}
		r.walk(r.f.envAt(n), rest, lookup{space: space, global: true})
	case g.genericType, g.genericTurbofish:
		if t := n.ChildByField(g.fType); !t.IsZero() {
			r.node(t, rest, space)
		}
	case g.genericFunction:
		if t := n.ChildByField(g.fFunction); !t.IsZero() {
			r.node(t, rest, space)
		}
	case g.bracketed:
		inner := firstNamed(n)
		if inner.IsZero() {
			return
		}
		if inner.Symbol() != g.qualified {
			r.node(inner, rest, typeSpace)
			return
		}
		// <T as Trait>::item belongs to both.
		for _, f := range [...]tree.Field{g.fType, g.fAlias} {
			if t := inner.ChildByField(f); !t.IsZero() {
				r.node(t, rest, typeSpace)
			}
		}
	case g.identifier, g.typeIdentifier, g.primitive, g.self, g.super, g.crate:
		text := borrow(n.Text())
		if text == "Self" {
			if t := r.f.selfType(n); !t.IsZero() {
				r.node(t, rest, typeSpace)
			}
			return
		}
		if r.walk(r.f.envAt(n), r.join1(text, rest), lookup{space: space}) != notFound {
			r.out.bound = true
		}
	}
}

// selfType is the type that `Self` means at a node, the zero Node in a trait.
func (f *Facts) selfType(n tree.Node) tree.Node {
	g := f.Context.grammar
	for up := range upwards(n) {
		switch up.Symbol() {
		case g.impl:
			return up.ChildByField(g.fType)
		case g.structItem, g.enum, g.union:
			return up.ChildByField(g.fName)
		case g.trait, g.mod:
			return tree.Node{}
		}
	}
	return tree.Node{}
}

// borrow is a string over bytes that nobody changes, without the mark of a raw
// identifier: a copy for every name looked up would be most of the work. No
// borrowed string outlives the look-up, except in results, which copy it.
func borrow(b []byte) string { return unraw(unsafe.String(unsafe.SliceData(b), len(b))) }

// join1 and join2 make a path in scratch memory.
func (r *resolver) join1(first string, rest []string) []string {
	at := len(r.s.segs)
	r.s.segs = append(append(r.s.segs, first), rest...)
	return r.s.segs[at:len(r.s.segs):len(r.s.segs)]
}

func (r *resolver) join2(first, rest []string) []string {
	at := len(r.s.segs)
	r.s.segs = append(append(r.s.segs, first...), rest...)
	return r.s.segs[at:len(r.s.segs):len(r.s.segs)]
}

// placed is where the unit looked at last stands.
type placed struct {
	frame   *tree.Frame
	summary *Summary
	module  string
}

// envAt is the place of a node.
func (f *Facts) envAt(n tree.Node) env {
	fr := n.Frame()
	if f.place.frame != fr {
		f.place = placed{fr, f.summary(fr), f.Context.grammar.PlaceOf(fr).Module}
	}
	e := env{summary: f.place.summary, scope: -1, module: f.place.module}
	if len(e.summary.scopes) == 0 {
		return e
	}
	e.scope = e.summary.scopeAt(int32(n.Row()))
	for i := e.scope; i >= 0; i = e.summary.scopes[i].parent {
		if s := &e.summary.scopes[i]; s.kind == moduleScope {
			e.module = join(e.module, s.module)
			break
		}
	}
	return e
}
