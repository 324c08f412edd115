package server

import (
	"context"
	"fmt"
	"strconv"
	"sync"

	"go.lsp.dev/protocol"
)

// manyFiles is how many files make the server show a progress of its own, to a
// client that asked without one.
const manyFiles = 4 * batchSize

// progress tells the client how far a long task is.
type progress struct {
	server *Server
	title  string

	mu    sync.Mutex
	token protocol.ProgressToken // nil when there is nobody to tell
	asked bool                   // for a token of our own
	begun bool
	ended bool
}

func (s *Server) progress(token protocol.ProgressToken, title string) *progress {
	p := &progress{server: s, title: title, token: token}
	if token != nil {
		p.begin(true)
	}
	return p
}

func (p *progress) begin(cancellable bool) {
	p.begun = true
	p.send(&protocol.WorkDoneProgressBegin{Kind: "begin", Title: p.title, Cancellable: &cancellable, Percentage: new(uint32(0))})
}

func (p *progress) send(value any) {
	encoded, err := protocol.Marshal(value)
	if err == nil {
		p.server.sendProgress(p.token, encoded)
	}
}

// report tells of done files of total.
func (p *progress) report(done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.ended:
	case p.begun:
		p.send(&protocol.WorkDoneProgressReport{
			Kind: "report", Message: new(fmt.Sprintf("%d of %d files", done, total)), Percentage: new(uint32(100 * done / max(total, 1))),
		})
	case !p.asked && total >= manyFiles && p.server.can.progress:
		p.asked = true
		p.server.background("show progress", p.create)
	}
}

// create asks the client for a progress of our own. It may come when all is done.
func (p *progress) create(ctx context.Context) error {
	token := protocol.String("lectern-" + strconv.FormatInt(p.server.tokens.Add(1), 10))
	if err := p.server.client.WorkDoneProgressCreate(ctx, &protocol.WorkDoneProgressCreateParams{Token: token}); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.token = token
	p.begin(false)
	if p.ended { // the client shows what it made until it is told otherwise
		p.send(&protocol.WorkDoneProgressEnd{Kind: "end"})
	}
	return nil
}

// end may be called more than once.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.begun && !p.ended {
		p.send(&protocol.WorkDoneProgressEnd{Kind: "end"})
	}
	p.ended = true
}

// sendProgress sends a value that is encoded already.
func (s *Server) sendProgress(token protocol.ProgressToken, value []byte) {
	s.notify(protocol.MethodProgress, &protocol.ProgressParams{Token: token, Value: value})
}
