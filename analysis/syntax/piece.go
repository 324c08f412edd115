package syntax

import (
	"slices"
	"sort"

	sitter "github.com/smacker/go-tree-sitter"

	"lectern/analysis/text"
	"lectern/analysis/tree"
)

// tree-sitter's parse after an edit takes time for every item of the file: it takes
// over each, but one by one. Most edits stand inside of one item and leave it whole.
// Then the item is parsed alone, and its units take the place of the old one's: what
// is in front of an item and behind it has no influence on what it is, as long as it
// begins with the same letter and ends with a semicolon or a brace of its own. What
// has an error is never parsed so, since recovery looks at all that follows.

// focus is the item that was edited last, with its own tree.
type focus struct {
	tree          *sitter.Tree // nil for none
	start, length int
}

func (f *focus) close() {
	if f.tree != nil {
		f.tree.Close()
		f.tree = nil
	}
}

// maxPiece bounds the items that are parsed alone for the first time, in bytes: a
// longer one takes as long as taking over the items of a long file.
const maxPiece = 1 << 16

// step is a container on the way to a unit, with the kid that leads on.
type step struct {
	unit  *tree.Unit
	start int
	kid   int
}

// piece parses the item that edits stand in, makes next's tree, and returns the
// builder that made its units; nil when the file is to be parsed. next has its text
// and its mask.
func (p *Parse) piece(next *Parse, was *former, edits []text.Edit) *builder {
	if p.opts.Whole || p.opts.Plain || len(p.lang.closed) == 0 || len(was.remasked) > 0 || next.Text.Len() > MaxLength {
		return nil
	}
	way, ok := was.way()
	if !ok {
		return nil
	}
	last := way[len(way)-1]
	old := last.unit.Kids[last.kid]
	start := last.start + int(old.Start)
	if old.Unit.Shape != 0 || start == 0 && string(p.Text.Slice(0, 2)) == "#!" || !p.lang.closes(old.Unit.Rows, func(at uint32) byte { return old.Unit.Text[at] }) {
		return nil
	}
	in, ok := p.alone(was.damage, start, int(old.Unit.Len))
	if !ok {
		return nil
	}
	shift := next.Text.Len() - p.Text.Len()
	near := p.near(was.damage, in)
	var e ending
	if near {
		s := &p.list[in]
		if e = cutAt(next.Text.Slice, s.start, next.Text.Len()); e.end != s.end()+shift {
			return nil
		}
	}
	next.focus = focus{start: start, length: int(old.Unit.Len) + shift}
	if next.focus.tree = p.refocus(next, edits, start, int(old.Unit.Len)); next.focus.tree == nil {
		return nil
	}
	b := next.builder()
	b.was, b.at = was, start
	kids := b.single(&next.focus, old.Unit, last)
	if kids == nil {
		next.focus.close()
		return nil
	}
	root := b.graft(way, kids, shift)
	if p.list != nil {
		next.list = slices.Clone(p.list)
		next.list[in].length += shift
		if len(way) == 1 {
			next.list[in].kids += len(kids) - 1
		}
		for i := in + 1; i < len(next.list); i++ {
			next.list[i].start += shift
			next.list[i].head += shift
			next.list[i].looked += shift
		}
		if near && in+1 < len(next.list) {
			next.list[in+1].head = e.head
		}
	}
	p.area.close()
	next.finish(b, root)
	return b
}

// alone reports that an edit inside of an item leaves the stretch around it, which it
// gives the number of, one without errors and the text cut as it is.
func (p *Parse) alone(d *damage, start, length int) (in int, ok bool) {
	if p.list == nil {
		return 0, true
	}
	at, _, _ := d.extent()
	in = stretchAt(p.list, start)
	s := &p.list[in]
	return in, !s.broken && start+length <= s.end() && p.from(at) == in
}

// near reports an edit so near to the start of a stretch that an end may be found there
// for which it was too short, or none any more: see minStretch.
func (p *Parse) near(d *damage, in int) bool {
	at, _, _ := d.extent()
	return p.list != nil && at < p.list[in].start+2*minStretch+itemHead
}

// way leads from the root to the one leaf that all edits stand in, away from its
// ends; false when there is none.
func (f *former) way() ([]step, bool) {
	ranges := f.damage.ranges
	if len(ranges) == 0 {
		return nil, false
	}
	from, to := ranges[0].oldStart, ranges[len(ranges)-1].oldEnd
	var way []step
	at := step{unit: f.root}
	for {
		kids := at.unit.Kids
		at.kid = sort.Search(len(kids), func(i int) bool { return at.start+int(kids[i].Start) >= from }) - 1
		if at.kid < 0 {
			return nil, false
		}
		k := kids[at.kid]
		start := at.start + int(k.Start)
		if to >= start+int(k.Unit.Len) {
			return nil, false
		}
		way = append(way, at)
		if k.Unit.Gap < 0 {
			return way, true
		}
		at = step{unit: k.Unit, start: start}
	}
}

