package query

import (
	"bytes"
	"slices"

	"lectern/analysis/tree"
)

// related goes through the places where a relation's pattern could match. For
// each match there it adds the captures of the pattern to m and calls rest, until
// rest holds.
func (mt *Matcher) related(r *relation, m *Match, rest func() bool) bool {
	holds := false
	look := func(d tree.Node) bool {
		mt.steps--
		if mt.steps >= 0 && (r.named.meant.has(d.Symbol()) || d.IsMissing()) {
			switch up, ok := mt.above(r, d); {
			case ok && !mt.tell(r, d, m, up):
			case ok && len(r.adds) == 0:
				holds = rest()
			default:
				holds = mt.meant(r, d, m, rest)
			}
		}
		return !holds && mt.steps >= 0
	}
	m.EachOf(r.capture, func(n tree.Node) bool {
		r.around(n, mt.plain, look)
		return !holds && mt.steps >= 0
	})
	return holds
}

// around calls yield for the nodes that a relation looks at, the nearest first. It
// passes over units beside that have nothing of what is looked for, unless plain.
func (r *relation) around(n tree.Node, plain bool, yield func(tree.Node) bool) {
	empty := func(x tree.Node) bool {
		f := x.Frame()
		return !plain && f != n.Frame() && f.Unit.Gap < 0 && !f.Unit.Symbols.Meets(&r.named.kinds)
	}
	switch r.kind {
	case insideRelation:
		for p := n.Parent(); !p.IsZero() && yield(p); p = p.Parent() {
		}
	case hasRelation:
		forwards(n, empty, func(d tree.Node) bool { return d == n || yield(d) })
	case precedesRelation:
		r.beside(n, func(s tree.Node) bool {
			more := true
			for x := s.NextSibling(); !x.IsZero() && more; x = x.NextSibling() {
				more = forwards(x, empty, yield)
			}
			return more
		})
	case followsRelation:
		r.beside(n, func(s tree.Node) bool {
			more := true
			for x := s.PrevSibling(); !x.IsZero() && more; x = x.PrevSibling() {
				more = backwards(x, empty, yield)
			}
			return more
		})
	}
}

// beside calls yield for n and for the nodes around it that stand in the same
// block.
func (r *relation) beside(n tree.Node, yield func(tree.Node) bool) {
	for yield(n) {
		if n = n.Parent(); n.IsZero() || r.blocks.has(n.Symbol()) {
			return
		}
	}
}

// forwards calls yield for n and for everything in it, but for what is empty.
func forwards(n tree.Node, empty, yield func(tree.Node) bool) bool {
	if empty(n) {
		return true
	}
	if !yield(n) {
		return false
	}
	for c := n.FirstChild(); !c.IsZero(); c = c.NextSibling() {
		if !forwards(c, empty, yield) {
			return false
		}
	}
	return true
}

// backwards calls yield for everything in n, the last first, and for n, but for what
// is empty.
func backwards(n tree.Node, empty, yield func(tree.Node) bool) bool {
	if empty(n) {
		return true
	}
	var last tree.Node
	for c := n.FirstChild(); !c.IsZero(); c = c.NextSibling() {
		last = c
	}
	for ; !last.IsZero(); last = last.PrevSibling() {
		if !backwards(last, empty, yield) {
			return false
		}
	}
	return yield(n)
}

// meant finds the matches of a relation's pattern that mean the node d.
func (mt *Matcher) meant(r *relation, d tree.Node, m *Match, rest func() bool) bool {
	holds := false
	mt.meanings(r.named, d, func(inner *Match) bool {
		if !r.joined(m, inner) {
			return true
		}
		n := len(m.captures)
		for _, c := range inner.captures {
			if at := r.joins[c.index]; at >= 0 && slices.Contains(r.adds, at) && !hasCapture(m.captures[:n], at) {
				m.captures = append(m.captures, capture{at, c.node})
			}
		}
		holds = rest()
		m.captures = m.captures[:n]
		return !holds
	})
	return holds
}

// meanings calls yield for the matches of a named pattern that mean the node d,
// until yield returns false.
func (mt *Matcher) meanings(named *Query, d tree.Node, yield func(*Match) bool) {
	more := true
	for _, p := range named.patterns {
		if !mt.allowed(p) {
			continue
		}
		found := func(inner *Match) bool {
			if marked, ok := inner.Node(named.here); ok && marked != d || !ok && inner.root != d {
				return true
			}
			more = yield(inner)
			return more
		}
		if !p.always {
			mt.tryAt(p, d, tree.Node{}, found)
		}
		for _, depth := range p.here {
			root := d
			for k := int32(0); k < depth && !root.IsZero(); k++ {
				root = root.Parent()
			}
			for ; more && !root.IsZero() && mt.steps >= 0; root = root.PrevSibling() {
				mt.tryAt(p, root, d, found)
				if !p.siblings {
					break
				}
			}
			if !more {
				break
			}
		}
		if !more {
			return
		}
	}
}

// tryAt finds the matches of p that begin at n.
func (mt *Matcher) tryAt(p *pattern, n, want tree.Node, found func(*Match) bool) {
	row := &n.Frame().Unit.Rows[n.Row()]
	if !slices.ContainsFunc(p.starts, func(s int32) bool { return p.steps[s].takes(row) }) {
		return
	}
	run := mt.acquire()
	run.begin(p, found)
	run.want = want
	if p.siblings {
		run.along(n, p.starts, nil)
	} else {
		run.at(n, p.starts)
	}
	mt.release()
}

// joined reports that captures which both matches have agree in their texts.
func (r *relation) joined(m, inner *Match) bool {
	for i, at := range r.joins {
		if at < 0 || !m.has(int(at)) || !inner.has(i) {
			continue
		}
		a, b := -1, -1
		for {
			a, b = m.next(int(at), a), inner.next(i, b)
			if a < 0 || b < 0 {
				if a != b {
					return false
				}
				break
			}
			if !bytes.Equal(m.captures[a].node.Text(), inner.captures[b].node.Text()) {
				return false
			}
		}
	}
	return true
}

func hasCapture(captures []capture, index int32) bool {
	for _, c := range captures {
		if c.index == index {
			return true
		}
	}
	return false
}
