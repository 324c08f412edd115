package mask

import (
	"cmp"
	"slices"
	"sort"

	"lectern/analysis/text"
)

// Edit is the mask of the text after edits, which were applied one after the
// other, each in the coordinates that the ones before it left. It reads only what
// is near the edits, on to where the lexer is in the same state as it was there
// before.
//
// The ranges, in coordinates of the new text, hold all bytes that were there
// before the edits and are now hidden where they were not, or the other way
// round. Inserted bytes beside them may be in a range too.
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

		// No mark before the first one behind 0 has a state of its own: what
		// stands at 0 depends on whether the text starts with `#!`.
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
		changed = append(changed, differ(m.spans[spans:n], next.spans[fresh:], changes[first:], shift)...)
		spans, marks = n, r.mark
		if !converged {
			return next, merge(changed)
		}
		i, shift = r.change+1, r.shift()
	}
	for ; marks < len(m.marks); marks++ {
		next.keep(m.marks[marks], shift)
	}
	for ; spans < len(m.spans); spans++ {
		next.spans = append(next.spans, m.spans[spans].moved(shift))
	}
	return next, merge(changed)
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

// differ lists where old and new spans hide different bytes, given the changes of
// the text from the first one that matters, and by how much what is in front of
// that has moved.
func differ(old, new []Span, changes []text.Change, shift int) (ranges []text.Range) {
	shiftAt := func(i int) int { // behind the first i changes
		if i == 0 {
			return shift
		}
		return changes[i-1].New.End - changes[i-1].Old.End
	}
	same := func(a, b Span) bool {
		return a.Start == b.Start && a.End == b.End && (a.Kind == RawVariable) == (b.Kind == RawVariable)
	}
	n := 0 // of new, dealt with
	added := func(s Span) {
		i := sort.Search(len(changes), func(i int) bool { return changes[i].New.End >= s.End })
		if i < len(changes) && changes[i].New.Start <= s.Start {
			return // typed anew as a whole
		}
		ranges = append(ranges, text.Range{Start: s.Start, End: s.End})
	}
	for _, s := range old {
		i := sort.Search(len(changes), func(i int) bool { return changes[i].Old.End > s.Start })
		if i == len(changes) || changes[i].Old.Start >= s.End {
			// Not edited. It is still there if it is among the new ones.
			s = s.moved(shiftAt(i))
			for n < len(new) && new[n].Start < s.Start {
				added(new[n])
				n++
			}
			if n < len(new) && same(new[n], s) {
				n++
				continue
			}
			ranges = append(ranges, text.Range{Start: s.Start, End: s.End})
			continue
		}
		// Edited: what is left of it.
		was := text.Range{Start: s.Start, End: s.End}
		if c := changes[i].Old; c.Start <= was.Start && was.End <= c.End {
			continue
		}
		r := changes[i].New
		if was.Start < changes[i].Old.Start {
			r.Start = was.Start + shiftAt(i)
		}
		for i+1 < len(changes) && changes[i+1].Old.Start < was.End {
			i++
		}
		r.End = changes[i].New.End
		if was.End > changes[i].Old.End {
			r.End = was.End + shiftAt(i+1)
		}
		ranges = append(ranges, r)
	}
	for ; n < len(new); n++ {
		added(new[n])
	}
	return ranges
}

// merge sorts ranges and joins those that touch.
func merge(ranges []text.Range) []text.Range {
	slices.SortFunc(ranges, func(a, b text.Range) int { return cmp.Compare(a.Start, b.Start) })
	var out []text.Range
	for _, r := range ranges {
		if n := len(out); n > 0 && r.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, r.End)
			continue
		}
		out = append(out, r)
	}
	return out
}
