package server

import (
	"strings"

	"go.lsp.dev/protocol"

	"lectern/analysis/config"
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
		name := foreignName(&d)
		if name == "" {
			continue
		}
		offered := 0
		for _, hint := range env.hintsByLint(name) {
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
