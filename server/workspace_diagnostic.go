package server

import (
	"context"
	"strconv"
	"strings"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

// calm is how long a held request waits for more changes before it looks.
const calm = 200 * time.Millisecond

// workspaceDiagnostic answers for all files of the workspace: in full what the
// client does not know, unchanged what it does. Files without diagnostics are
// not mentioned unless the client had some of them.
//
// VS Code's client asks again two seconds after each answer, for as long as the
// window is open. So a request to which there is nothing new is held, as the
// protocol allows, until something changes; a walk of a large workspace every
// two seconds would drain a laptop. The first request of a session is answered
// in any case. Edits of open documents end no hold: their diagnostics are asked
// for document by document. When a document is closed, the client goes on showing
// what it had while it was open, until it is told here what the file has: see
// closings.
func (s *Server) workspaceDiagnostic(p *protocol.WorkspaceDiagnosticParams) (answer, error) {
	previous := make(map[string]protocol.PreviousResultId, len(p.PreviousResultIds))
	for _, r := range p.PreviousResultIds {
		previous[uriKey(r.URI)] = r
	}
	partial, work := p.PartialResultToken, p.WorkDoneToken
	asked := s.closings.begin()
	return func(ctx context.Context) (any, error) {
		bar := s.progress(work, "Lectern looks at the workspace")
		defer bar.end()
		for {
			change := s.scan.change()
			r := &workspaceReport{server: s, token: partial, previous: previous, seen: map[string]bool{}, asked: asked, closed: s.closings.all()}
			err := s.scanWorkspace(withoutTurn(ctx), func(batch []*scanned, done, total int) {
				if partial != nil && s.room(ctx) != nil {
					return // nobody waits for it any more
				}
				r.add(batch)
				bar.report(done, total)
			})
			if err != nil {
				return nil, err
			}
			r.gone()
			first := !s.pulledWorkspace.Swap(true)
			if r.news || first || s.phase.Load() != serving {
				s.closings.told(r.closed)
				return r.result(), nil
			}
			bar.end() // nobody works while nothing changes
			select {
			case <-change:
			case <-ctx.Done():
				return nil, ctx.Err()
			}
			if s.phase.Load() == serving {
				wait(ctx.Done(), calm)
			}
		}
	}, nil
}

// workspaceReport collects the reports of files for one answer.
type workspaceReport struct {
	server   *Server
	token    protocol.ProgressToken // where to send a batch, or nil
	previous map[string]protocol.PreviousResultId
	seen     map[string]bool
	asked    int                // closings before the request came
	closed   map[string]closing // of which the client is to be told
	items    []byte             // encoded, with commas between
	same     []byte             // the same for what is unchanged: sent only along with something new
	news     bool
}

// add takes a batch, and sends it on its way if the client wants that.
func (r *workspaceReport) add(batch []*scanned) {
	for _, f := range batch {
		key := uriKey(f.uri)
		r.seen[key] = true
		old, known := r.previous[key]
		closed, told := r.closed[key]
		if closed.number > r.asked {
			known = false // what it knew is not what it shows
		}
		switch {
		case known && sameList(old.Value, f.id):
			r.same = r.append(r.same, "unchanged", string(f.uri), f.version, f.id, nil)
		case known || told || len(f.items) > len("[]"):
			r.items = r.append(r.items, "full", string(f.uri), f.version, f.id, f.items)
			r.news = true
		}
	}
	if r.token != nil && len(r.items) > 0 {
		r.server.sendProgress(r.token, []byte(`{"items":[`+string(r.items)+`]}`))
		r.items = nil
	}
}

// sameList reports that a result id of the client stands for the list with an id.
// Of an open document a client may give the id of what it pulled for that document,
// which says also how often it was opened.
func sameList(previous, id string) bool {
	list, _, _ := strings.Cut(previous, ".")
	return list == id
}

// gone takes away what the client knows of files that are not there any more.
func (r *workspaceReport) gone() {
	none, id, err := encodeDiagnostics(nil)
	if err != nil {
		return // an empty list can be encoded
	}
	for key, c := range r.closed {
		_, known := r.previous[key]
		if !r.seen[key] && (!known || c.number > r.asked) && r.server.documents.get(c.uri) == nil {
			r.take(c.uri, id, none)
			r.seen[key] = true
		}
	}
	for key, old := range r.previous {
		if !r.seen[key] && !sameList(old.Value, id) {
			r.take(old.URI, id, none)
		}
	}
}

// take takes away what the client shows of a file.
func (r *workspaceReport) take(u uri.URI, id string, none []byte) {
	r.items = r.append(r.items, "full", string(u), nil, id, none)
	r.news = true
}

// result is the answer, or the rest of it.
func (r *workspaceReport) result() any {
	all := r.items
	if len(all) > 0 && len(r.same) > 0 {
		all = append(all, ',')
	}
	return jsonrpc2.RawMessage(`{"items":[` + string(append(all, r.same...)) + `]}`)
}

func (r *workspaceReport) append(to []byte, kind, uri string, version *int32, id string, items []byte) []byte {
	if len(to) > 0 {
		to = append(to, ',')
	}
	at := "null"
	if version != nil {
		at = strconv.Itoa(int(*version))
	}
	to = append(to, `{"kind":"`+kind+`","uri":`+quote(uri)+`,"version":`+at+`,"resultId":"`+id+`"`...)
	if items != nil {
		to = append(append(to, `,"items":`...), items...)
	}
	return append(to, '}')
}
