package server

import (
	"io"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// maxUnlogged is how many bytes of log may wait for somebody to read standard
// error; what comes then is lost.
const maxUnlogged = 1 << 20

// newLog writes lines for people, at level info until a setting changes it.
func newLog(w io.Writer) (*zap.Logger, zap.AtomicLevel, *logWriter) {
	level := zap.NewAtomicLevelAt(zap.InfoLevel)
	if w == nil {
		w = io.Discard
	}
	out := &logWriter{newOutbox(w)}
	config := zap.NewDevelopmentEncoderConfig()
	config.EncodeLevel = zapcore.CapitalLevelEncoder
	config.EncodeTime = zapcore.TimeEncoderOfLayout("15:04:05.000")
	config.EncodeCaller = nil
	return zap.New(zapcore.NewCore(zapcore.NewConsoleEncoder(config), out, level)), level, out
}

// logWriter never waits: an editor that leaves standard error unread must not
// stop the server.
type logWriter struct{ out *outbox }

func (l *logWriter) Write(line []byte) (int, error) {
	return len(line), l.out.add(func(unsent []byte) []byte {
		if len(unsent) > maxUnlogged {
			return unsent
		}
		return append(unsent, line...)
	})
}

// Sync is not what it takes to see a line; it is written at once.
func (l *logWriter) Sync() error { return nil }

func (l *logWriter) close() {
	l.out.flush(100 * time.Millisecond)
	l.out.close()
}

// setLogLevel takes the level of the folder that wants to know most.
func (s *Server) setLogLevel() {
	level := zap.ErrorLevel
	for _, env := range s.environments() {
		if l, err := zapcore.ParseLevel(env.settings.LogLevel()); err == nil && l < level {
			level = l
		}
	}
	s.level.SetLevel(level)
	if level == zap.InfoLevel {
		level = zap.WarnLevel // clients tend to show standard error beside the messages
	}
	s.messageLevel.SetLevel(level)
}
