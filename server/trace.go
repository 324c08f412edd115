package server

import (
	"context"
	"fmt"
	"strings"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
)

// maxTraced bounds the params that a verbose trace shows, in bytes.
const maxTraced = 4 << 10

// How much is traced.
const (
	traceOff int32 = iota
	traceMessages
	traceVerbose
)

// setTrace switches the trace of what is asked and how long the answers take.
func (s *Server) setTrace(p *protocol.SetTraceParams) error {
	switch p.Value {
	case protocol.TraceValueMessages:
		s.trace.Store(traceMessages)
	case protocol.TraceValueVerbose:
		s.trace.Store(traceVerbose)
	case protocol.TraceValueOff, "":
		s.trace.Store(traceOff)
	default:
		return fmt.Errorf("set the trace: %.80q is none of off, messages and verbose", string(p.Value))
	}
	return nil
}

// traced handles a message and, if that is wanted, tells the client of it.
func (s *Server) traced(ctx context.Context, req *jsonrpc2.Request) (any, error) {
	level := s.trace.Load()
	if level == traceOff {
		return s.handle(ctx, req)
	}
	p := protocol.LogTraceParams{Message: strings.Clone(req.Method())} // the request's memory is reused
	if req.IsCall() {
		p.Message += fmt.Sprintf(" (%v)", req.ID())
	}
	if level == traceVerbose {
		params := req.Params()
		verbose := strings.ToValidUTF8(string(params[:min(len(params), maxTraced)]), "")
		if len(params) > maxTraced {
			verbose += " ..."
		}
		p.Verbose = &verbose
	}
	start := time.Now()
	result, err := s.handle(ctx, req)
	p.Message += fmt.Sprintf(": %.1f ms", float64(time.Since(start).Microseconds())/1000)
	if err != nil {
		p.Message += fmt.Sprintf(", refused: %v", err)
	}
	if s.phase.Load() == serving && s.trace.Load() != traceOff {
		s.notify(protocol.MethodLogTrace, &p)
	}
	return result, err
}
