package server

import (
	"context"
	"fmt"

	"go.lsp.dev/jsonrpc2"
)

// A client that reads slowly, or not at all, may ask as much as it likes, and every
// answer can have megabytes. So answers are not worked out for as long as too much
// is unsent, and never more than a few at a time: what waits is a promise, not an
// answer.

// maxTurns is how many answers, and lists of diagnostics that nobody asked for, may
// be worked out and not yet sent.
const maxTurns = 8

// turn is a request's leave to work out its answer.
type turn struct {
	server *Server
	taken  bool
}

type turnKey struct{}

// withTurn gives a request's goroutine a turn, to be taken before it makes anything
// large.
func (s *Server) withTurn(ctx context.Context) (context.Context, *turn) {
	t := &turn{server: s}
	return context.WithValue(ctx, turnKey{}, t), t
}

// withoutTurn is for what waits for the client, or for something to happen, while it
// works: it must not keep others from their turn.
func withoutTurn(ctx context.Context) context.Context {
	return context.WithValue(ctx, turnKey{}, (*turn)(nil))
}

// takeTurn waits for the turn of the request whose context it is, if it has one.
func takeTurn(ctx context.Context) error {
	if t, ok := ctx.Value(turnKey{}).(*turn); ok && t != nil {
		return t.take(ctx)
	}
	return nil
}

func (t *turn) take(ctx context.Context) error {
	if t.taken {
		return nil
	}
	select {
	case t.server.turns <- struct{}{}:
		t.taken = true
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := t.server.room(ctx); err != nil {
		return fmt.Errorf("wait for the client to read: %w", err)
	}
	return nil
}

func (t *turn) release() {
	if t.taken {
		<-t.server.turns
		t.taken = false
	}
}

// room waits while the client leaves too much unread.
func (s *Server) room(ctx context.Context) error {
	if s.out == nil {
		return nil
	}
	return s.out.room(ctx, maxUnsent)
}

// encoded is a result as it is sent, which is done in the request's turn.
func (t *turn) encoded(ctx context.Context, result any) (any, error) {
	if err := t.take(ctx); err != nil {
		return nil, err
	}
	if result == nil {
		return nil, nil
	}
	raw, err := codec{}.Marshal(result)
	if err != nil {
		return nil, fmt.Errorf("encode the answer: %w", err)
	}
	if err := t.server.room(ctx); err != nil {
		return nil, err
	}
	return jsonrpc2.RawMessage(raw), nil
}
