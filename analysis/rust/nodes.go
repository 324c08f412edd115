package rust

import (
	"iter"
	"slices"
	"strings"

	"lectern/analysis/tree"
)

// textOf is a node's text, nothing for no node.
func textOf(n tree.Node) []byte {
	if n.IsZero() {
		return nil
	}
	return n.Text()
}

// unraw drops the mark of a raw identifier.
func unraw(name string) string { return strings.TrimPrefix(name, "r#") }

// has reports a child of the node with the symbol.
func has(n tree.Node, s tree.Symbol) bool {
	for c := n.FirstChild(); !c.IsZero(); c = c.NextSibling() {
		if c.Symbol() == s {
			return true
		}
	}
	return false
}

// nextAttached is the next sibling in the same unit, for looks that must not
// depend on what stands beside the unit.
func nextAttached(n tree.Node) tree.Node {
	rows := n.Frame().Unit.Rows
	r := rows[n.Row()]
	if int(r.Skip) >= len(rows) || rows[r.Skip].Parent != r.Parent || rows[r.Skip].Flags&tree.Gap != 0 {
		return tree.Node{}
	}
	return n.Frame().Node(int(r.Skip))
}

// child is the first child with the symbol.
func child(n tree.Node, s tree.Symbol) tree.Node {
	for c := n.FirstChild(); !c.IsZero(); c = c.NextSibling() {
		if c.Symbol() == s {
			return c
		}
	}
	return tree.Node{}
}

// lastNamed is the last child that is neither a token nor a comment.
func lastNamed(n tree.Node) tree.Node {
	last := tree.Node{}
	for c := n.FirstChild(); !c.IsZero(); c = c.NextSibling() {
		if c.IsNamed() && !c.IsExtra() {
			last = c
		}
	}
	return last
}

// maxClimb bounds the way up from a node. No code is nested so deep but what is
// made to be; there, what needs the way up is unknown.
const maxClimb = 1000

// upwards gives a node and the nodes around it, from the inside out.
func upwards(n tree.Node) iter.Seq[tree.Node] {
	return func(yield func(tree.Node) bool) {
		for depth := 0; !n.IsZero() && depth < maxClimb && yield(n); depth++ {
			n = n.Parent()
		}
	}
}

// firstNamed is the first child that is neither a token nor a comment.
func firstNamed(n tree.Node) tree.Node {
	for c := n.FirstChild(); !c.IsZero(); c = c.NextSibling() {
		if c.IsNamed() && !c.IsExtra() {
			return c
		}
	}
	return tree.Node{}
}

// unsafeFn reports the unsafe modifier of a function.
func (g *Grammar) unsafeFn(n tree.Node) bool {
	m := child(n, g.modifiers)
	return !m.IsZero() && has(m, g.tokUnsafe)
}

// asyncFn reports the async modifier of a function.
func (g *Grammar) asyncFn(n tree.Node) bool {
	m := child(n, g.modifiers)
	return !m.IsZero() && has(m, g.tokAsync)
}

// path is the path that a node writes, without type arguments. It is empty for
// what is no plain path, or too long for one that anybody writes.
func (g *Grammar) path(n tree.Node) path {
	var p path
	for len(p.segs) <= maxSegments && !n.IsZero() {
		switch n.Symbol() {
		case g.scoped, g.scopedType:
			p.segs = append(p.segs, unraw(string(textOf(n.ChildByField(g.fName)))))
			if n = n.ChildByField(g.fPath); n.IsZero() {
				p.global = true
				slices.Reverse(p.segs)
				return p
			}
		case g.genericType, g.genericTurbofish:
			n = n.ChildByField(g.fType)
		case g.genericFunction:
			n = n.ChildByField(g.fFunction)
		case g.identifier, g.typeIdentifier, g.primitive, g.self, g.super, g.crate, g.metavariable:
			p.segs = append(p.segs, unraw(string(n.Text())))
			slices.Reverse(p.segs)
			return p
		default:
			return path{}
		}
	}
	return path{}
}

// typ is the type that a node writes, nil for no node.
func (g *Grammar) typ(n tree.Node) *typ {
	if n.IsZero() {
		return nil
	}
	switch n.Symbol() {
	case g.referenceType, g.pointerType:
		mut := has(n, g.mutable)
		t := &typ{kind: typRef, args: []*typ{g.typ(n.ChildByField(g.fType))}}
		switch {
		case n.Symbol() == g.pointerType && mut:
			t.kind = typMut
		case n.Symbol() == g.pointerType:
			t.kind = typConst
		case mut:
			t.kind = typRefMut
		}
		return t
	case g.arrayType:
		return &typ{kind: typSlice, args: []*typ{g.typ(n.ChildByField(g.fElement))}}
	case g.tupleType, g.unitType:
		return &typ{kind: typTuple, args: g.typs(n)}
	case g.functionType:
		return &typ{kind: typFn}
	case g.genericType, g.genericTurbofish:
		if p := g.path(n); len(p.segs) > 0 {
			t := &typ{path: p}
			if args := n.ChildByField(g.fTypeArguments); !args.IsZero() {
				t.args = g.typs(args)
			}
			return t
		}
	default:
		if p := g.path(n); len(p.segs) > 0 {
			return &typ{path: p}
		}
	}
	return &typ{kind: typOther}
}

// typs are the types in a list of type arguments or a tuple.
func (g *Grammar) typs(list tree.Node) []*typ {
	var out []*typ
	for c := range list.Children {
		if c.IsNamed() && !c.IsExtra() && c.Symbol() != g.lifetime {
			out = append(out, g.typ(c))
		}
	}
	return out
}
