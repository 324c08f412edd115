package server

import (
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"lectern/analysis/config"
	"lectern/analysis/course"
)

// The bridge leads from what rustc, clippy and rust-analyzer report to the lesson.
// Their diagnostics come with the request for code actions; a server sees them
// nowhere else.

// maxBridged bounds the lessons that are offered for one foreign diagnostic.
const maxBridged = 2

// bridge offers the lessons of the hints that report the same as a diagnostic of
// another tool. told are the lessons that are on the list already.
func (l *actions) bridge(told map[string]bool) {
	env := l.check.env
	if !env.settings.Enabled(config.Bridge) {
		return
	}
	for _, d := range l.context.Diagnostics {
		offered := 0
		for _, hint := range bridged(env, &d) {
			lesson, ok := env.library().SectionOf(hint)
			if !ok || lesson.Draft() || told[lesson.ID] || offered == maxBridged {
				continue
			}
			told[lesson.ID] = true
			offered++
			for _, c := range []protocol.Command{
				commandTo("Open lesson: "+lesson.Title, openLessonCommand, lesson.ID, string(l.check.doc.uri)),
				commandTo("Explain: "+plainTitle(hint), explainCommand, hint.ID, string(l.check.doc.uri)),
			} {
				kind := protocol.CodeActionKindQuickFix
				l.list = append(l.list, &protocol.CodeAction{Title: c.Title, Kind: &kind, Diagnostics: []protocol.Diagnostic{d}, Command: c})
			}
		}
	}
}

// bridged are the hints that report the same as a diagnostic of another tool. Those
// that its message names come first: a code such as E0658 covers a hundred things.
func bridged(env *environment, d *protocol.Diagnostic) []*course.Hint {
	name := foreignName(d)
	if name == "" {
		return nil
	}
	hints := env.hintsByLint(name)
	if len(hints) == 0 {
		return nil
	}
	said := wholeMessage(d)
	hints = slices.DeleteFunc(hints, func(h *course.Hint) bool { return h.Fit(name, said) == course.NoFit })
	slices.SortStableFunc(hints, func(a, b *course.Hint) int { return int(b.Fit(name, said)) - int(a.Fit(name, said)) })
	return hints
}

// wholeMessage is all that the tool says. rust-analyzer leaves the label of the
// place out of the message of rustc when there is a note, as the first finding of
// each lint has ("on by default"), but it hands on the text as rustc prints it. The
// lines of code in that are the learner's words, not the tool's.
func wholeMessage(d *protocol.Diagnostic) string {
	var b strings.Builder
	switch m := d.Message.(type) {
	case protocol.String:
		b.WriteString(string(m))
	case *protocol.MarkupContent:
		b.WriteString(m.Value)
	}
	var data struct {
		Rendered string `json:"rendered"`
	}
	if len(d.Data) > 0 && protocol.Unmarshal(d.Data, &data) != nil {
		data.Rendered = "" // the data of another tool, which may be anything
	}
	for line := range strings.Lines(data.Rendered) {
		number := strings.TrimLeft(line, " ")
		rest := strings.TrimLeft(number, "0123456789")
		if len(rest) < len(number) && strings.HasPrefix(strings.TrimLeft(rest, " "), "|") {
			continue
		}
		b.WriteString("\n")
		b.WriteString(line)
	}
	return b.String()
}

// foreignName is the lint or error code that another tool's diagnostic is about,
// as `lints` of a hint spells it; "" for one of ours and for one without.
//
// rust-analyzer passes the codes of `cargo check` on: those of rustc as they are,
// with the source "rustc"; of a scoped lint the tool becomes the source, and
// `clippy::mem_forget` arrives as "mem_forget" from "clippy". Its own diagnostics
// have the source "rust-analyzer" and rustc's codes, or clippy's bare names: only
// the link tells them apart.
func foreignName(d *protocol.Diagnostic) string {
	code, ok := d.Code.(protocol.String)
	from, _ := d.Source.Get()
	if !ok || from == source {
		return ""
	}
	name := strings.ReplaceAll(string(code), "-", "_")
	if (from == "clippy" || strings.Contains(string(d.CodeDescription.Href), "/rust-clippy/")) && !strings.Contains(name, "::") {
		return "clippy::" + name
	}
	return name
}
