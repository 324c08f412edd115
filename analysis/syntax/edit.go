package syntax

import (
	"fmt"
	"slices"
	"sort"

	sitter "github.com/smacker/go-tree-sitter"

	"lectern/analysis/text"
	"lectern/analysis/tree"
)

// Delta says which units an edit made.
type Delta struct {
	// Fresh are the units whose own rows are new, at their frames in the new tree.
	Fresh []*tree.Frame
	// Renewed are containers whose own rows and text stayed while something
	// inside them changed; Old is the unit that the new one took the place of.
	Renewed []Renewed
}

// Renewed is a container that an edit went through.
type Renewed struct {
	Old *tree.Unit
	New *tree.Frame
}

// damaged is a stretch of text in which the old and the new tree may differ.
type damaged struct{ oldStart, oldEnd, newStart, newEnd int }

// damage is all of them, sorted, no two touching.
type damage struct{ ranges []damaged }

// Edit applies edits, in order, each in the coordinates that the ones before it
// left, and returns the next version. It ends p: on an error as well, since
// tree-sitter's tree no longer fits the text that p has.
func (p *Parse) Edit(edits []text.Edit) (*Parse, Delta, error) {
	next := &Parse{Text: p.Text, lang: p.lang, walker: p.walker, opts: p.opts, macros: p.macros}
	var d damage
	for _, e := range edits {
		before := next.Text
		start := max(0, min(e.Start, before.Len()))
		end := max(start, min(e.End, before.Len()))
		next.Text = before.Replace(start, end, []byte(e.New))
		p.sitter.Edit(input(before, next.Text, start, end, start+len(e.New)))
		d.edit(start, end, start+len(e.New))
	}
	if p.Mask != nil {
		m, changed := p.Mask.Edit(p.Text, next.Text, edits)
		next.Mask = m
		for _, c := range changed {
			p.sitter.Edit(input(next.Text, next.Text, c.Start, c.End, c.End))
			d.change(c.Start, c.End)
		}
	}
	old := p.sitter
	p.sitter = nil
	defer old.Close()
	if next.Text.Len() > MaxLength {
		return nil, Delta{}, ErrLength
	}
	var err error
	if next.sitter, err = next.parse(old); err != nil {
		return nil, Delta{}, fmt.Errorf("parsing %d bytes of %s after an edit: %w", next.Text.Len(), p.lang.Tree.Name, err)
	}
	spans, known := p.walker.changed(old, next.sitter)
	for _, s := range spans {
		d.change(s.start, min(s.end, next.Text.Len()))
	}
	b := next.builder()
	var was *tree.Unit
	if known && !p.opts.Whole {
		was = p.Tree.RootFrame().Unit
	}
	root := b.root(next.walker.root(next.sitter), was, &d)
	b.splice()
	next.Tree = tree.New(p.lang.Tree, next.Text, root)
	var delta Delta
	for i, u := range b.fresh {
		delta.Fresh = append(delta.Fresh, next.Tree.Find(u, b.starts[i]))
	}
	for _, r := range b.renewed {
		delta.Renewed = append(delta.Renewed, Renewed{r.old, next.Tree.Find(r.new, r.start)})
	}
	return next, delta, nil
}

// input describes an edit to tree-sitter. The binding sends OldEndPoint in the
// place of NewEndPoint as well, which spoils rows and columns; with the new end
// in both they come out right.
func input(before, after *text.Text, start, oldEnd, newEnd int) sitter.EditInput {
	point := func(t *text.Text, off int) sitter.Point {
		row, column := t.Row(off)
		return sitter.Point{Row: uint32(row), Column: uint32(column)}
	}
	end := point(after, newEnd)
	return sitter.EditInput{
		StartIndex: uint32(start), OldEndIndex: uint32(oldEnd), NewEndIndex: uint32(newEnd),
		StartPoint: point(before, start), OldEndPoint: end, NewEndPoint: end,
	}
}

