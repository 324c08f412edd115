package server

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
	"go.uber.org/zap"

	"lectern/analysis/config"
	"lectern/analysis/engine"
	"lectern/analysis/finding"
	"lectern/analysis/text"
)

// source is how clients name the sender of a diagnostic.
const source = "lectern"

// pushed is what a client was last told about a document.
type pushed struct {
	mu     sync.Mutex
	closed bool
	any    bool   // something was pushed
	id     string // of what was pushed
	shown  bool   // and it was not empty
}

// diagnostic answers clients that pull. It tells of no related documents: a file
// says nothing about another one but for the facts of a crate, and when those
// change, the client is asked to refresh.
func (s *Server) diagnostic(p *protocol.DocumentDiagnosticParams) (answer, error) {
	c, err := s.snapshot(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	previous := ""
	if p.PreviousResultID != nil {
		previous = *p.PreviousResultID
	}
	return func(ctx context.Context) (any, error) {
		if c == nil || !s.can.pull {
			return report([]byte("[]"), resultID([]byte("[]")), previous), nil
		}
		result, err := c.wait(ctx)
		if err != nil {
			return nil, err
		}
		var answer any
		err = s.encode(c, result, func(items []byte, id string) {
			// Neovim drops what it shows of a file that is read again, and keeps the id.
			answer = report(items, id+"."+strconv.FormatUint(c.doc.opened, 36), previous)
		})
		return answer, err
	}, nil
}

// report is the answer to a pull, with no items for a client that has them.
func report(items []byte, id, previous string) any {
	if id == previous {
		return &protocol.RelatedUnchangedDocumentDiagnosticReport{
			UnchangedDocumentDiagnosticReport: protocol.UnchangedDocumentDiagnosticReport{Kind: "unchanged", ResultID: id},
		}
	}
	return jsonrpc2.RawMessage(slices.Concat([]byte(`{"kind":"full","resultId":"`+id+`","items":`), items, []byte("}")))
}

// push sends the diagnostics of a check to a client that does not pull, unless
// it has the very same ones.
func (s *Server) push(ctx context.Context, d *document, c *check) {
	_, turn := s.withTurn(ctx)
	defer turn.release()
	if turn.take(ctx) != nil {
		return // the session ends
	}
	err := s.encode(c, c.result, func(items []byte, id string) {
		d.pushed.mu.Lock()
		defer d.pushed.mu.Unlock()
		if d.pushed.closed || d.pushed.any && d.pushed.id == id {
			return
		}
		d.pushed.any, d.pushed.id, d.pushed.shown = true, id, len(items) > len("[]")
		version := ""
		if s.can.versions {
			version = `,"version":` + strconv.Itoa(int(c.version))
		}
		s.publish(d.uri, version, items)
	})
	if err != nil {
		s.log.Error("diagnostics cannot be encoded", zap.String("uri", string(d.uri)), zap.Error(err))
	}
}

// clear takes a closed document's diagnostics away; nothing is pushed for it
// afterwards.
func (s *Server) clear(d *document) {
	d.pushed.mu.Lock()
	defer d.pushed.mu.Unlock()
	d.pushed.closed = true
	if d.pushed.shown {
		s.publish(d.uri, "", []byte("[]"))
	}
}

func (s *Server) publish(u uri.URI, version string, items []byte) {
	name, err := protocol.Marshal(protocol.String(u))
	if err != nil {
		s.log.Error("a URI cannot be encoded", zap.String("uri", string(u)), zap.Error(err))
		return
	}
	params := jsonrpc2.RawMessage(slices.Concat([]byte(`{"uri":`+string(name)+version+`,"diagnostics":`), items, []byte("}")))
	s.notify(protocol.MethodTextDocumentPublishDiagnostics, params)
}

// diagnostics are the findings that are shown without being asked for.
func (s *Server) diagnostics(c *check, result *engine.Result) []protocol.Diagnostic {
	if !c.env.settings.Enabled(config.Diagnostics) {
		return nil
	}
	list := make([]protocol.Diagnostic, 0, len(result.Diagnostics))
	for _, i := range result.Diagnostics {
		f := result.Head(i)
		list = append(list, s.diagnosticOf(c, result.Text, &f))
	}
	return append(list, s.allowDiagnostics(c, result)...)
}

func (s *Server) diagnosticOf(c *check, t *text.Text, f *finding.Finding) protocol.Diagnostic {
	d := protocol.Diagnostic{
		Range:    s.rangeToProtocol(t, f.Range),
		Severity: severityToProtocol(f.Severity),
		Code:     protocol.String(f.Hint),
		Source:   protocol.NewOptional(source),
		Message:  protocol.String(f.Message),
		Data:     diagnosticData(f),
	}
	if s.can.codeDescription {
		if lesson, ok := c.env.lessonOf(f.Hint); ok {
			d.CodeDescription = protocol.CodeDescription{Href: uri.URI(c.env.library().URL(lesson))} // left out when empty
		}
	}
	if hint, ok := c.env.library().Hint(f.Hint); ok && len(hint.Tags) > 0 {
		d.Tags = s.tagged(tagsToProtocol(hint.Tags)...)
	}
	if s.can.related {
		for _, r := range f.Related {
			d.RelatedInformation = append(d.RelatedInformation, protocol.DiagnosticRelatedInformation{
				Location: protocol.Location{URI: c.doc.uri, Range: s.rangeToProtocol(t, r.Range)},
				Message:  r.Message,
			})
		}
	}
	return d
}

// diagnosticData lets a client's own commands know what a diagnostic is about.
func diagnosticData(f *finding.Finding) protocol.LSPAny {
	var b strings.Builder
	b.WriteString(`{"hint":` + quote(f.Hint) + `,"section":` + quote(f.Section) + `}`)
	return protocol.LSPAny(b.String())
}

// tagged are those of the tags that the client shows.
func (s *Server) tagged(tags ...protocol.DiagnosticTag) protocol.DiagnosticTags {
	return protocol.NewDiagnosticTags(slices.DeleteFunc(tags, func(t protocol.DiagnosticTag) bool {
		return !slices.Contains(s.can.tags, t)
	})...)
}

// recheck brings the findings of documents up to date after something else than
// their text changed.
func (s *Server) recheck(docs []*document) {
	s.refreshContent()
	s.scan.stir()
	if len(docs) == 0 && !s.pulledWorkspace.Load() {
		return
	}
	for _, d := range docs {
		d.ask(false, !s.can.pull)
	}
	if s.can.pull && s.can.refreshDiagnostics {
		s.solo("refresh diagnostics", s.client.DiagnosticRefresh)
	}
	if s.can.refreshLenses {
		s.solo("refresh code lenses", s.client.CodeLensRefresh)
	}
}
