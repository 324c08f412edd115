package syntax

import (
	"sort"

	sitter "github.com/smacker/go-tree-sitter"

	"lectern/analysis/tree"
)

// stretch is a part of the text that is parsed by itself: see cut.go.
type stretch struct {
	start, length int
	head          int  // up to where in the text the end of the one before depends on it
	looked        int  // up to where its own end depends on it, if it is not closed
	closed, open  bool // see ending
	net           int  // the same
	broken        bool // there is an error in it
	kids          int  // units at the top
}

func (s *stretch) end() int { return s.start + s.length }

// stretches reports that the text is cut where it is broken: the items of the
// language are known, and nobody wants to compare with tree-sitter itself.
func (p *Parse) stretches() bool { return len(p.lang.closed) > 0 && !p.opts.KeepTokens }

// cut cuts the text into stretches from one start to where stop says; head is up to
// where the end of the last one depends on the text.
func (p *Parse) cut(start, head int, stop func(at int) bool) (list []stretch, next, end int) {
	for start < p.Text.Len() && !(len(list) > 0 && stop(start)) {
		e := cutAt(p.Text.Slice, start, p.Text.Len())
		list = append(list, stretch{
			start: start, length: e.end - start, head: head, looked: e.looked, closed: e.closed, open: e.open, net: e.net,
		})
		start, head = e.end, e.head
	}
	return list, start, head
}

// never cuts a text to its end.
func never(int) bool { return false }

// doubtful reports that a text may be whole that is cut where something is open: what
// one stretch leaves open another may close.
func doubtful(list []stretch) bool {
	unclosed, open, net := 0, 0, 0
	for i := range list {
		s := &list[i]
		if net += s.net; s.open {
			open++
		}
		if !s.closed {
			unclosed++
		}
	}
	return unclosed > 0 && (open == 0 && net == 0 || open > 1)
}

// fit counts the units of each stretch of a text that was parsed as a whole; false
// if there is one across a border, where the text was cut wrongly.
func fit(list []stretch, kids []tree.Kid) bool {
	k := 0
	for i := range list {
		s := &list[i]
		for k < len(kids) && int(kids[k].Start) < s.end() {
			if int(kids[k].Start)+int(kids[k].Unit.Len) > s.end() {
				return false
			}
			k++
			s.kids++
		}
	}
	return k == len(kids)
}

// part parses a part of the text by itself, after an edit of the old tree.
func (p *Parse) part(start, end int, old *sitter.Tree) (*sitter.Tree, error) {
	return p.lang.run(old, func(offset uint32, _ sitter.Point) []byte {
		at := start + int(offset)
		if at >= end {
			return nil
		}
		chunk := p.Text.Chunk(at)
		if p.Mask != nil {
			chunk = p.Mask.Chunk(p.Text, at)
		}
		return chunk[:min(len(chunk), end-at)]
	})
}

// stretch makes the units of a stretch from its tree.
func (b *builder) stretch(s *stretch, t *sitter.Tree, old *tree.Unit) []tree.Kid {
	b.at = s.start
	root := b.walker.root(t)
	row := b.walker.describe(root)
	s.broken = row.Flags&tree.HasError != 0
	h := hole{list: root, start: uint32(s.start), end: uint32(s.end()) + 1}
	if row.Symbol != tree.Error {
		kids := b.list(h, 0, old)
		s.kids = len(kids)
		return kids
	}
	// The parser gave the stretch up: all of it is one error.
	s.kids = 1
	r := &run{end: 1, start: s.start + int(row.Start), length: int(row.End - row.Start), broken: true}
	row.Prev = -1
	if r.length >= longBroken && b.depth < maxNesting {
		row.Skip = 2
		rows := relative([]tree.Row{row, {Start: row.Start, End: row.End, Skip: 2, Prev: -1, Flags: tree.Gap}}, 0, int(row.Start))
		rows[1].Parent = 0
		h.start, h.end, h.row, h.loose = uint32(r.start), uint32(r.start+r.length), 1, true
		return []tree.Kid{{Start: uint32(r.start), Unit: b.container(rows, h, 1, r, old)}}
	}
	rows, _ := b.walker.items(root, false, 0, uint32(s.length)+1)
	return []tree.Kid{{Start: uint32(r.start), Unit: b.leaf(relative(under(row, rows), 0, int(row.Start)), r, old)}}
}

// under puts rows without a parent under a row.
func under(row tree.Row, rows []tree.Row) []tree.Row {
	row.Skip = int32(len(rows) + 1)
	all := append(make([]tree.Row, 0, len(rows)+1), row)
	for _, c := range rows {
		c.Skip++
		c.Parent++ // -1, no parent, becomes the row
		if c.Prev >= 0 {
			c.Prev++
		}
		all = append(all, c)
	}
	return all
}

// around makes the root unit around the units of all stretches.
func (b *builder) around(list []stretch, kids []tree.Kid, old *tree.Unit) *tree.Unit {
	length := uint32(b.text.Len())
	row := tree.Row{Start: length, End: length, Parent: -1, Skip: 2, Prev: -1, Symbol: b.lang.root, Flags: tree.Named}
	if len(kids) > 0 {
		row.Start = kids[0].Start
	}
	for i := range list {
		if list[i].broken {
			row.Flags |= tree.HasError
		}
	}
	u := &tree.Unit{
		Rows: []tree.Row{row, {Start: row.Start, End: row.End, Skip: 2, Prev: -1, Flags: tree.Gap}},
		Len:  length, Top: 1, Gap: 1, Kids: kids,
	}
	switch {
	case old == nil:
	case sameRows(old.Rows, u.Rows):
		b.renewed = append(b.renewed, renewal{old, u, 0})
	default:
		b.note(u, 0)
	}
	return u
}

// stretchAt is the number of the stretch that a byte stands in: the last one that
// starts there or before.
func stretchAt(list []stretch, at int) int {
	return max(sort.Search(len(list), func(i int) bool { return list[i].start > at })-1, 0)
}

// rowsOf adds the rows of a stretch to those of the stretches before it, for a text in
// one unit.
func (b *builder) rowsOf(all []tree.Row, s *stretch, t *sitter.Tree) []tree.Row {
	root := b.walker.root(t)
	row := b.walker.describe(root)
	s.broken = row.Flags&tree.HasError != 0
	rows, _ := b.walker.items(root, false, 0, uint32(s.length)+1)
	if row.Symbol == tree.Error {
		row.Prev = -1
		rows = under(row, rows)
	}
	from, prev := int32(len(all)), int32(-1)
	for i := range all {
		if all[i].Parent < 0 {
			prev = int32(i)
		}
	}
	for _, r := range rows {
		r.Start += uint32(s.start)
		r.End += uint32(s.start)
		r.Skip += from
		if r.Prev >= 0 {
			r.Prev += from
		} else if r.Parent < 0 {
			r.Prev = prev
		}
		if r.Parent >= 0 {
			r.Parent += from
		}
		all = append(all, r)
	}
	return all
}
