package server

import (
	"strings"
	"sync"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"
)

// notify sends a notification. It never waits, so it may be called anywhere.
func (s *Server) notify(method string, params any) {
	if err := s.conn.Notify(s.ctx, method, params); err != nil && s.ctx.Err() == nil {
		s.log.Warn("notification not sent", zap.String("method", method), zap.Error(err))
	}
}

// told is what the user was told already.
type told struct {
	mu   sync.Mutex
	once map[string]bool
}

// tell shows a message to the user. It may quote a course, and some editors make
// links, to commands too, of what looks like one.
func (s *Server) tell(kind protocol.MessageType, message string) {
	message = strings.ReplaceAll(message, "](", "] (")
	s.notify(protocol.MethodWindowShowMessage, &protocol.ShowMessageParams{Type: kind, Message: message})
}

// tellOnce shows a message that was not shown before. What goes wrong again and
// again is told once; the log has it every time.
func (s *Server) tellOnce(kind protocol.MessageType, message string) {
	s.told.mu.Lock()
	before := s.told.once[message]
	if s.told.once == nil || len(s.told.once) > 1000 {
		s.told.once = map[string]bool{}
	}
	s.told.once[message] = true
	s.told.mu.Unlock()
	if !before {
		s.tell(kind, message)
	}
}
