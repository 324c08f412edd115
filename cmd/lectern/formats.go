package main

import (
	"io"
	"os"
	"slices"
	"strings"

	"lectern/analysis/allow"
	"lectern/analysis/course"
	"lectern/analysis/finding"
	"lectern/analysis/problem"
	"lectern/analysis/report"
)

func formats() []string { return []string{"text", "jsonl", "sarif", "github"} }

// forPrograms reports a format that has findings of every kind.
func forPrograms(format string) bool { return format == "jsonl" || format == "sarif" }

// writer is a report being written.
type writer interface {
	File(report.File)
	Close() error
}

// noticing is a writer that also tells what is wrong with the run.
type noticing interface{ Notice(report.Notice) }

// writer makes the report's writer.
func (f *checkFlags) writer(out, screen io.Writer, color bool, m *material, part shard) writer {
	switch f.format {
	case "jsonl":
		return report.NewJSONL(out)
	case "github":
		return report.NewGitHub(out)
	case "sarif":
		here, err := os.Getwd()
		if err != nil {
			here = string(os.PathSeparator)
		}
		return report.NewSARIF(out, report.SARIFOptions{
			Version: version().Version, Base: here, Rules: rules(m), Part: part.name(), Silenced: f.silenced,
		})
	}
	return report.NewText(out, report.TextOptions{Color: color, Width: sourceWidth(screen), Lessons: lessons(m.library), Brief: f.quiet})
}

// notice tells the report of something that is also told on standard error.
func notice(w writer, n report.Notice) {
	if w, ok := w.(noticing); ok {
		w.Notice(n)
	}
}

// notices tells the report what is wrong in courses and settings.
func (m *material) notices(w writer, problems []problem.Problem) {
	for _, p := range problems {
		says := p.Message
		if p.Help != "" {
			says += " (" + p.Help + ")"
		}
		n := report.Notice{Path: p.File, Line: p.Line, Column: p.Column, Message: says, Configuration: true, Fatal: m.owns(p.File)}
		if strings.HasPrefix(p.File, builtInMark) {
			n.Path, n.Message = "", p.File+": "+says
		}
		notice(w, n)
	}
}

// rules describes all hints and the ids of what can be wrong with an allow comment.
func rules(m *material) []report.Rule {
	var list []report.Rule
	for _, id := range slices.Sorted(slices.Values(m.library.HintIDs())) {
		h, _ := m.library.Hint(id)
		r := report.Rule{
			ID: h.ID, Title: plain(h.Title), Lead: plain(h.Lead), Markdown: h.Body, Severity: h.Severity,
			Kind: h.Kind.String(), Tags: slices.Concat([]string{h.Course + "/" + h.Section}, h.Lints),
		}
		if r.Markdown == "" {
			r.Markdown = h.Lead
		}
		if s, ok := m.library.SectionOf(h); ok {
			r.URL = m.library.URL(s)
		}
		if s, ok := m.settings.Severity(h.ID, h.Kind); ok {
			r.Severity = s
		}
		list = append(list, r)
	}
	about := map[allow.NoteKind]string{
		allow.Malformed:  "An allow comment that cannot be read silences nothing.",
		allow.UnknownID:  "An allow comment names a hint that no course has.",
		allow.Unused:     "An allow comment silences nothing: the hint reports nothing there.",
		allow.Reasonless: "An allow comment does not say why the hint does not apply.",
	}
	for _, k := range []allow.NoteKind{allow.Malformed, allow.UnknownID, allow.Unused, allow.Reasonless} {
		list = append(list, report.Rule{ID: k.String(), Title: about[k], Lead: about[k], Markdown: about[k], Severity: severityOf(k), Kind: allowKind})
	}
	return list
}

// plain is a line of Markdown without its marks for code.
func plain(s string) string { return strings.ReplaceAll(s, "`", "") }

// silenced are the findings that allow comments silence, as items.
func silenced(uses []allow.Use, item func(finding.Finding) report.Item) []report.Item {
	var list []report.Item
	for _, u := range uses {
		for _, id := range u.ByID {
			for _, f := range id.Findings {
				if f.Severity == finding.Off {
					continue
				}
				it := item(f)
				it.Silenced = &report.Silence{Reason: u.Reason}
				list = append(list, it)
			}
		}
	}
	return list
}

// urlOf is where the lesson of a hint is published, or "".
func urlOf(library *course.Library, h *course.Hint) string {
	if s, ok := library.SectionOf(h); ok {
		return library.URL(s)
	}
	return ""
}
