package server

import (
	"path/filepath"
	"runtime"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"lectern/analysis/finding"
	"lectern/analysis/problem"
	"lectern/analysis/text"
)

// mapper turns places of the engine into places of the protocol and back. All
// arithmetic on lines and columns is here or in the package text.
type mapper struct{ encoding text.Encoding }

func (m mapper) offsetToPosition(t *text.Text, off int) protocol.Position {
	p := t.OffsetToPosition(off, m.encoding)
	return protocol.Position{Line: uint32(p.Line), Character: uint32(p.Column)}
}

// places turns ranges that follow each other into the protocol's.
type places struct{ starts, ends *text.Cursor }

func (m mapper) places(t *text.Text) places {
	return places{t.Cursor(m.encoding), t.Cursor(m.encoding)}
}

func (p places) rangeToProtocol(r text.Range) protocol.Range {
	start, end := p.starts.Position(r.Start), p.ends.Position(r.End)
	return protocol.Range{
		Start: protocol.Position{Line: uint32(start.Line), Character: uint32(start.Column)},
		End:   protocol.Position{Line: uint32(end.Line), Character: uint32(end.Column)},
	}
}

func (m mapper) positionToOffset(t *text.Text, p protocol.Position) int {
	return t.PositionToOffset(text.Position{Line: clampInt(p.Line), Column: clampInt(p.Character)}, m.encoding)
}

// clampInt keeps numbers positive where an int has 32 bits.
func clampInt(n uint32) int { return int(min(n, 1<<31-1)) }

func (m mapper) rangeToProtocol(t *text.Text, r text.Range) protocol.Range {
	return protocol.Range{Start: m.offsetToPosition(t, r.Start), End: m.offsetToPosition(t, r.End)}
}

// protocolToRange takes a range that ends before it starts for an empty one.
func (m mapper) protocolToRange(t *text.Text, r protocol.Range) text.Range {
	start := m.positionToOffset(t, r.Start)
	return text.Range{Start: start, End: max(start, m.positionToOffset(t, r.End))}
}

func (m mapper) editsToProtocol(t *text.Text, edits []text.Edit) []protocol.TextEdit {
	out := make([]protocol.TextEdit, len(edits))
	for i, e := range edits {
		out[i] = protocol.TextEdit{Range: m.rangeToProtocol(t, text.Range{Start: e.Start, End: e.End}), NewText: e.New}
	}
	return out
}

// problemToRange is a problem's place: from its column to the end of its line.
// Problems count columns in characters, from 1.
func (m mapper) problemToRange(t *text.Text, p problem.Problem) protocol.Range {
	if p.Line <= 0 {
		return protocol.Range{}
	}
	start := t.PositionToOffset(text.Position{Line: p.Line - 1, Column: max(p.Column, 1) - 1}, text.UTF32)
	return m.rangeToProtocol(t, text.Range{Start: start, End: max(start, t.LineRange(p.Line-1).End)})
}

func severityToProtocol(s finding.Severity) protocol.DiagnosticSeverity {
	switch s {
	case finding.Error:
		return protocol.DiagnosticSeverityError
	case finding.Warning:
		return protocol.DiagnosticSeverityWarning
	case finding.Information:
		return protocol.DiagnosticSeverityInformation
	default:
		return protocol.DiagnosticSeverityHint
	}
}

// uriKey is what two spellings of one URI have in common. Clients differ in what
// they escape.
func uriKey(u uri.URI) string {
	parsed, err := uri.Parse(string(u))
	if err != nil {
		return string(u)
	}
	return string(parsed)
}

// uriToPath is the path of a file, or "" for a document that is no file of this
// machine: another scheme, another host, a drive where there are none.
func uriToPath(u uri.URI) string {
	parsed, err := uri.Parse(string(u))
	if err != nil || !parsed.IsFile() {
		return ""
	}
	if host := parsed.Authority(); host != "" && host != "localhost" && runtime.GOOS != "windows" {
		return ""
	}
	path := filepath.Clean(parsed.FsPath())
	if !filepath.IsAbs(path) {
		return ""
	}
	return path
}

func pathToURI(path string) uri.URI { return uri.File(path) }

// checkURI refuses params in which the document is missing. An empty URI is read
// as the root of all files.
func checkURI(u uri.URI) error {
	if u == "" || u == "file:///" {
		return jsonrpc2.NewError(jsonrpc2.InvalidParams, "textDocument.uri is missing")
	}
	return nil
}

func tagsToProtocol(tags []finding.Tag) []protocol.DiagnosticTag {
	list := make([]protocol.DiagnosticTag, 0, len(tags))
	for _, t := range tags {
		switch t {
		case finding.Unnecessary:
			list = append(list, protocol.DiagnosticTagUnnecessary)
		case finding.Deprecated:
			list = append(list, protocol.DiagnosticTagDeprecated)
		}
	}
	return list
}
