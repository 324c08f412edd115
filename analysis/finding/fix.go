package finding

import (
	"fmt"
	"slices"
	"strings"

	"lectern/analysis/text"
)

// Fix is a titled change that removes a finding. Its edits are in the
// coordinates of the document that the finding belongs to, sorted, and do not
// overlap.
type Fix struct {
	Title         string
	Applicability Applicability
	Edits         []text.Edit
}

// Most is how much the fixes of one text may write together, in bytes: fixes are
// templates, of which a course can make as much as it likes.
const Most = 16 << 20

// Size is how much the fix writes, in bytes.
func (f Fix) Size() int {
	n := 0
	for _, e := range f.Edits {
		n += len(e.New)
	}
	return n
}

// OverlapError tells of two edits that want to change the same bytes.
type OverlapError struct{ First, Second text.Edit }

func (e *OverlapError) Error() string {
	return fmt.Sprintf("the edits of bytes %d to %d and %d to %d overlap",
		e.First.Start, e.First.End, e.Second.Start, e.Second.End)
}

// Apply is the content after the edits, which may come in any order. Two
// insertions at one place are made in the order given. Edits that overlap give
// an *OverlapError, edits outside the content another error.
func Apply(content []byte, edits []text.Edit) ([]byte, error) {
	sorted, err := Sorted(edits)
	if err != nil {
		return nil, fmt.Errorf("apply edits: %w", err)
	}
	size := len(content)
	for _, e := range sorted {
		if e.Start < 0 || e.End > len(content) {
			return nil, fmt.Errorf("apply edits: bytes %d to %d are outside a text of %d bytes", e.Start, e.End, len(content))
		}
		size += len(e.New) - (e.End - e.Start)
	}
	out := make([]byte, 0, size)
	at := 0
	for _, e := range sorted {
		out = append(out, content[at:e.Start]...)
		out = append(out, e.New...)
		at = e.End
	}
	return append(out, content[at:]...), nil
}

// Sorted is the edits by position, those at one place in the order given. It
// gives an *OverlapError when two change the same bytes.
func Sorted(edits []text.Edit) ([]text.Edit, error) {
	sorted := slices.Clone(edits)
	slices.SortStableFunc(sorted, compareEdits)
	for i, e := range sorted {
		if e.Start > e.End {
			return nil, fmt.Errorf("an edit ends at byte %d before it starts at byte %d", e.End, e.Start)
		}
		if i > 0 && overlap(sorted[i-1], e) {
			return nil, &OverlapError{First: sorted[i-1], Second: e}
		}
	}
	return sorted, nil
}

// Merge joins many fixes into one list of sorted edits, as "fix all" wants: the
// first come is the first served, and a fix that would touch what an earlier
// one changes is skipped whole. What an earlier fix does already (the same
// replacement, or the same whole line put in at the same place, such as a
// "use") is done once. Skipped counts the fixes left out, broken ones too.
func Merge(fixes []Fix) (edits []text.Edit, skipped int) {
	for _, fix := range fixes {
		add, ok := missing(edits, fix)
		if !ok {
			skipped++
			continue
		}
		for _, e := range add {
			at, _ := slices.BinarySearchFunc(edits, e, func(a, b text.Edit) int {
				if compareEdits(a, b) <= 0 { // behind its equals: the author's order
					return -1
				}
				return 1
			})
			edits = slices.Insert(edits, at, e)
		}
	}
	return edits, skipped
}

// missing are the edits of the fix that are not among the given ones, which are
// sorted and disjoint; false when one of them is in the way.
func missing(edits []text.Edit, fix Fix) (add []text.Edit, ok bool) {
	own, err := Sorted(fix.Edits)
	if err != nil {
		return nil, false
	}
	for _, e := range own {
		at, _ := slices.BinarySearchFunc(edits, e, compareEdits)
		done := false
		for i := max(at-1, 0); i < len(edits) && edits[i].Start <= e.End; i++ {
			switch {
			case edits[i] == e && sharable(e):
				done = true
			case overlap(edits[i], e), samePlace(edits[i], e):
				return nil, false
			}
		}
		if !done {
			add = append(add, e)
		}
	}
	return add, true
}

// sharable reports an edit that two fixes may both ask for and that is then made
// once: a replacement, or the insertion of whole lines. Two insertions within a
// line, as an opening brace is, are two.
func sharable(e text.Edit) bool {
	return e.Start < e.End || strings.HasSuffix(e.New, "\n")
}

// samePlace reports two insertions at one place: legal within one fix, whose
// author gave the order, but between two fixes nobody knows which comes first.
func samePlace(a, b text.Edit) bool {
	return a.Start == a.End && b.Start == b.End && a.Start == b.Start
}

func overlap(a, b text.Edit) bool {
	if a.Start > b.Start || a.Start == b.Start && a.End > b.End {
		a, b = b, a
	}
	return b.Start < a.End
}

// compareEdits orders by start; an insertion comes before a replacement that
// starts at the same byte.
func compareEdits(a, b text.Edit) int {
	if a.Start != b.Start {
		return a.Start - b.Start
	}
	return min(a.End-a.Start, 1) - min(b.End-b.Start, 1)
}
