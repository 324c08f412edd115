package server

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.uber.org/zap"
)

// method is what the server does for one LSP method. What changes the server's
// state and what reads it are different things here: only a mutation runs as
// the messages come in, one after the other; a question takes its snapshot at
// that moment and is answered on a goroutine of its own.
type method struct {
	mutate func(jsonrpc2.RawMessage) error           // a notification
	ask    func(jsonrpc2.RawMessage) (answer, error) // a request
	inline bool                                      // the answer, too, is given before the next message is read
}

// answer works out the result of a request from the snapshot that it holds.
type answer func(ctx context.Context) (any, error)

// mutation is a notification with params P, applied in the order of the wire.
func mutation[P any](apply func(*P) error) method {
	return method{mutate: func(raw jsonrpc2.RawMessage) error {
		params, err := decode[P](raw)
		if err != nil {
			return err
		}
		return apply(params)
	}}
}

// question is a request with params P. snapshot runs in the order of the wire
// and must not wait for anything; the answer that it returns may.
func question[P any](snapshot func(*P) (answer, error)) method {
	return method{ask: func(raw jsonrpc2.RawMessage) (answer, error) {
		params, err := decode[P](raw)
		if err != nil {
			return nil, err
		}
		return snapshot(params)
	}}
}

// inline is a request whose answer, too, keeps the order of the wire.
func inline(m method) method {
	m.inline = true
	return m
}

func decode[P any](raw jsonrpc2.RawMessage) (*P, error) {
	params := new(P)
	if len(raw) == 0 {
		return params, nil // absent; whatever is required is then found missing
	}
	if err := protocol.Unmarshal(raw, params); err != nil {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "the params cannot be read: %v", err)
	}
	return params, nil
}

// handle is called by the connection for each message, in the order of the wire.
// It returns before the next one is read unless it calls jsonrpc2.Async. It
// never returns an error for a notification: that would end the connection.
func (s *Server) handle(ctx context.Context, req *jsonrpc2.Request) (any, error) {
	name := strings.Clone(req.Method()) // the request's memory is reused
	m, known := s.methods[name]
	if !req.IsCall() {
		s.handleNotification(name, m, known, req.Params())
		return nil, nil
	}
	if err := s.gate(name); err != nil {
		return nil, err
	}
	if !known || m.ask == nil {
		return nil, jsonrpc2.Errorf(jsonrpc2.MethodNotFound, "lectern has no method %.100q", name)
	}
	id := req.ID()
	if !m.inline {
		size := questionSize(id, req.Params())
		if err := s.calls.reserve(size); err != nil {
			return nil, err
		}
		defer s.calls.release(size)
	}
	run, err := guard(s, name, func() (answer, error) { return m.ask(req.Params()) })
	if err != nil {
		return nil, wireError(err)
	}
	if m.inline {
		result, err := guard(s, name, func() (any, error) { return run(s.ctx) })
		return result, wireError(err)
	}
	asked, end := s.calls.begin(s.ctx, id)
	defer end()
	asked, turn := s.withTurn(asked)
	defer turn.release()
	jsonrpc2.Async(ctx)
	result, err := guard(s, name, func() (any, error) { return run(asked) })
	if err == nil {
		result, err = guard(s, name, func() (any, error) { return turn.encoded(asked, result) })
	}
	if err != nil {
		if asked.Err() != nil {
			return nil, protocol.ErrRequestCancelled
		}
		return nil, wireError(err)
	}
	return result, nil
}

func (s *Server) handleNotification(name string, m method, known bool, params jsonrpc2.RawMessage) {
	switch {
	case !known || m.mutate == nil:
		s.log.Debug("notification ignored", zap.String("method", name))
		return
	case s.phase.Load() != serving && name != protocol.MethodExit:
		s.log.Debug("notification outside of a session ignored", zap.String("method", name))
		return
	}
	_, err := guard(s, name, func() (struct{}, error) { return struct{}{}, m.mutate(params) })
	if err != nil {
		s.log.Warn("notification refused", zap.String("method", name), zap.Error(err))
		// A refusal is for the log; a mistake of the server's own is for the user, too.
		var coded *jsonrpc2.Error
		if errors.As(err, &coded) && coded.Code == jsonrpc2.InternalError {
			s.tellOnce(protocol.MessageTypeError, coded.Message)
		}
	}
}