// closes reports rows of items that end with a semicolon or a brace of their own,
// each with what stands before it and the comment that ends its line.
func (l *Language) closes(rows []tree.Row, at func(uint32) byte) bool {
	whole := false
	for i := 0; i < len(rows); i = max(int(rows[i].Skip), i+1) {
		r := &rows[i]
		switch {
		case slices.Contains(l.closed, r.Symbol) && r.Flags&tree.HasError == 0 && r.End > r.Start:
			c := at(r.End - 1)
			if c != ';' && c != '}' {
				return false
			}
			whole = true
		case !l.isPrefix(r.Symbol):
			return false
		}
	}
	return whole
}

// refocus parses the item at start, whose text had a length, as it is in next.
func (p *Parse) refocus(next *Parse, edits []text.Edit, start, length int) *sitter.Tree {
	old := p.focus.tree
	switch {
	case old != nil && p.focus.start == start && p.focus.length == length:
		before := p.Text
		for _, e := range edits {
			from, to := bounds(before, e)
			after := before.Replace(from, to, []byte(e.New))
			old.Edit(inputFrom(before, after, start, from, to, from+len(e.New)))
			before = after
		}
	case length > maxPiece:
		return nil
	default:
		old = nil
	}
	end := start + next.focus.length
	t, err := next.part(start, end, old)
	if err != nil {
		return nil // as a part of the file it may be parsed in time
	}
	p.focus.close()
	return t
}

// single makes the units of an item that was parsed alone, in the place of an old one;
// nil when it is not whole.
func (b *builder) single(f *focus, old *tree.Unit, in step) []tree.Kid {
	root := b.walker.root(f.tree)
	if row := b.walker.describe(root); row.Symbol != b.lang.root || row.Flags&tree.HasError != 0 {
		return nil
	}
	end := f.start + f.length
	h := hole{list: root, start: uint32(f.start), end: uint32(end)}
	outline := b.outline(h)
	runs := b.runs(outline, h)
	if len(runs) == 0 || runs[0].start != f.start {
		return nil
	}
	for _, r := range runs {
		rows := slices.Clone(outline[r.first:r.end])
		for i := range rows {
			rows[i].Skip = 0
		}
		if !b.lang.closes(rows, func(at uint32) byte { return b.text.Slice(int(at), int(at)+1)[0] }) {
			return nil
		}
	}
	// What ends the line of the item before is a part of that one, and a comment at
	// the end must not go on.
	first, last := outline[0], outline[len(outline)-1]
	if first.Flags&tree.Extra != old.Rows[0].Flags&tree.Extra || int(last.End) != end {
		return nil
	}
	if last.Flags&tree.Extra != 0 {
		if c := b.text.Slice(end-1, end+1); len(c) == 2 && c[0] != '\n' && c[1] != '\n' && c[1] != '\r' {
			return nil
		}
	}
	return b.units(outline, runs, h, in.start, in.unit)
}

// graft puts units in the place of the one that a way leads to, and makes the
// containers on the way anew.
func (b *builder) graft(way []step, kids []tree.Kid, shift int) *tree.Unit {
	for i := len(way) - 1; i >= 0; i-- {
		s := way[i]
		old := s.unit
		u := &tree.Unit{Rows: slices.Clone(old.Rows), Len: uint32(int(old.Len) + shift), Top: old.Top, Gap: old.Gap, Shape: old.Shape}
		gap := old.Rows[old.Gap]
		for r := range u.Rows {
			row := &u.Rows[r]
			if row.Start >= gap.End && r != int(old.Gap) {
				row.Start += uint32(shift)
			}
			if row.End >= gap.End {
				row.End += uint32(shift)
			}
		}
		u.Kids = make([]tree.Kid, 0, len(old.Kids)-1+len(kids))
		u.Kids = append(append(u.Kids, old.Kids[:s.kid]...), kids...)
		for _, k := range old.Kids[s.kid+1:] {
			u.Kids = append(u.Kids, tree.Kid{Start: k.Start + uint32(shift), Unit: k.Unit})
		}
		b.renewed = append(b.renewed, renewal{old, u, s.start})
		if i > 0 {
			kids = []tree.Kid{{Start: way[i-1].unit.Kids[way[i-1].kid].Start, Unit: u}}
		} else {
			return u
		}
	}
	return nil
}
