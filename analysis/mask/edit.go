package mask

import (
	"lectern/analysis/text"
)

// Edit is the mask of the text after edits, which were applied one after the
// other, each in the coordinates that the ones before it left. It reads only what
// is near the edits, on to where the lexer is in the same state as it was there
// before.
//
// The ranges are in order, do not touch, and are in coordinates of the new text.
// They are the bytes that were there before the edits and that the parser now
// sees otherwise. What the edits inserted is not in them.
func (m *Mask) Edit(old, new *text.Text, edits []text.Edit) (next *Mask, changed []text.Range) {
	changes := text.Changes(edits)
	if len(changes) == 0 {
		return m, nil
	}
	if last := changes[len(changes)-1]; new.Len()-old.Len() != last.New.End-last.Old.End {
		// Not these edits: better slow than wrong.
		return New(new), []text.Range{{Start: 0, End: new.Len()}}
	}

	next = &Mask{marks: make([]mark, 0, len(m.marks)+1)}
	if len(m.spans) > 0 {
		next.spans = make([]Span, 0, len(m.spans)+1)
	}
	r := resume{old: m, changes: changes}
	marks, spans, shift := 0, 0, 0 // of m, taken over so far; by how much they have moved
	for i := 0; i < len(changes); {
		for marks < len(m.marks) && m.marks[marks].off <= changes[i].Old.Start {
			next.keep(m.marks[marks], shift)
			marks++
		}
		from := next.marks[len(next.marks)-1]
		for spans < len(m.spans) && m.spans[spans].Start < from.off-shift {
			next.spans = append(next.spans, m.spans[spans].moved(shift))
			spans++
		}

		// The mark at 0 is never met again: what follows it is read differently
		// where it is no longer the start of the text.
		r.change, r.mark = i, max(marks, 1)
		first, fresh := i, len(next.spans)
		l := lexer{text: new, mask: next}
		converged := l.run(from, &r)
		end := old.Len() + 1
		if converged {
			end = m.marks[r.mark].off
		}
		n := spans
		for n < len(m.spans) && m.spans[n].Start < end {
			n++
		}
		near := changes[first:]
		changed = differ(changed,
			survivors(m.spans[spans:n], near, shift, func(c text.Change) text.Range { return c.Old }),
			survivors(next.spans[fresh:], near, 0, func(c text.Change) text.Range { return c.New }))
		spans, marks = n, r.mark
		if !converged {
			return next, changed
		}
		i, shift = r.change+1, r.shift()
	}
	for ; marks < len(m.marks); marks++ {
		next.keep(m.marks[marks], shift)
	}
	for ; spans < len(m.spans); spans++ {
		next.spans = append(next.spans, m.spans[spans].moved(shift))
	}
	return next, changed
}

func (s Span) moved(by int) Span {
	s.Start, s.End, s.Head = s.Start+by, s.End+by, s.Head+by
	return s
}

// keep takes over a mark, in place of those just in front of it.
func (m *Mask) keep(k mark, shift int) {
	k.off += shift
	n := len(m.marks)
	for n > 1 && k.off-m.marks[n-1].off < spacing/2 {
		n--
	}
	m.marks = append(m.marks[:n], k)
}

// resume is where the lexer, reading the new text, may find itself back at a mark
// of the old one. A nil resume has no such place.
type resume struct {
	old     *Mask
	changes []text.Change
	change  int // the last change in front of the mark
	mark    int // the next mark of old that may be met
}

func (r *resume) shift() int {
	c := r.changes[r.change]
	return c.New.End - c.Old.End
}

// next is where the next mark stands in the new text.
func (r *resume) next() (off int, ok bool) {
	for r != nil && r.mark < len(r.old.marks) {
		at := r.old.marks[r.mark].off
		for r.change+1 < len(r.changes) && r.changes[r.change+1].Old.Start < at {
			r.change++
		}
		if at >= r.changes[r.change].Old.End {
			return at + r.shift(), true
		}
		r.mark++ // inside of a change
	}
	return 0, false
}

// arrives tells that the lexer is at off, and reports that a mark of the same
// state was there.
func (r *resume) arrives(off, foreign int) bool {
	for {
		at, ok := r.next()
		if !ok || at > off {
			return false
		}
		if at == off && r.old.marks[r.mark].foreign == foreign {
			return true
		}
		r.mark++
	}
}

// before is the place of the next mark, or limit if that comes first.
func (r *resume) before(limit int) int {
	if at, ok := r.next(); ok && at < limit {
		return at
	}
	return limit
}

// piece is a part of a span, in coordinates of the new text.
type piece struct {
	text.Range
	raw bool // of a RawVariable
}

// survivors is the parts of spans that the changes did not touch. With the spans
// of the old text, side gives the old range of a change, and shift is how far the
// spans in front of the first change have moved; with those of the new text, side
// gives the new range, and shift is 0.
func survivors(spans []Span, changes []text.Change, shift int, side func(text.Change) text.Range) []piece {
	var list []piece
	for _, s := range spans {
		if s.Kind == RawVariable {
			s.Start = s.End - 1 // `raw` and its stand-in end in different letters
		}
		for s.Start < s.End {
			for len(changes) > 0 && side(changes[0]).End <= s.Start {
				shift = changes[0].New.End - side(changes[0]).End
				changes = changes[1:]
			}
			end := s.End
			if len(changes) > 0 {
				end = min(end, side(changes[0]).Start)
			}
			if s.Start < end {
				list = append(list, piece{text.Range{Start: s.Start, End: end}.Shift(shift), s.Kind == RawVariable})
			}
			s.Start = max(s.Start, end)
			if s.Start < s.End {
				s.Start = min(s.End, side(changes[0]).End)
			}
		}
	}
	return list
}

// differ adds the ranges in which only one of a and b has a piece, or they have
// different ones.
func differ(ranges []text.Range, a, b []piece) []text.Range {
	add := func(start, end int) {
		if n := len(ranges); n > 0 && ranges[n-1].End == start {
			ranges[n-1].End = end
		} else {
			ranges = append(ranges, text.Range{Start: start, End: end})
		}
	}
	for len(a) > 0 && len(b) > 0 {
		if b[0].Start < a[0].Start {
			a, b = b, a
		}
		x, y := &a[0], &b[0]
		if x.Start < y.Start {
			end := min(x.End, y.Start)
			add(x.Start, end)
			x.Start = end
		} else {
			end := min(x.End, y.End)
			if x.raw != y.raw {
				add(x.Start, end)
			}
			x.Start, y.Start = end, end
		}
		if x.Len() == 0 {
			a = a[1:]
		}
		if y.Len() == 0 {
			b = b[1:]
		}
	}
	for _, p := range append(a, b...) {
		add(p.Start, p.End)
	}
	return ranges
}
