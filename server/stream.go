package server

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"go.lsp.dev/jsonrpc2"
)

// The bounds of what the two sides may pile up.
const (
	maxFrame   = 256 << 20 // bytes of one message: a file of 50 MB fits, escaped
	readAhead  = 512       // messages read before they are handled
	aheadBytes = 64 << 20  // bytes of them, or one message
	wholeFrame = 1 << 20   // up to here the length that a header promises is believed at once
	maxUnsent  = 16 << 20  // bytes that the client has not read; beyond it, it is not listened to
)

// stream frames messages as LSP's base protocol wants it. It differs from the
// stream that jsonrpc2 brings in what a server needs to stay alive: writing
// never waits for the client, invalid JSON is answered and survived, and the
// reader says when no more input is at hand.
type stream struct {
	idle   func()        // called by Read when it is about to wait
	frames chan frame    // closed when the input ends, with readErr set
	more   bool          // the beginning of another message was at hand with the last one; Read's own
	gone   chan struct{} // closed when there is nothing more to Read
	ahead  atomic.Int64  // bytes of frames
	taken  chan struct{} // says that ahead is less; holds one
	done   chan struct{} // closed by Close
	close  sync.Once
	in     io.Reader

	readErr error // guarded by the closing of frames
	lastErr error // guarded by the closing of gone

	out     *outbox
	scratch []byte // guarded by out
}

// frame is a message as it was read.
type frame struct {
	body []byte
	more bool // bytes of the next message were there already
}

// newStream starts reading in and writing out. Both end after Close, reading
// when in gives way.
func newStream(in io.Reader, out io.Writer, idle func()) *stream {
	s := &stream{idle: idle, frames: make(chan frame, readAhead), taken: make(chan struct{}, 1), gone: make(chan struct{}), done: make(chan struct{}), in: in, out: newOutbox(out)}
	go s.readFrames(bufio.NewReaderSize(in, 64<<10))
	return s
}

// Read is the next message. It answers what is no message, and waits while the
// client leaves too many answers unread. It is not called again after an error.
func (s *stream) Read(ctx context.Context) (jsonrpc2.Message, int64, error) {
	msg, n, err := s.read(ctx)
	if err != nil {
		s.lastErr = err
		close(s.gone)
	}
	return msg, n, err
}

// err is why Read ended; valid once gone is closed.
func (s *stream) err() error { return s.lastErr }

func (s *stream) read(ctx context.Context) (jsonrpc2.Message, int64, error) {
	for {
		if err := s.out.throttle(maxUnsent); err != nil {
			return nil, 0, err
		}
		frame, err := s.next(ctx)
		if err != nil {
			return nil, 0, err
		}
		msg, err := jsonrpc2.DecodeMessage(frame)
		if err == nil {
			return msg, int64(len(frame)), nil
		}
		if !errors.Is(err, jsonrpc2.ErrInvalidRequest) {
			err = jsonrpc2.NewError(jsonrpc2.ParseError, "the message is not valid JSON")
		} else {
			err = jsonrpc2.NewError(jsonrpc2.InvalidRequest, "the message is no JSON-RPC 2.0 request or response; batches are not part of LSP")
		}
		if _, err := s.Write(ctx, jsonrpc2.NewResponse(jsonrpc2.ID{}, nil, err)); err != nil {
			return nil, 0, err
		}
	}
}

