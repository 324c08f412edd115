package server

import (
	"fmt"
	"sync"
	"time"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// maxMessages is how many lines of the log a client is sent in a second.
const maxMessages = 50

// messenger is the part of the log that the client shows: what matters to its
// user, who may never see standard error. It takes warnings and errors; a
// setting logLevel of debug or error moves that line.
type messenger struct {
	zapcore.LevelEnabler
	line zapcore.Encoder
	send func(*protocol.LogMessageParams)
	room *room
}

// room bounds what is sent.
type room struct {
	mu     sync.Mutex
	second int64 // the present one
	sent   int   // in it
	lost   int   // since something was sent
}

// withMessages sends lines of the log to the client, too. What becomes of them
// is not logged: that would be one more line.
func (s *Server) withMessages() *zap.Logger {
	config := zap.NewDevelopmentEncoderConfig()
	config.TimeKey, config.LevelKey, config.CallerKey, config.NameKey = "", "", "", ""
	m := &messenger{LevelEnabler: s.messageLevel, line: zapcore.NewConsoleEncoder(config), room: &room{}, send: func(p *protocol.LogMessageParams) {
		if s.conn != nil && s.phase.Load() == serving {
			_ = s.conn.Notify(s.ctx, protocol.MethodWindowLogMessage, p) // see above
		}
	}}
	return s.log.WithOptions(zap.WrapCore(func(c zapcore.Core) zapcore.Core { return zapcore.NewTee(c, m) }))
}

func (m *messenger) With(fields []zapcore.Field) zapcore.Core {
	with := *m
	with.line = m.line.Clone()
	for _, f := range fields {
		f.AddTo(with.line)
	}
	return &with
}

func (m *messenger) Check(e zapcore.Entry, to *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	if m.Enabled(e.Level) {
		return to.AddCore(e, m)
	}
	return to
}

func (m *messenger) Write(e zapcore.Entry, fields []zapcore.Field) error {
	lost, ok := m.room.take(e.Time)
	if !ok {
		return nil
	}
	line, err := m.line.EncodeEntry(e, fields)
	if err != nil {
		return err
	}
	defer line.Free()
	text := line.String()
	if lost > 0 {
		text = fmt.Sprintf("(%d lines are on standard error only)\n%s", lost, text)
	}
	m.send(&protocol.LogMessageParams{Type: messageType(e.Level), Message: text[:len(text)-1]}) // without the line's end
	return nil
}

func (m *messenger) Sync() error { return nil }

// take says whether there is room for a line, and how many had none before.
func (r *room) take(now time.Time) (lost int, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if second := now.Unix(); second != r.second {
		r.second, r.sent = second, 0
	}
	if r.sent >= maxMessages {
		r.lost++
		return 0, false
	}
	r.sent++
	lost, r.lost = r.lost, 0
	return lost, true
}

func messageType(l zapcore.Level) protocol.MessageType {
	switch {
	case l >= zap.ErrorLevel:
		return protocol.MessageTypeError
	case l == zap.WarnLevel:
		return protocol.MessageTypeWarning
	case l == zap.InfoLevel:
		return protocol.MessageTypeInfo
	}
	return protocol.MessageTypeLog
}
