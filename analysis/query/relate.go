package query

import (
	"bytes"
	"encoding/binary"
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
			up, with, ok := mt.above(r, d, m)
			switch {
			case !ok:
				holds = mt.meant(r, d, m, rest)
			case mt.tell(r, d, m, up, with):
				// What it captures there is looked for only when there is something.
				holds = len(r.adds) == 0 && rest() || len(r.adds) > 0 && mt.meant(r, d, m, rest)
			}
		}
		return !holds && mt.steps >= 0
	}
	m.EachOf(r.capture, func(n tree.Node) bool {
		r.around(n, look)
		return !holds && mt.steps >= 0
	})
	return holds
}

// above is how many levels above the unit at work a node stands about which a
// relation has a question that can be told, and the texts that it asks with; false
// for any other.
func (mt *Matcher) above(r *relation, d tree.Node, m *Match) (up int, with string, ok bool) {
	if !r.alone || d.Frame() == mt.unit {
		return 0, "", false
	}
	for f := mt.unit; f != d.Frame(); f = f.Parent {
		if f == nil {
			return 0, "", false
		}
		up++
	}
	var texts []byte
	for i, at := range r.joins {
		if at < 0 {
			continue
		}
		nodes := 0
		m.EachOf(int(at), func(n tree.Node) bool {
			t := n.Text()
			texts = append(binary.AppendUvarint(binary.AppendUvarint(texts, uint64(i)), uint64(len(t))), t...)
			nodes++
			return true
		})
		if nodes > 1 {
			return 0, "", false
		}
	}
	return up, string(texts), true
}

// Asked is a question about a unit around the one at work that was answered for the
// whole tree: whether a named pattern means one of its nodes.
type Asked struct {
	Pattern *Query
	Up      int // levels
	Row     int
	With    string // the texts that captures must have, in order: index, length, text
	Holds   bool
}

// telling is such a question in a tree.
type telling struct {
	named *Query
	node  tree.Node
	with  string
}

// tell answers whether a named pattern means a node of a unit around, where nothing
// else but the texts of captures decides that. Many units may ask the same of the
// file around them, which is long. What the answer depends on is not of the unit: it
// is in asked.
func (mt *Matcher) tell(r *relation, d tree.Node, m *Match, up int, with string) bool {
	key := telling{r.named, d, with}
	holds, known := mt.told[key]
	if !known {
		asks := relation{named: r.named, joins: r.joins}
		d.Tree().Unwatched(func() { holds = mt.meant(&asks, d, m, func() bool { return true }) })
		if mt.steps < 0 {
			return holds
		}
		mt.told[key] = holds
	}
	a := Asked{r.named, up, d.Row(), with, holds}
	if !slices.Contains(mt.asked, a) {
		mt.asked = append(mt.asked, a)
	}
	return holds
}

// Asked are the questions that the last unit led to.
func (mt *Matcher) Asked() []Asked { return slices.Clone(mt.asked) }

// Holds answers a question again; f is the unit that it is about.
func (mt *Matcher) Holds(a Asked, f *tree.Frame) bool {
	mt.look(f.Tree())
	key := telling{a.Pattern, f.Node(a.Row), a.With}
	holds, known := mt.told[key]
	if !known {
		mt.ctx, mt.steps, mt.depth = &Context{}, (*Budget)(nil).steps(len(f.Unit.Rows)+len(f.Unit.Kids)), 0
		asks := relation{named: a.Pattern, joins: nowhere(a.Pattern), texts: a.texts()}
		holds = mt.meant(&asks, key.node, &Match{}, func() bool { return true })
		mt.ctx = nil
		mt.told[key] = holds
	}
	return holds
}

// texts are the texts that captures must have.
func (a *Asked) texts() map[int]string {
	texts := map[int]string{}
	for with := []byte(a.With); len(with) > 0; {
		index, n := binary.Uvarint(with)
		length, k := binary.Uvarint(with[n:])
		with = with[n+k:]
		texts[int(index)] = string(with[:length])
		with = with[length:]
	}
	return texts
}

// nowhere joins no capture of a pattern.
func nowhere(q *Query) []int32 {
	joins := make([]int32, len(q.captures))
	for i := range joins {
		joins[i] = -1
	}
	return joins
}

// Minds reports that the answer about a unit may be another one when units with the
// marks come or go in it.
func (a *Asked) Minds(u *tree.Unit, marks uint64) bool {
	depth := 0
	for row := int32(u.Gap); row >= 0 && int(row) != a.Row; row = u.Rows[row].Parent {
		depth++
	}
	return depth >= maxInside || a.Pattern.inside[depth]&marks != 0
}

// around calls yield for the nodes that a relation looks at, the nearest first.
func (r *relation) around(n tree.Node, yield func(tree.Node) bool) {
	switch r.kind {
	case insideRelation:
		for p := n.Parent(); !p.IsZero() && yield(p); p = p.Parent() {
		}
	case hasRelation:
		n.Descendants(func(d tree.Node) bool { return d == n || yield(d) })
	case precedesRelation:
		r.beside(n, func(s tree.Node) bool {
			more := true
			for x := s.NextSibling(); !x.IsZero() && more; x = x.NextSibling() {
				x.Descendants(func(d tree.Node) bool { more = yield(d); return more })
			}
			return more
		})
	case followsRelation:
		r.beside(n, func(s tree.Node) bool {
			more := true
			for x := s.PrevSibling(); !x.IsZero() && more; x = x.PrevSibling() {
				more = backwards(x, yield)
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

// backwards calls yield for everything in n, the last first, and for n.
func backwards(n tree.Node, yield func(tree.Node) bool) bool {
	var last tree.Node
	for c := n.FirstChild(); !c.IsZero(); c = c.NextSibling() {
		last = c
	}
	for ; !last.IsZero(); last = last.PrevSibling() {
		if !backwards(last, yield) {
			return false
		}
	}
	return yield(n)
}

// meant finds the matches of a relation's pattern that mean the node d.
func (mt *Matcher) meant(r *relation, d tree.Node, m *Match, rest func() bool) bool {
	holds := false
	for _, p := range r.named.patterns {
		if !mt.allowed(p) {
			continue
		}
		found := func(inner *Match) bool {
			if marked, ok := inner.Node(r.named.here); ok && marked != d || !ok && inner.root != d || !r.joined(m, inner) {
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
		}
		if !p.always {
			mt.tryAt(p, d, tree.Node{}, found)
		}
		for _, depth := range p.here {
			root := d
			for k := int32(0); k < depth && !root.IsZero(); k++ {
				root = root.Parent()
			}
			for ; !holds && !root.IsZero() && mt.steps >= 0; root = root.PrevSibling() {
				mt.tryAt(p, root, d, found)
				if !p.siblings {
					break
				}
			}
			if holds {
				break
			}
		}
		if holds {
			return true
		}
	}
	return false
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
	for i, text := range r.texts {
		nodes, differs := 0, false
		inner.EachOf(i, func(n tree.Node) bool {
			nodes++
			differs = differs || string(n.Text()) != text
			return true
		})
		if differs || nodes > 1 {
			return false
		}
	}
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
