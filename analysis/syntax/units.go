package syntax

import (
	"bytes"
	"hash/maphash"
	"slices"

	"lectern/analysis/mask"
	"lectern/analysis/text"
	"lectern/analysis/tree"
)

// builder makes units out of rows.
type builder struct {
	lang    *Language
	walker  walker
	text    *text.Text
	mask    *mask.Mask
	macros  *macroCache
	room    *room // for rows that are spliced; nil for a text that may be edited
	whole   bool
	plain   bool // as tree-sitter has it
	at      int  // where the text that the walker walks starts in text: see piece
	depth   int  // containers around the list of items at hand
	changed bool // one of them was not there before, or not in the same containers

	was     *former      // what an edit was made to; nil for a text that is new
	fresh   []*tree.Unit // units made from new rows, whose macro bodies are to be spliced
	starts  []int        // where the fresh units start in the text
	renewed []renewal
	moved   []place

	spliced []tree.Row // memory of insert's
	went    []int32
}

// rows is memory for n rows of a unit.
func (b *builder) rows(n int) []tree.Row {
	if b.room == nil {
		return make([]tree.Row, n)
	}
	return b.room.take(n, slabRows)
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

// place is a unit with its place in the text.
type place struct {
	unit  *tree.Unit
	start int
}

// root makes the root unit: the root node, and a gap for everything in it.
func (b *builder) root(r ref) *tree.Unit {
	row := b.walker.describe(r)
	loose := row.Symbol == tree.Error
	row.Skip = 2
	row.Flags = tree.Named | row.Flags&tree.HasError
	if row.Symbol == tree.Error && !b.plain {
		// An error somewhere can make the parser give up the root, and with each key
		// that is typed there take it up again. What looks up to it sees one file.
		row.Symbol = b.lang.root
	}
	length := uint32(b.text.Len())
	if b.whole {
		rows, _ := b.walker.items(r, false, 0, length+1)
		return b.leaf(under(row, rows), &run{end: 1, length: int(length)}, nil)
	}
	unit := &tree.Unit{
		Rows: []tree.Row{row, {Start: row.Start, End: row.End, Skip: 2, Prev: -1, Flags: tree.Gap}},
		Len:  length,
		Top:  1,
		Gap:  1,
	}
	h := hole{list: r, row: 1, start: 0, end: length + 1, loose: loose}
	if b.was == nil {
		unit.Kids = b.list(h, 0, nil)
		return unit
	}
	old := b.was.root
	unit.Kids = b.list(h, 0, old)
	if sameRows(old.Rows, unit.Rows) {
		b.renewed = append(b.renewed, renewal{old, unit, 0})
	} else {
		b.note(unit, 0)
	}
	return unit
}

// old is the root unit of the tree before, or nil.
func (b *builder) old() *tree.Unit {
	if b.was == nil {
		return nil
	}
	return b.was.root
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

// run is the children of a list that make one unit: an item with the comments and
// attributes before it and the comment that ends its line.
type run struct {
	first, end int // children of the list, by number
	start      int // in the text
	length     int
	broken     bool // there is an error in it
}

// list makes the units of a list of items. base is where the unit around it
// starts, and old is that unit in the tree before, if it was there. Units of that
// tree whose text is the same are kept, wherever they stood.
func (b *builder) list(h hole, base int, old *tree.Unit) []tree.Kid {
	outline := b.outline(h)
	return b.units(outline, b.runs(outline, h), h, base, old)
}

// outline is the outline of a list, at its place in the text.
func (b *builder) outline(h hole) []tree.Row {
	outline := b.walker.outline(h.list)
	if b.at > 0 {
		for i := range outline {
			outline[i].Start += uint32(b.at)
			outline[i].End += uint32(b.at)
		}
	}
	return outline
}

// units makes the units of runs of an outline.
func (b *builder) units(outline []tree.Row, runs []run, h hole, base int, old *tree.Unit) []tree.Kid {
	kids := make([]tree.Kid, len(runs))
	for i := range runs {
		kids[i] = tree.Kid{Start: uint32(runs[i].start - base), Unit: b.keep(&runs[i], outline, old)}
	}
	for i := 0; i < len(runs); i++ {
		if kids[i].Unit != nil {
			continue
		}
		j := i + 1 // what is new side by side is walked in one go
		for j < len(runs) && kids[j].Unit == nil && runs[j].first == runs[j-1].end {
			j++
		}
		b.make(h, runs[i:j], kids[i:j], old)
		i = j - 1
	}
	return kids
}

// keep is the unit of the tree before that a run makes again, or nil: one with the
// same text whose items are the same. Without errors, that gives the same rows.
func (b *builder) keep(r *run, outline []tree.Row, old *tree.Unit) *tree.Unit {
	if b.was == nil || r.broken {
		return nil
	}
	same := func(u *tree.Unit) bool { return sameItems(u, outline[r.first:r.end]) }
	u, around := b.was.again(r, same)
	if u == nil {
		u, around = b.was.undone(b.text.Slice(r.start, r.start+r.length), r, same)
	}
	switch {
	case u == nil || u.Gap >= 0 && (around != old || b.changed):
		return nil // the items of a container elsewhere are looked up one by one
	case around != old:
		b.moved = append(b.moved, place{u, r.start})
	}
	return u
}

// sameItems reports that a unit has the nodes of an outline at its top.
func sameItems(u *tree.Unit, outline []tree.Row) bool {
	if int(u.Top) != len(outline) {
		return false
	}
	shift := outline[0].Start
	i := 0
	for k := range outline {
		o, row := &outline[k], &u.Rows[i]
		if row.Start != o.Start-shift || row.End != o.End-shift || row.Symbol != o.Symbol || row.Flags != o.Flags {
			return false
		}
		i = int(row.Skip)
	}
	return true
}

// runs says which children of a list make a unit together.
func (b *builder) runs(outline []tree.Row, h hole) []run {
	runs := make([]run, 0, len(outline))
	for first := 0; first < len(outline); {
		if b.bracket(outline[first], h) {
			first++
			continue
		}
		end := b.item(outline, first, h)
		if h.loose && b.piece(&outline[first]) {
			end = b.pieces(outline, first)
		}
		r := run{first: first, end: end, start: int(outline[first].Start)}
		r.length = int(outline[end-1].End) - r.start
		for i := first; i < end; i++ {
			r.broken = r.broken || outline[i].Flags&tree.HasError != 0
		}
		runs = append(runs, r)
		first = end
	}
	return runs
}

// item is where the run of an item ends that begins at a child.
func (b *builder) item(outline []tree.Row, first int, h hole) int {
	end, item := first, false
	for ; end < len(outline) && !b.bracket(outline[end], h); end++ {
		row := &outline[end]
		if item && !(row.Flags&tree.Extra != 0 && b.sameLine(outline[end-1].End, row.Start)) {
			break
		}
		item = item || !b.lang.isPrefix(row.Symbol)
	}
	return end
}

// pieces is where a run of tokens ends: with a semicolon or a brace, or before what
// is no token.
func (b *builder) pieces(outline []tree.Row, first int) int {
	end := first
	for end < len(outline) && b.piece(&outline[end]) {
		end++
		if b.lang.role(outline[end-1].Symbol)&(roleEnd|roleClose) != 0 {
			break
		}
	}
	return end
}

// piece reports a token in an outline.
func (b *builder) piece(row *tree.Row) bool { return row.Skip == 0 && !b.lang.isPrefix(row.Symbol) }

// make walks the children of a list that runs side by side have, and makes a unit
// of each run.
func (b *builder) make(h hole, runs []run, kids []tree.Kid, old *tree.Unit) {
	if f, ok := b.walker.(*flat); ok {
		f.units(b, h, runs, kids, old)
		return
	}
	first, last := &runs[0], &runs[len(runs)-1]
	rows, holes := b.walker.pick(h.list, b.depth < maxNesting, uint32(first.start-b.at), first.first, last.end-first.first)
	for i := range holes {
		holes[i].start += uint32(b.at)
		holes[i].end += uint32(b.at)
	}
	at := 0
	for i := range runs {
		r := &runs[i]
		end := at
		for range r.end - r.first {
			end = int(rows[end].Skip)
		}
		own := relative(rows[at:end], at, r.start-b.at)
		var u *tree.Unit
		if len(holes) > 0 && holes[0].row < end {
			u = b.container(own, holes[0], holes[0].row-at, r, old)
			for len(holes) > 0 && holes[0].row < end { // broken code may have two lists in an item
				holes = holes[1:]
			}
		} else {
			u = b.leaf(own, r, old)
		}
		kids[i].Unit = u
		at = end
	}
}

// container makes a unit that has items of its own.
func (b *builder) container(rows []tree.Row, h hole, gap int, r *run, old *tree.Unit) *tree.Unit {
	u := &tree.Unit{Rows: rows, Len: uint32(r.length), Top: int32(r.end - r.first), Gap: int32(gap)}
	var was, around *tree.Unit
	if b.was != nil {
		was, around = b.was.container(r)
	}
	changed := b.changed
	b.changed = changed || around != old
	b.depth++
	u.Kids = b.list(h, r.start, was)
	b.depth--
	b.changed = changed
	switch {
	case was == nil || around != old || !sameRows(was.Rows, rows) || !b.was.damage.inside(int(h.start), int(h.end), r.start, r.start+r.length):
		b.note(u, r.start)
	case was.Len == u.Len && slices.Equal(was.Rows, rows) && slices.Equal(was.Kids, u.Kids):
		return was
	default:
		b.renewed = append(b.renewed, renewal{was, u, r.start})
	}
	return u
}

// leaf makes a unit without a gap. One that is broken may be what it was: its text
// alone does not tell.
func (b *builder) leaf(rows []tree.Row, r *run, old *tree.Unit) *tree.Unit {
	u := &tree.Unit{Rows: rows, Len: uint32(r.length), Top: int32(r.end - r.first), Gap: -1}
	if r.broken {
		u.Shape = shapeOf(rows)
		if b.was != nil {
			was, around := b.was.again(r, func(o *tree.Unit) bool { return o.Gap < 0 && o.Shape == u.Shape })
			if was != nil && around != old {
				b.moved = append(b.moved, place{was, r.start})
			}
			if was != nil {
				return was
			}
		}
	}
	u.Text = b.text.Slice(r.start, r.start+r.length)
	b.note(u, r.start)
	return u
}

// seed is of this process: shapes do not leave it.
var seed = maphash.MakeSeed()

// shapeOf tells rows apart; it is never 0.
func shapeOf(rows []tree.Row) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	for i := range rows {
		maphash.WriteComparable(&h, rows[i])
	}
	return h.Sum64() | 1
}

// bracket reports the list's own brackets, which are rows of the unit around it.
func (b *builder) bracket(r tree.Row, h hole) bool {
	role := b.lang.role(r.Symbol)
	return role&roleOpen != 0 && r.End <= h.start || role&roleClose != 0 && r.Start >= h.end
}

// sameLine reports that no line ends between what ends at end and what starts at
// start.
func (b *builder) sameLine(end, start uint32) bool {
	return !bytes.ContainsAny(b.text.Slice(max(int(end)-1, 0), int(start)), "\n\r")
}

// relative copies rows so that they count from row first and byte start.
func relative(rows []tree.Row, first, start int) []tree.Row {
	return relativeTo(make([]tree.Row, len(rows)), rows, first, start)
}

// relativeTo does so into out, which may be the rows themselves.
func relativeTo(out, rows []tree.Row, first, start int) []tree.Row {
	for i, r := range rows {
		r.Start -= uint32(start)
		r.End -= uint32(start)
		r.Skip -= int32(first)
		if r.Parent >= int32(first) {
			r.Parent -= int32(first)
		} else {
			r.Parent = -1
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