func (s *stream) next(ctx context.Context) ([]byte, error) {
	select {
	case frame, ok := <-s.frames:
		return s.received(frame, ok)
	default:
	}
	if !s.more { // else the next message is being read in this moment
		s.idle()
	}
	select {
	case frame, ok := <-s.frames:
		return s.received(frame, ok)
	case <-s.done:
		return nil, io.EOF
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *stream) received(f frame, ok bool) ([]byte, error) {
	if !ok {
		return nil, s.readErr
	}
	s.more = f.more
	s.ahead.Add(-int64(len(f.body)))
	select {
	case s.taken <- struct{}{}:
	default: // it was said already
	}
	return f.body, nil
}

// Write queues a message. It never waits.
func (s *stream) Write(_ context.Context, msg jsonrpc2.Message) (n int64, err error) {
	err = s.out.add(func(unsent []byte) []byte {
		s.scratch = jsonrpc2.AppendMessage(s.scratch[:0], msg)
		before := len(unsent)
		unsent = append(unsent, "Content-Length: "...)
		unsent = strconv.AppendInt(unsent, int64(len(s.scratch)), 10)
		unsent = append(unsent, "\r\n\r\n"...)
		unsent = append(unsent, s.scratch...)
		n = int64(len(unsent) - before)
		if cap(s.scratch) > keptBuffer {
			s.scratch = nil
		}
		return unsent
	})
	if err != nil {
		return 0, fmt.Errorf("write to the client: %w", err)
	}
	return n, nil
}

// Close ends both directions. What was written before is still sent.
func (s *stream) Close() error {
	s.close.Do(func() {
		close(s.done)
		s.out.close()
	})
	if c, ok := s.in.(io.Closer); ok {
		if err := c.Close(); err != nil {
			return fmt.Errorf("close the input: %w", err)
		}
	}
	return nil
}

func (s *stream) readFrames(in *bufio.Reader) {
	defer close(s.frames)
	for {
		body, err := readFrame(in)
		if err != nil {
			s.readErr = err
			return
		}
		if !s.roomAhead(int64(len(body))) {
			s.readErr = io.EOF
			return
		}
		select {
		case s.frames <- frame{body, in.Buffered() > 0}:
		case <-s.done:
			s.readErr = io.EOF
			return
		}
	}
}

// roomAhead waits until a message may wait with those that do; false after Close.
func (s *stream) roomAhead(n int64) bool {
	for {
		if ahead := s.ahead.Load(); ahead == 0 || ahead+n <= aheadBytes {
			s.ahead.Add(n)
			return true
		}
		select {
		case <-s.taken:
		case <-s.done:
			return false
		}
	}
}

// readFrame reads one message. At the end of the input between two messages the
// error is io.EOF.
func readFrame(in *bufio.Reader) ([]byte, error) {
	length, first := -1, true
	for {
		line, err := in.ReadSlice('\n')
		switch {
		case err == io.EOF && first && len(line) == 0:
			return nil, io.EOF
		case err == io.EOF:
			return nil, fmt.Errorf("read a header: %w", io.ErrUnexpectedEOF)
		case err != nil:
			return nil, fmt.Errorf("read a header: %w", err)
		}
		first = false
		header := strings.TrimRight(string(line), "\r\n")
		if header == "" {
			break
		}
		name, value, ok := strings.Cut(header, ":")
		if !ok {
			return nil, fmt.Errorf("the header %.80q is not \"Name: value\"", header)
		}
		if !strings.EqualFold(strings.TrimSpace(name), "content-length") {
			continue
		}
		n, err := strconv.ParseUint(strings.TrimSpace(value), 10, 63)
		if err != nil {
			return nil, fmt.Errorf("the header %.80q is no length", header)
		}
		if n > maxFrame {
			return nil, fmt.Errorf("a message of %d bytes is longer than the limit of %d", n, maxFrame)
		}
		length = int(n)
	}
	if length < 0 {
		return nil, errors.New("a message without the header Content-Length")
	}
	return readBody(in, length)
}

func readBody(in *bufio.Reader, length int) ([]byte, error) {
	if length <= wholeFrame {
		body := make([]byte, length)
		if _, err := io.ReadFull(in, body); err != nil {
			return nil, fmt.Errorf("read a message of %d bytes: %w", length, unexpected(err))
		}
		return body, nil
	}
	// Memory follows what really arrives, not what the header says.
	var body bytes.Buffer
	if _, err := io.CopyN(&body, in, int64(length)); err != nil {
		return nil, fmt.Errorf("read a message of %d bytes: %w", length, unexpected(err))
	}
	return body.Bytes(), nil
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
