package main

import (
	"cmp"
	"slices"

	"lectern/analysis/allow"
	"lectern/analysis/course"
	"lectern/analysis/engine"
	"lectern/analysis/finding"
	"lectern/analysis/report"
)

// allowKind is the kind of items about allow comments.
const allowKind = "allow"

// items are the findings of a result, silenced ones too, and what is wrong with
// its allow comments, in source order. Fixes are left out once those in front have
// written finding.Most.
func items(result *engine.Result, library *course.Library) []report.Item {
	size := 0
	item := func(f finding.Finding) report.Item {
		it := report.Item{
			Hint: f.Hint, Kind: f.Kind.String(), Severity: f.Severity, Range: f.Range, Message: f.Message,
			Section: f.Section, Related: f.Related,
		}
		if h, ok := library.Hint(f.Hint); ok {
			it.Course, it.Lints, it.URL = h.Course, h.Lints, urlOf(library, h)
		}
		if size > finding.Most {
			return it
		}
		for _, fix := range result.Fixes(f) {
			it.Fixes = append(it.Fixes, report.Fix(fix))
			size += fix.Size()
		}
		return it
	}
	list, findings := silenced(result.Allows, item), result.Findings()
	list = slices.Grow(list, len(findings))
	for _, f := range findings {
		if f.Severity == finding.Off { // there for hovers
			continue
		}
		list = append(list, item(f))
	}
	for _, use := range result.Allows {
		for _, n := range use.Notes(library.HintIDs) {
			it := report.Item{
				Hint: n.Kind.String(), Kind: allowKind, Severity: severityOf(n.Kind), Range: n.Range, Message: n.Message, Help: n.Help,
			}
			if fix, ok := use.Fix(n, result.Text, library.HintIDs); ok {
				it.Fixes = []report.Fix{report.Fix(fix)}
			}
			list = append(list, it)
		}
	}
	slices.SortStableFunc(list, func(a, b report.Item) int { return cmp.Compare(a.Range.Start, b.Range.Start) })
	return list
}

// severityOf says how much something wrong with an allow comment matters: one that
// does not do what it says is a warning.
func severityOf(k allow.NoteKind) finding.Severity {
	switch k {
	case allow.Malformed, allow.UnknownID:
		return finding.Warning
	case allow.Unused:
		return finding.Hint
	}
	return finding.Information
}

// lessons are all lessons in the order of the courses.
func lessons(l *course.Library) []report.Lesson {
	var list []report.Lesson
	add := func(s *course.Section) {
		if s != nil && s.ID != "" {
			list = append(list, report.Lesson{Course: s.Course, Section: s.ID, Title: s.Title, URL: l.URL(s)})
		}
	}
	for _, c := range l.Courses() {
		for _, ch := range c.Chapters {
			add(ch.Page)
			for _, s := range ch.Sections {
				add(s)
			}
		}
	}
	return list
}
