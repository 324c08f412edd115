package query

import (
	"encoding/binary"
	"slices"

	"lectern/analysis/tree"
)

// Many units may ask the same of the file around them, which is long: whether it has
// a declaration of some kind, or one of some name. Such a question is answered for
// the whole tree, and a unit does not depend on all that was looked at for it but on
// the answer.

// Asked is a question about a unit around the one at work that a relation asked, and
// its answer.
type Asked struct {
	Pattern *Query
	Up      int    // levels
	Row     int    // the node, in that unit
	Texts   string // of the captures that both have
	Holds   bool
}

// telling is what a named pattern means a node with.
type telling struct {
	named *Query
	node  tree.Node
}

// told is a match of a telling: the texts of its captures that are not private.
type told []struct {
	capture int32
	texts   string
}

// maxTold bounds the matches that are kept of one telling.
const maxTold = 1 << 14

// above is how many levels above the unit at work a node stands about which a
// relation has a question that can be told; false for any other.
func (mt *Matcher) above(r *relation, d tree.Node) (int, bool) {
	if !r.alone || d.Frame() == mt.unit {
		return 0, false
	}
	up := 0
	for f := mt.unit; f != nil; f = f.Parent {
		if f == d.Frame() {
			return up, true
		}
		up++
	}
	return 0, false
}

// tell answers whether a relation's pattern means a node of a unit around.
func (mt *Matcher) tell(r *relation, d tree.Node, m *Match, up int) bool {
	a := Asked{Pattern: r.named, Up: up, Row: d.Row(), Texts: r.texts(m)}
	for i := range mt.asked {
		if o := &mt.asked[i]; o.Pattern == a.Pattern && o.Up == up && o.Row == a.Row && o.Texts == a.Texts {
			return o.Holds
		}
	}
	holds, ok := mt.answer(&a, d)
	if !ok {
		return mt.meant(r, d, m, func() bool { return true })
	}
	a.Holds = holds
	mt.asked = append(mt.asked, a)
	return holds
}

// answer answers a question; false when there is too much to look at.
func (mt *Matcher) answer(a *Asked, d tree.Node) (holds, ok bool) {
	key := telling{a.Pattern, d}
	all, known := mt.told[key]
	if !known {
		tooMany := false
		d.Tree().Unwatched(func() {
			mt.meanings(a.Pattern, d, func(inner *Match) bool {
				all = append(all, inner.told())
				tooMany = len(all) > maxTold
				return !tooMany
			})
		})
		if tooMany || mt.steps < 0 {
			return false, false
		}
		mt.told[key] = all
	}
	return slices.ContainsFunc(all, func(t told) bool { return t.fits(a.Texts) }), true
}

// texts are the texts of the captures of m that a relation's pattern has too, by the
// pattern's numbers.
func (r *relation) texts(m *Match) string {
	var b []byte
	for i, at := range r.joins {
		if at >= 0 && m.has(int(at)) {
			b = binary.AppendUvarint(b, uint64(i))
			texts := m.texts(int(at))
			b = append(binary.AppendUvarint(b, uint64(len(texts))), texts...)
		}
	}
	return string(b)
}

// texts are the texts of a capture's nodes.
func (m *Match) texts(capture int) string {
	var b []byte
	m.EachOf(capture, func(n tree.Node) bool {
		text := n.Text()
		b = append(binary.AppendUvarint(b, uint64(len(text))), text...)
		return true
	})
	return string(b)
}

func (m *Match) told() told {
	var t told
	for i, name := range m.Query.captures {
		if !private(name) && m.has(i) {
			t = append(t, struct {
				capture int32
				texts   string
			}{int32(i), m.texts(i)})
		}
	}
	return t
}

// fits reports that the texts of a question are those of the match, where it has the
// captures.
func (t told) fits(texts string) bool {
	b := []byte(texts)
	for len(b) > 0 {
		capture, n := binary.Uvarint(b)
		length, k := binary.Uvarint(b[n:])
		b = b[n+k:]
		for i := range t {
			if t[i].capture == int32(capture) && t[i].texts != string(b[:length]) {
				return false
			}
		}
		b = b[length:]
	}
	return true
}

// Asked are the questions that the last unit led to.
func (mt *Matcher) Asked() []Asked { return slices.Clone(mt.asked) }

// Holds answers a question again, about the unit in f; false, too, when there is too
// much to look at.
func (mt *Matcher) Holds(a Asked, f *tree.Frame) bool {
	mt.look(f.Tree())
	mt.ctx, mt.depth, mt.steps = &Context{}, 0, (*Budget)(nil).steps(len(f.Unit.Rows)+len(f.Unit.Kids))
	defer func() { mt.ctx = nil }()
	clear(mt.fixed)
	holds, _ := mt.answer(&a, f.Node(a.Row))
	return holds
}

// Minds reports that the answer about a unit may be another one when units with the
// marks come or go in it.
func (a *Asked) Minds(u *tree.Unit, marks uint64) bool {
	depth := 0
	for row := u.Gap; row >= 0 && int(row) != a.Row; row = u.Rows[row].Parent {
		depth++
	}
	return depth >= maxInside || a.Pattern.inside[depth]&marks != 0
}
