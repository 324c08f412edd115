package syntax

import (
	"bytes"
	"sort"

	"lectern/analysis/mask"
	"lectern/analysis/text"
	"lectern/analysis/tree"
)

// builder makes units out of rows.
type builder struct {
	lang   *Language
	walker walker
	text   *text.Text
	mask   *mask.Mask
	macros *macroCache
	whole  bool
	depth  int // containers around the list of items at hand

	fresh   []*tree.Unit // units made from new rows, whose macro bodies are to be spliced
	starts  []int        // where the fresh units start in the text
	renewed []renewal
}

// maxNesting bounds units inside units: `mod` in `mod`. What is deeper is rows of
// the innermost unit. Each level costs a look at all around it, so that thousands
// of levels would take minutes.
const maxNesting = 64

// renewal is a container whose own rows stayed while its kids changed.
type renewal struct {
	old, new *tree.Unit
	start    int
}

// root makes the root unit: the root node, and a gap for everything in it. With
// an old root and the damage since, units that the damage spares are kept.
func (b *builder) root(r ref, old *tree.Unit, d *damage) *tree.Unit {
	n := r.node
	flags := tree.Named
	if n.HasError() {
		flags |= tree.HasError
	}
	row := tree.Row{
		Start: n.StartByte(), End: n.EndByte(), Parent: -1, Skip: 2, Prev: -1,
		Symbol: b.lang.Tree.Canonical(uint16(n.Symbol())), Flags: flags,
	}
	length := uint32(b.text.Len())
	if b.whole {
		rows, _ := b.walker.items(r, false, 0, length+1)
		row.Skip = int32(len(rows) + 1)
		all := append(make([]tree.Row, 0, len(rows)+1), row)
		for _, c := range rows {
			c.Skip++
			c.Parent++ // -1, no parent, becomes the root's row
			if c.Prev >= 0 {
				c.Prev++
			}
			all = append(all, c)
		}
		return b.leaf(all, 0, int(length), nil, nil)
	}
	unit := &tree.Unit{
		Rows: []tree.Row{row, {Start: row.Start, End: row.End, Skip: 2, Prev: -1, Flags: tree.Gap}},
		Len:  length,
		Top:  1,
		Gap:  1,
	}
	h := hole{list: r, row: 1, start: 0, end: length + 1}
	if old == nil {
		unit.Kids = b.kids(h, 0)
		return unit
	}
	unit.Kids = b.update(h, 0, old.Kids, 0, d)
	if sameRows(old.Rows, unit.Rows) {
		b.renewed = append(b.renewed, renewal{old, unit, 0})
	} else {
		b.note(unit, 0)
	}
	return unit
}

// note remembers a unit that is new to whoever watches the tree.
func (b *builder) note(u *tree.Unit, start int) {
	b.fresh = append(b.fresh, u)
	b.starts = append(b.starts, start)
}

// sameRows compares rows without positions: what an edit inside a gap cannot
// change but by moving it.
func sameRows(a, b []tree.Row) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		x, y := a[i], b[i]
		x.Start, x.End, y.Start, y.End = 0, 0, 0, 0
		// An error inside the gap is no error in the rows themselves.
		x.Flags &^= tree.HasError
		y.Flags &^= tree.HasError
		if x != y {
			return false
		}
	}
	return true
}

// kids makes the units of a whole list of items. base is where the unit around
// it starts.
func (b *builder) kids(h hole, base int) []tree.Kid {
	return b.group(h, base, h.start, h.end, nil, nil).kids
}

// grouped is a run of new units.
type grouped struct {
	kids []tree.Kid
	open bool // the last unit has no item: comments or attributes that wait for one
}

// group walks the items that start in [from, to) and makes a unit of each, with
// the comments and attributes before it and the comment that ends its line. old
// are units that stood there, whose kids may be kept.
func (b *builder) group(h hole, base int, from, to uint32, old []oldUnit, d *damage) grouped {
	rows, holes := b.walker.items(h.list, b.depth < maxNesting, from, to)
	var g grouped
	nextHole := 0
	for first := 0; first < len(rows); {
		if b.bracket(rows[first], h) {
			first = int(rows[first].Skip)
			continue
		}
		end, item := first, false
		for end < len(rows) && !b.bracket(rows[end], h) {
			r := rows[end]
			if item && !(r.Flags&tree.Extra != 0 && b.sameLine(rows, first, end)) {
				break
			}
			item = item || !b.lang.isPrefix(r.Symbol)
			end = int(r.Skip)
		}
		start := int(rows[first].Start)
		last := first
		for i := first; i < end; i = int(rows[i].Skip) {
			last = i
		}
		unitRows := relative(rows[first:end], first, start)
		gap := -1
		var own *hole
		if nextHole < len(holes) && holes[nextHole].row < end {
			own = &holes[nextHole]
			gap = own.row - first
			nextHole++
		}
		var u *tree.Unit
		if own == nil {
			u = b.leaf(unitRows, start, int(rows[last].End), old, d)
		} else {
			u = b.container(unitRows, *own, gap, start, int(rows[last].End), old, d)
		}
		g.kids = append(g.kids, tree.Kid{Start: uint32(start - base), Unit: u})
		g.open = !item
		first = end
	}
	return g
}