// edit adds the replacement of [start, end), in the newest coordinates, by text
// that ends at newEnd.
func (d *damage) edit(start, end, newEnd int) {
	at := damaged{oldStart: d.toOld(start), oldEnd: d.toOld(end), newStart: start, newEnd: newEnd}
	shift := newEnd - end
	var out []damaged
	for _, r := range d.ranges {
		switch {
		case r.newEnd < start:
			out = append(out, r)
		case r.newStart > end:
			r.newStart += shift
			r.newEnd += shift
			out = append(out, r)
		default:
			at.oldStart, at.oldEnd = min(at.oldStart, r.oldStart), max(at.oldEnd, r.oldEnd)
			at.newStart, at.newEnd = min(at.newStart, r.newStart), max(at.newEnd, r.newEnd+shift)
		}
	}
	d.insert(out, at)
}

// change adds a stretch of the new text that is read differently, without an edit.
func (d *damage) change(start, end int) {
	at := damaged{d.toOld(start), d.toOld(end), start, end}
	var out []damaged
	for _, r := range d.ranges {
		if r.newEnd < start || r.newStart > end {
			out = append(out, r)
			continue
		}
		at.oldStart, at.oldEnd = min(at.oldStart, r.oldStart), max(at.oldEnd, r.oldEnd)
		at.newStart, at.newEnd = min(at.newStart, r.newStart), max(at.newEnd, r.newEnd)
	}
	d.insert(out, at)
}

func (d *damage) insert(ranges []damaged, at damaged) {
	i := sort.Search(len(ranges), func(i int) bool { return ranges[i].newStart > at.newStart })
	d.ranges = slices.Insert(ranges, i, at)
}

// toOld maps a position of the new text to the old; inside damage, to its end.
func (d *damage) toOld(pos int) int {
	for i := len(d.ranges) - 1; i >= 0; i-- {
		r := d.ranges[i]
		if pos >= r.newEnd {
			return pos - r.newEnd + r.oldEnd
		}
		if pos > r.newStart {
			return r.oldEnd
		}
	}
	return pos
}

// toNew maps a position of the old text to the new; inside damage, to its end.
func (d *damage) toNew(pos int) int {
	i := sort.Search(len(d.ranges), func(i int) bool { return d.ranges[i].oldEnd > pos })
	if i < len(d.ranges) && pos > d.ranges[i].oldStart {
		return d.ranges[i].newEnd
	}
	if i > 0 {
		return pos - d.ranges[i-1].oldEnd + d.ranges[i-1].newEnd
	}
	return pos
}

// place is toNew, or -1 inside damage, where no position has a counterpart.
func (d *damage) place(pos int) int {
	for _, r := range d.ranges {
		if pos > r.oldStart && pos < r.oldEnd {
			return -1
		}
	}
	return d.toNew(pos)
}

// inside reports that the damage that touches [start, end) of the new text lies
// in [from, to).
func (d *damage) inside(from, to, start, end int) bool {
	for _, r := range d.ranges {
		if r.newEnd >= start && r.newStart <= end && (r.newStart < from || r.newEnd > to) {
			return false
		}
	}
	return true
}

// oldUnit is a unit of the tree before, with its place then and now.
type oldUnit struct {
	unit     *tree.Unit
	start    int // in the old text
	newStart int // in the new text, or -1: inside damage
	taken    bool
}

// update makes the units of a list of items, and keeps those of the old list
// that no damage touches. base and oldBase are where the units around the two
// lists start.
func (b *builder) update(h hole, base int, old []tree.Kid, oldBase int, d *damage) []tree.Kid {
	start := func(i int) int { return oldBase + int(old[i].Start) }
	end := func(i int) int { return start(i) + int(old[i].Unit.Len) }
	kids := make([]tree.Kid, 0, len(old)+4)
	keep := func(from, to int) {
		for i := from; i < to; i++ {
			kids = append(kids, tree.Kid{Start: uint32(d.toNew(start(i)) - base), Unit: old[i].Unit})
		}
	}
	done := 0 // old kids dealt with
	fresh, renewed := len(b.fresh), len(b.renewed)
	for k := 0; k < len(d.ranges); k++ {
		r := d.ranges[k]
		if r.newEnd < int(h.start) || r.newStart > int(h.end) {
			continue
		}
		i0, i1 := touched(len(old), start, end, r)
		for k+1 < len(d.ranges) { // damage to a neighbor is one piece of work
			j0, j1 := touched(len(old), start, end, d.ranges[k+1])
			if j0 > i1 || d.ranges[k+1].newStart > int(h.end) {
				break
			}
			i1 = max(i1, j1)
			k++
		}
		i0 = max(i0, done)
		i1 = max(i1, i0)
		keep(done, i0)
		g, ok := b.region(h, base, old, oldBase, &i1, i0, d)
		if !ok {
			b.forget(fresh, renewed)
			return b.again(h, base, old, oldBase, d)
		}
		kids = append(kids, g...)
		done = i1
	}
	keep(done, len(old))
	if !b.complete(h, base, kids) {
		b.forget(fresh, renewed)
		return b.again(h, base, old, oldBase, d)
	}
	return kids
}

