// Package finding holds what the engine tells about a document: plain data,
// made once and never changed, that a hover, a code action and a report read.
package finding

import (
	"lectern/analysis/text"
)

// Capture is a node that a hint's query named.
type Capture struct {
	Name  string     // without "@"
	Range text.Range // absolute bytes in the document
}

// Related points at another place that belongs to a finding.
type Related struct {
	Range   text.Range // absolute bytes in the document
	Message string     // plain text
}

// Finding is one place of a document where a hint matched. It is immutable:
// whoever needs another severity or message makes a copy.
type Finding struct {
	Hint     string // id of the hint
	Kind     Kind
	Severity Severity
	Section  string     // id of the lesson, such as "allocators/global-alloc"
	Range    text.Range // of @hint, absolute bytes
	Message  string     // plain text, captures filled in
	Captures []Capture  // all of the match, in match order
	Related  []Related
}

// Capture is the range of the first capture of that name (without "@"); false
// when the match has none.
func (f Finding) Capture(name string) (text.Range, bool) {
	for _, c := range f.Captures {
		if c.Name == name {
			return c.Range, true
		}
	}
	return text.Range{}, false
}

// Compare orders findings as a reader meets them: by start, the outer before
// the inner, then by hint and message. It returns a negative number, zero or a
// positive number, as slices.SortFunc wants.
func Compare(a, b Finding) int {
	switch {
	case a.Range.Start != b.Range.Start:
		return a.Range.Start - b.Range.Start
	case a.Range.End != b.Range.End:
		return b.Range.End - a.Range.End
	case a.Hint != b.Hint:
		if a.Hint < b.Hint {
			return -1
		}
		return 1
	case a.Message < b.Message:
		return -1
	case a.Message > b.Message:
		return 1
	}
	return 0
}
