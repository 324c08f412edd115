// Package report writes findings for people (Text) and for programs (JSONL,
// SARIF, GitHub).
//
// The writers take a File at a time, in the order in which they are to appear,
// and keep the first error of the writer beneath them, which Close returns.
package report

import (
	"lectern/analysis/finding"
	"lectern/analysis/text"
)

// File is a file that was checked.
type File struct {
	Path  string // as the user would open it
	Text  *text.Text
	Items []Item // in source order
}

// Item is a finding with what a reader wants to know of its hint. An item about
// an allow comment has the kind "allow" and no section.
type Item struct {
	Hint     string
	Kind     string // concept, pitfall, praise or allow
	Severity finding.Severity
	Range    text.Range
	Message  string // plain text
	Help     string // what to try, or ""
	Course   string // id
	Section  string // id
	URL      string // where the lesson is published, or ""
	Lints    []string
	Related  []finding.Related
	Fixes    []Fix
	Hidden   bool     // only its lesson counts: it is not shown itself
	Silenced *Silence // nil but for a finding that an allow comment silences, which only SARIF tells
}

// Silence is why a finding is silenced.
type Silence struct{ Reason string } // "" when the comment gives none

// Fix is a fix that an item offers.
type Fix struct {
	Title         string
	Applicability finding.Applicability
	Edits         []text.Edit // sorted, disjoint
}

// Lesson is a section of a course.
type Lesson struct{ Course, Section, Title, URL string }