// again makes a whole list of items anew, but for the units that stood at the
// same places with the same text.
func (b *builder) again(h hole, base int, old []tree.Kid, oldBase int, d *damage) []tree.Kid {
	was := make([]oldUnit, len(old))
	for i, k := range old {
		start := oldBase + int(k.Start)
		was[i] = oldUnit{unit: k.Unit, start: start, newStart: d.place(start)}
	}
	return b.group(h, base, h.start, h.end, was, d).kids
}

// complete reports that kids are all of a list of items. Damage says where the
// text is read differently; when broken code makes items change hands from one
// list to another without being read differently, only the count shows it.
func (b *builder) complete(h hole, base int, kids []tree.Kid) bool {
	n := h.brackets
	for _, k := range kids {
		n += int(k.Unit.Top)
	}
	if n != b.walker.children(h.list) {
		return false
	}
	if len(kids) == 0 {
		return true
	}
	last := kids[len(kids)-1]
	return base+int(kids[0].Start) >= int(h.start) && base+int(last.Start+last.Unit.Len) <= int(h.end)
}

// touched is the run of old kids that damage may have changed: those that it
// meets, and the neighbor of an end that is not inside one.
func touched(n int, start, end func(int) int, r damaged) (int, int) {
	i0 := sort.Search(n, func(i int) bool { return end(i) >= r.oldStart })
	i1 := i0 + sort.Search(n-i0, func(i int) bool { return start(i0+i) > r.oldEnd })
	if i0 > 0 && (i0 == n || start(i0) >= r.oldStart) {
		i0--
	}
	if i1 < n && (i1 == i0 || end(i1-1) <= r.oldEnd) {
		i1++
	}
	return i0, i1
}

// region makes anew what stands in the place of the old kids [i0, *i1), and
// takes in more of them where comments or attributes wait for an item. False
// when the new tree does not fit between the kids that are kept.
func (b *builder) region(h hole, base int, old []tree.Kid, oldBase int, i1 *int, i0 int, d *damage) ([]tree.Kid, bool) {
	at := func(i int) oldUnit {
		s := oldBase + int(old[i].Start)
		return oldUnit{unit: old[i].Unit, start: s, newStart: d.place(s)}
	}
	from := int(h.start)
	if i0 > 0 {
		from = d.toNew(at(i0-1).start + int(old[i0-1].Unit.Len))
	}
	for {
		to := int(h.end)
		if *i1 < len(old) {
			to = d.toNew(at(*i1).start)
		}
		if to < from {
			return nil, false
		}
		was := make([]oldUnit, 0, *i1-i0)
		for i := i0; i < *i1; i++ {
			was = append(was, at(i))
		}
		fresh, renewed := len(b.fresh), len(b.renewed)
		g := b.group(h, base, uint32(from), uint32(to), was, d)
		if n := len(g.kids); n > 0 && base+int(g.kids[n-1].Start+g.kids[n-1].Unit.Len) > to && *i1 < len(old) {
			return nil, false
		}
		if g.open && *i1 < len(old) {
			b.forget(fresh, renewed)
			*i1++
			continue
		}
		return g.kids, true
	}
}

// forget drops the units noted since there were so many.
func (b *builder) forget(fresh, renewed int) {
	b.fresh, b.starts, b.renewed = b.fresh[:fresh], b.starts[:fresh], b.renewed[:renewed]
}
