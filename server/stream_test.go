package server

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.lsp.dev/jsonrpc2"
)

// FuzzFrames reads any bytes as messages: each frame has the length that its
// header says, and nothing panics.
func FuzzFrames(f *testing.F) {
	f.Add("Content-Length: 2\r\n\r\n{}content-length:3\nX: y\n\nabc")
	f.Add("Content-Length: 00\r\n\r\nContent-Length: +1\r\n\r\n")
	f.Fuzz(func(t *testing.T, input string) {
		in := bufio.NewReaderSize(strings.NewReader(input), 64)
		left := len(input)
		for {
			frame, err := readFrame(in)
			if err != nil {
				if frame != nil {
					t.Errorf("%q: a frame with the error %v", input, err)
				}
				return
			}
			if left -= len(frame) + len("Content-Length:0\n\n"); left < 0 {
				t.Fatalf("%q: more came out than went in", input)
			}
			jsonrpc2.DecodeMessage(frame) //nolint:errcheck // it is not to panic
		}
	})
}

// TestReadAheadIsBounded: what was read and not handled has a bound in bytes, whatever
// the sizes of the messages.
func TestReadAheadIsBounded(t *testing.T) {
	for _, size := range []int{256 << 10, 3 << 20, aheadBytes + 1} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				body := `{"jsonrpc":"2.0","method":"x","params":["` + strings.Repeat("x", size) + `"]}`
				one := fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body)
				n := 2 * aheadBytes / size
				n = max(n, 2)
				in := strings.NewReader(strings.Repeat(one, n))
				total := in.Len()
				s := newStream(in, io.Discard, func() {})
				for i := range n {
					synctest.Wait() // until the reader waits for room
					// Beside those that wait: the one that finds no room, and the reader's buffer.
					most := max(aheadBytes, len(body)) + len(one) + 64<<10
					if ahead := total - in.Len() - i*len(one); ahead > most {
						t.Fatalf("after %d messages of %d bytes: %d bytes are read ahead, want at most %d", i, len(body), ahead, most)
					}
					msg, _, err := s.Read(t.Context())
					if err != nil {
						t.Fatalf("message %d of %d: %v", i, n, err)
					}
					if call, ok := msg.(*jsonrpc2.Notification); !ok || len(call.Params()) < size {
						t.Fatalf("message %d: got %T", i, msg)
					}
				}
				if _, _, err := s.Read(t.Context()); err != io.EOF {
					t.Errorf("at the end: got %v, want io.EOF", err)
				}
				s.Close() //nolint:errcheck // nothing is written
			})
		})
	}
}

// stuck is a reader of the server's output that does not read.
type stuck struct{ release chan struct{} }

func (s stuck) Write(b []byte) (int, error) {
	<-s.release
	return len(b), nil
}

// TestOutboxNeverWaits writes to somebody who does not read.
func TestOutboxNeverWaits(t *testing.T) {
	s := stuck{make(chan struct{})}
	o := newOutbox(s)
	done := make(chan error)
	go func() {
		for range 1000 {
			if err := o.add(func(b []byte) []byte { return append(b, make([]byte, 1000)...) }); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	select {
	case err := <-done:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("adding waits for the reader")
	}
	start := time.Now()
	o.flush(50 * time.Millisecond)
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("flush took %v", took)
	}
	if err := o.add(func(b []byte) []byte { return b }); err == nil {
		t.Error("after the other side was given up, adding works")
	}
	close(s.release)
	o.close()
}

// TestThrottle: beyond the limit the reader waits until the other side has read.
func TestThrottle(t *testing.T) {
	s := stuck{make(chan struct{})}
	o := newOutbox(s)
	if err := o.add(func(b []byte) []byte { return append(b, "first"...) }); err != nil {
		t.Fatal(err)
	}
	if err := o.throttle(0); err != nil { // the first is with the reader now
		t.Fatal(err)
	}
	if err := o.add(func(b []byte) []byte { return append(b, make([]byte, 100)...) }); err != nil {
		t.Fatal(err)
	}
	released := make(chan error)
	go func() { released <- o.throttle(10) }()
	select {
	case <-released:
		t.Fatal("the limit does not hold")
	case <-time.After(50 * time.Millisecond):
	}
	close(s.release)
	if err := <-released; err != nil {
		t.Errorf("got %v", err)
	}
	o.flush(time.Second)
	o.close()
}

// TestFrameErrors: what is no frame says why.
func TestFrameErrors(t *testing.T) {
	for _, test := range []struct{ input, want string }{
		{"", "EOF"},
		{"Content-Length: 5\r\n\r\n{}", "unexpected EOF"},
		{"Content-Length: 5\r\n", "unexpected EOF"},
		{"\r\n", "without the header"},
		{"Content-Length: five\r\n\r\n", "no length"},
		{"nonsense\r\n\r\n", "is not"},
		{fmt.Sprintf("Content-Length: %d\r\n\r\n", maxFrame+1), "longer than the limit"},
		{fmt.Sprintf("Content-Length: %d\r\n\r\nx", maxFrame), "unexpected EOF"}, // and no such memory is taken
		{strings.Repeat("x", 100_000), "header"},
	} {
		_, err := readFrame(bufio.NewReaderSize(strings.NewReader(test.input), 64<<10))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%.40q: got %v, want %q", test.input, err, test.want)
		}
	}
	in := bufio.NewReader(strings.NewReader("Content-Length: 2\r\n\r\n{}"))
	if frame, err := readFrame(in); err != nil || string(frame) != "{}" {
		t.Errorf("got %q, %v", frame, err)
	}
	if _, err := readFrame(in); err != io.EOF {
		t.Errorf("at the end: got %v, want io.EOF", err)
	}
}
