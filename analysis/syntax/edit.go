package syntax

import (
	"errors"
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
	// Moved are units as they were that stand in another container now.
	Moved []*tree.Unit
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
	if !p.open {
		return nil, Delta{}, errors.New("the text was parsed to be looked at once, or its parse is closed")
	}
	p.open = false
	next := &Parse{Text: p.Text, lang: p.lang, walker: p.walker, opts: p.opts, macros: p.macros, uncut: p.uncut, open: true}
	var d damage
	for _, e := range edits {
		before := next.Text
		start, end := bounds(before, e)
		next.Text = before.Replace(start, end, []byte(e.New))
		if p.sitter != nil {
			p.sitter.Edit(input(before, next.Text, start, end, start+len(e.New)))
		}
		d.edit(start, end, start+len(e.New))
	}
	var remasked []text.Range
	if p.Mask != nil {
		next.Mask, remasked = p.Mask.Edit(p.Text, next.Text, edits)
		for _, c := range remasked {
			if p.sitter != nil {
				p.sitter.Edit(input(next.Text, next.Text, c.Start, c.End, c.End))
			}
			d.change(c.Start, c.End)
		}
	}
	was := &former{root: p.Tree.RootFrame().Unit, damage: &d, remasked: remasked}
	if next.Text.Len() > MaxLength {
		p.Close()
		return nil, Delta{}, ErrLength
	}
	if b := p.piece(next, was, edits); b != nil {
		next.sitter, p.sitter = p.sitter, nil // it is of the text before, and knows it
		return next, next.delta(b), nil
	}
	b := next.builder()
	if !p.opts.Whole {
		b.was = was
	}
	root, err := p.remake(next, b, edits)
	p.Close()
	if err != nil {
		return nil, Delta{}, fmt.Errorf("parsing %d bytes of %s after an edit: %w", next.Text.Len(), p.lang.Tree.Name, err)
	}
	next.finish(b, root)
	return next, next.delta(b), nil
}

// remake makes the units of next, which is p after edits.
func (p *Parse) remake(next *Parse, b *builder, edits []text.Edit) (*tree.Unit, error) {
	switch {
	case p.opts.Plain:
		return next.make(b, nil)
	case p.list == nil || p.uncut || p.opts.Whole:
		return next.make(b, p.sitter)
	}
	return p.restretch(next, b, edits)
}

// bounds are an edit's start and end within the text.
func bounds(t *text.Text, e text.Edit) (start, end int) {
	start = max(0, min(e.Start, t.Len()))
	return start, max(start, min(e.End, t.Len()))
}

// delta is what a builder made of the tree.
func (p *Parse) delta(b *builder) Delta {
	var delta Delta
	for i, u := range b.fresh {
		delta.Fresh = append(delta.Fresh, p.Tree.Find(u, b.starts[i]))
	}
	for _, r := range b.renewed {
		delta.Renewed = append(delta.Renewed, Renewed{r.old, p.Tree.Find(r.new, r.start)})
	}
	for _, m := range b.moved {
		delta.Moved = append(delta.Moved, m.unit)
	}
	return delta
}

// input describes an edit to tree-sitter.
func input(before, after *text.Text, start, oldEnd, newEnd int) sitter.EditInput {
	return inputFrom(before, after, 0, start, oldEnd, newEnd)
}

// inputFrom describes an edit of a text that starts at from. The binding sends
// OldEndPoint in the place of NewEndPoint as well, which spoils rows and columns;
// with the new end in both they come out right.
func inputFrom(before, after *text.Text, from, start, oldEnd, newEnd int) sitter.EditInput {
	row0, column0 := 0, 0
	if from > 0 {
		row0, column0 = before.Row(from)
	}
	point := func(t *text.Text, off int) sitter.Point {
		row, column := t.Row(off)
		if row -= row0; row == 0 {
			column -= column0
		}
		return sitter.Point{Row: uint32(row), Column: uint32(column)}
	}
	end := point(after, newEnd)
	return sitter.EditInput{
		StartIndex: uint32(start - from), OldEndIndex: uint32(oldEnd - from), NewEndIndex: uint32(newEnd - from),
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

// back maps a position of the new text to the old, or gives -1: inside damage, no
// position has a counterpart.
func (d *damage) back(pos int) int {
	for i := len(d.ranges) - 1; i >= 0; i-- {
		r := d.ranges[i]
		if pos >= r.newEnd {
			return pos - r.newEnd + r.oldEnd
		}
		if pos > r.newStart {
			return -1
		}
	}
	return pos
}

// within reports that some damage lies between start and end of the new text, so
// that what stands there is not the text that it was.
func (d *damage) within(start, end int) bool {
	return slices.ContainsFunc(d.ranges, func(r damaged) bool { return r.newStart < end && r.newEnd > start })
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
