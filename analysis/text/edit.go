package text

import (
	"cmp"
	"fmt"
	"slices"
)

// Range is a range of bytes: Start is in it, End is not.
type Range struct{ Start, End int }

// Len is the number of bytes.
func (r Range) Len() int { return r.End - r.Start }

// Contains reports that the byte at off is in the range.
func (r Range) Contains(off int) bool { return r.Start <= off && off < r.End }

// Touches reports that the ranges share a byte or a border.
func (r Range) Touches(o Range) bool { return r.Start <= o.End && o.Start <= r.End }

// Shift is the range moved by n bytes.
func (r Range) Shift(n int) Range { return Range{r.Start + n, r.End + n} }

// Edit replaces the bytes [Start, End) by New.
type Edit struct {
	Start, End int
	New        string
}

// Delta is the number of bytes by which the edit makes a text longer.
func (e Edit) Delta() int { return len(e.New) - (e.End - e.Start) }

// Apply is the text after all edits, which are all in the coordinates of t and
// come in any order. Insertions at one place keep their order and come before a
// replacement that starts there. Edits that overlap or lie outside the text are
// an error.
func (t *Text) Apply(edits []Edit) (*Text, error) {
	sorted := slices.Clone(edits)
	slices.SortStableFunc(sorted, func(a, b Edit) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	end := 0
	for i, e := range sorted {
		if e.Start < 0 || e.End < e.Start || e.End > t.Len() {
			return nil, fmt.Errorf("edit of bytes %d to %d lies outside the text of %d bytes", e.Start, e.End, t.Len())
		}
		if e.Start < end {
			p := sorted[i-1]
			return nil, fmt.Errorf("edit of bytes %d to %d overlaps the edit of bytes %d to %d", e.Start, e.End, p.Start, p.End)
		}
		end = e.End
	}

	// Each Replace copies the list of chunks: with many edits, building the text
	// anew is cheaper.
	if len(sorted) > 64 {
		var b []byte
		from := 0
		for _, e := range sorted {
			b = append(append(b, t.Slice(from, e.Start)...), e.New...)
			from = e.End
		}
		return New(append(b, t.Slice(from, t.Len())...)), nil
	}
	for _, e := range slices.Backward(sorted) {
		t = t.Replace(e.Start, e.End, []byte(e.New))
	}
	return t, nil
}

// Change says that the bytes of Old in the text before became the bytes of New
// in the text after.
type Change struct{ Old, New Range }

// Changes sums up edits that were applied one after the other, each in the
// coordinates that the ones before it left: the changes are in order and do not
// touch one another, and outside of them the two texts are equal.
func Changes(edits []Edit) []Change {
	var list []Change
	for _, e := range edits {
		cut := Range{e.Start, e.End}
		lo, _ := slices.BinarySearchFunc(list, cut.Start, func(c Change, start int) int { return cmp.Compare(c.New.End, start) })
		hi := lo
		for hi < len(list) && list[hi].New.Start <= cut.End {
			hi++
		}
		shift := 0 // from the coordinates before all edits to those before this one
		if lo > 0 {
			shift = list[lo-1].New.End - list[lo-1].Old.End
		}
		now := Change{Old: cut.Shift(-shift), New: cut}
		if lo < hi {
			first, last := list[lo], list[hi-1]
			now.New = Range{min(cut.Start, first.New.Start), max(cut.End, last.New.End)}
			now.Old.Start = first.Old.Start - (first.New.Start - now.New.Start)
			now.Old.End = last.Old.End + now.New.End - last.New.End
		}
		now.New.End += e.Delta()
		list = slices.Replace(list, lo, hi, now)
		for i := lo + 1; i < len(list); i++ {
			list[i].New = list[i].New.Shift(e.Delta())
		}
	}
	return list
}
