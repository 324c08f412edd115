package server

import (
	"go.lsp.dev/protocol"

	"lectern/analysis/allow"
	"lectern/analysis/engine"
)

// allowDiagnostics tell what is wrong with the allow comments themselves. Room
// for the fixes of these is in code_action.go.
func (s *Server) allowDiagnostics(c *check, result *engine.Result) []protocol.Diagnostic {
	var list []protocol.Diagnostic
	for _, use := range result.Allows {
		for _, n := range use.Notes(c.env.library().HintIDs) {
			message := n.Message
			if n.Help != "" {
				message += ": " + n.Help
			}
			d := protocol.Diagnostic{
				Range:    s.rangeToProtocol(result.Text, n.Range),
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
			list = append(list, d)
		}
	}
	return list
}