// gate refuses requests outside of a session.
func (s *Server) gate(name string) error {
	switch phase := s.phase.Load(); {
	case phase == ended:
		return jsonrpc2.NewError(jsonrpc2.InvalidRequest, "the server is shut down")
	case phase == fresh && name != protocol.MethodInitialize:
		return jsonrpc2.NewError(jsonrpc2.ServerNotInitialized, "the server is not initialized")
	}
	return nil
}

// guard calls f and turns a panic into an error, once it is logged. Nothing that
// a client sends or a course holds may end the server.
func guard[T any](s *Server, doing string, f func() (T, error)) (result T, err error) {
	defer func() {
		if r := recover(); r != nil {
			s.log.Error("panic", zap.String("doing", doing), zap.Any("panic", r), zap.ByteString("stack", debug.Stack()))
			err = jsonrpc2.Errorf(jsonrpc2.InternalError, "%s failed inside lectern: %v; its log has the details", doing, r)
		}
	}()
	return f()
}

// wireError gives an error the code that the protocol has for it.
func wireError(err error) error {
	var coded *jsonrpc2.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &coded):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return protocol.ErrRequestCancelled
	}
	return jsonrpc2.NewError(jsonrpc2.InternalError, err.Error())
}

// maxWaiting is how many bytes the requests may have that are not answered yet. A
// client that went on asking could have no more than them of the server's memory, as
// they came and decoded.
const maxWaiting = 64 << 20

// questionSize is what a request takes of maxWaiting: what came, and what every
// request costs.
func questionSize(id jsonrpc2.ID, params jsonrpc2.RawMessage) int {
	name, _ := id.StringValue()
	return len(name) + len(params) + 4<<10
}

// calls are the requests that are being answered.
type calls struct {
	mu     sync.Mutex
	cancel map[jsonrpc2.ID]*context.CancelFunc
	size   int // of all, in bytes
}

// reserve takes bytes of maxWaiting for a request, or refuses it. The server cannot
// stop listening instead: what is waited for may be what the client says next.
func (c *calls) reserve(size int) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.size > 0 && c.size+size > maxWaiting {
		return jsonrpc2.Errorf(jsonrpc2.Code(protocol.LSPErrorCodesRequestFailed), "requests of %d MB wait for their answers; ask again when some have come", c.size>>20)
	}
	c.size += size
	return nil
}

func (c *calls) release(size int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.size -= size
}

// begin is the context of a request, and what to call when it is answered.
func (c *calls) begin(ctx context.Context, id jsonrpc2.ID) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cancel == nil {
		c.cancel = map[jsonrpc2.ID]*context.CancelFunc{}
	}
	c.cancel[id] = &cancel
	return ctx, func() {
		cancel()
		c.mu.Lock()
		defer c.mu.Unlock()
		// A client may have used the id again meanwhile.
		if c.cancel[id] == &cancel {
			delete(c.cancel, id)
		}
	}
}

// cancelParams keeps the id as it is: the protocol's own type has 32 bits for it.
type cancelParams struct {
	ID protocol.LSPAny `json:"id"`
}

func (s *Server) cancelRequest(p *cancelParams) error {
	id, err := requestID(string(p.ID))
	if err != nil {
		return fmt.Errorf("cancel a request: %w", err)
	}
	s.calls.mu.Lock()
	defer s.calls.mu.Unlock()
	if cancel, ok := s.calls.cancel[id]; ok {
		(*cancel)()
	}
	return nil
}

func requestID(raw string) (jsonrpc2.ID, error) {
	if n, err := strconv.ParseInt(raw, 10, 64); err == nil {
		return jsonrpc2.NewNumberID(n), nil
	}
	var str protocol.String
	if err := protocol.Unmarshal([]byte(raw), &str); err != nil || raw == "null" {
		return jsonrpc2.ID{}, fmt.Errorf("%.80s is no id", raw)
	}
	return jsonrpc2.NewStringID(string(str)), nil
}