// container makes a unit that has items of its own.
func (b *builder) container(rows []tree.Row, h hole, gap, start, end int, old []oldUnit, d *damage) *tree.Unit {
	b.depth++
	defer func() { b.depth-- }()
	u := &tree.Unit{Rows: rows, Len: uint32(end - start), Top: top(rows), Gap: int32(gap)}
	o := former(old, d, start, func(o *oldUnit) bool { return o.unit.Gap >= 0 && !o.taken && o.newStart == start })
	if o != nil {
		o.taken = true
		u.Kids = b.update(h, start, o.unit.Kids, o.start, d)
		// The header's text must be the same too: damage that stays inside the
		// gap leaves it so.
		if sameRows(o.unit.Rows, u.Rows) && d.inside(int(h.start), int(h.end), start, end) {
			b.renewed = append(b.renewed, renewal{o.unit, u, start})
		} else {
			b.note(u, start)
		}
		return u
	}
	u.Kids = b.kids(h, start)
	b.note(u, start)
	return u
}

// leaf makes a unit without a gap, or finds it among the old ones: the same text
// without errors gives the same rows.
func (b *builder) leaf(rows []tree.Row, start, end int, old []oldUnit, d *damage) *tree.Unit {
	content := b.text.Slice(start, end)
	if o := former(old, d, start, func(o *oldUnit) bool {
		return o.unit.Gap < 0 && !o.taken && bytes.Equal(o.unit.Text, content) && !broken(o.unit.Rows) && !broken(rows)
	}); o != nil {
		o.taken = true // a unit stands at one place: its Note may say which
		return o.unit
	}
	u := &tree.Unit{Rows: rows, Text: content, Len: uint32(end - start), Top: top(rows), Gap: -1}
	b.note(u, start)
	return u
}

// fewUnits is how many old units are all compared with a new one.
const fewUnits = 8

// former is the old unit that fits and stood where a new one starts, or, of a few
// old ones, any that fits.
func former(old []oldUnit, d *damage, start int, fits func(*oldUnit) bool) *oldUnit {
	if len(old) > 0 {
		pos := d.toOld(start)
		i := sort.Search(len(old), func(i int) bool { return old[i].start >= pos })
		if i < len(old) && old[i].start == pos && fits(&old[i]) {
			return &old[i]
		}
	}
	if len(old) <= fewUnits {
		for i := range old {
			if fits(&old[i]) {
				return &old[i]
			}
		}
	}
	return nil
}

// top counts the rows without a parent.
func top(rows []tree.Row) int32 {
	n := int32(0)
	for i := 0; i < len(rows); i = int(rows[i].Skip) {
		n++
	}
	return n
}

func broken(rows []tree.Row) bool {
	for i := 0; i < len(rows); i = int(rows[i].Skip) {
		if rows[i].Flags&tree.HasError != 0 {
			return true
		}
	}
	return false
}

// bracket reports the list's own brackets, which are rows of the unit around it.
func (b *builder) bracket(r tree.Row, h hole) bool {
	role := b.lang.role(r.Symbol)
	return role&roleOpen != 0 && r.End <= h.start || role&roleClose != 0 && r.Start >= h.end
}

// sameLine reports that no line ends between the item before row at and row at.
func (b *builder) sameLine(rows []tree.Row, first, at int) bool {
	prev := first
	for i := first; i < at; i = int(rows[i].Skip) {
		prev = i
	}
	end := int(rows[prev].End)
	return !bytes.ContainsAny(b.text.Slice(max(end-1, 0), int(rows[at].Start)), "\n\r")
}

// relative copies rows so that they count from row first and byte start.
func relative(rows []tree.Row, first, start int) []tree.Row {
	out := make([]tree.Row, len(rows))
	for i, r := range rows {
		r.Start -= uint32(start)
		r.End -= uint32(start)
		r.Skip -= int32(first)
		if r.Parent >= 0 {
			r.Parent -= int32(first)
		}
		if r.Prev >= int32(first) {
			r.Prev -= int32(first)
		} else {
			r.Prev = -1
		}
		out[i] = r
	}
	return out
}
