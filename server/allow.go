package server

import (
	"go.lsp.dev/protocol"

	"lectern/analysis/allow"
	"lectern/analysis/engine"
	"lectern/analysis/finding"
	"lectern/analysis/text"
)

// allowDiagnostics tell what is wrong with the allow comments themselves.
func (s *Server) allowDiagnostics(c *check, result *engine.Result) []protocol.Diagnostic {
	var list []protocol.Diagnostic
	for _, use := range result.Allows {
		for _, n := range use.Notes(c.env.library().HintIDs) {
			list = append(list, s.noteDiagnostic(result.Text, n))
		}
	}
	return list
}

func (s *Server) noteDiagnostic(t *text.Text, n allow.Note) protocol.Diagnostic {
	message := n.Message
	if n.Help != "" {
		message += ": " + n.Help
	}
	d := protocol.Diagnostic{
		Range:    s.rangeToProtocol(t, n.Range),
		Severity: protocol.DiagnosticSeverityInformation,
		Code:     protocol.String(n.Kind.String()),
		Source:   protocol.NewOptional(source),
		Message:  protocol.String(message),
	}
	switch n.Kind {
	case allow.Malformed, allow.UnknownID:
		d.Severity = protocol.DiagnosticSeverityWarning
	case allow.Unused:
		d.Severity = protocol.DiagnosticSeverityHint
		d.Tags = s.tagged(protocol.DiagnosticTagUnnecessary)
	}
	return d
}

// allowFixes offers to mend the allow comments at a range.
func (l *actions) allowFixes(r text.Range) {
	hints := l.check.env.library().HintIDs
	for _, use := range l.result.Allows {
		if !use.Range.Touches(r) {
			continue
		}
		for _, n := range use.Notes(hints) {
			fix, ok := use.Fix(n, l.result.Text, hints)
			if !ok {
				continue
			}
			kind := protocol.CodeActionKindQuickFix
			a := &protocol.CodeAction{
				Title: fix.Title, Kind: &kind, Edit: l.server.workspaceEdit(l.check, l.result, fix.Edits),
				Diagnostics: []protocol.Diagnostic{l.server.noteDiagnostic(l.result.Text, n)},
			}
			if fix.Applicability == finding.MachineApplicable && l.server.can.preferred {
				a.IsPreferred = new(true)
			}
			l.list = append(l.list, a)
		}
	}
}

// sureAllowFixes are the fixes of allow comments that may be made unseen.
func sureAllowFixes(env *environment, result *engine.Result) []finding.Fix {
	hints := env.library().HintIDs
	var sure []finding.Fix
	for _, use := range result.Allows {
		for _, n := range use.Notes(hints) {
			if fix, ok := use.Fix(n, result.Text, hints); ok && fix.Applicability == finding.MachineApplicable {
				sure = append(sure, fix)
			}
		}
	}
	return sure
}
