package server

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"go.lsp.dev/jsonrpc2"
)

// TestPanics gives the server methods that panic, at each place where one can. Each
// is reported to who asked, or to the user, and the server lives.
func TestPanics(t *testing.T) {
	var log strings.Builder
	s := newServer(context.Background(), Options{Log: &log, CacheDir: t.TempDir()})
	var list map[string]int // nil: writing to it panics
	s.methods["test/ask"] = question(func(*none) (answer, error) { list["x"]++; return nil, nil })
	s.methods["test/answer"] = question(func(*none) (answer, error) {
		return func(context.Context) (any, error) { list["x"]++; return nil, nil }, nil
	})
	s.methods["test/inline"] = inline(s.methods["test/answer"])
	s.methods["test/mutate"] = mutation(func(*none) error { list["x"]++; return nil })
	s.methods["test/background"] = mutation(func(*none) error {
		s.background("test", func(context.Context) error { list["x"]++; return nil })
		return nil
	})
	s.methods["test/fine"] = question(func(*none) (answer, error) {
		return func(context.Context) (any, error) { return "fine", nil }, nil
	})

	in, toServer := io.Pipe()
	fromServer, out := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- s.serve(context.Background(), in, out)
		out.Close()
	}()
	type message struct {
		ID     any
		Method string
		Params struct{ Message string }
		Result any
		Error  *struct {
			Code    int
			Message string
		}
	}
	got := make(chan message, 100)
	go func() {
		defer close(got)
		for r := bufio.NewReader(fromServer); ; {
			frame, err := readFrame(r)
			if err != nil {
				return
			}
			var m message
			if err := json.Unmarshal(frame, &m); err != nil {
				t.Errorf("the server sent %q: %v", frame, err)
			}
			got <- m
		}
	}()
	send := func(body string) { fmt.Fprintf(toServer, "Content-Length: %d\r\n\r\n%s", len(body), body) }
	until := func(what string, wanted func(message) bool) message {
		for m := range got {
			if wanted(m) {
				return m
			}
		}
		t.Fatalf("the server ended without %s", what)
		return message{}
	}
	for _, body := range greet {
		send(body)
	}
	for _, m := range []string{"test/ask", "test/answer", "test/inline", "test/ask"} {
		send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%q,"method":%q}`, m, m))
		a := until("answer to "+m, func(a message) bool { return a.ID == m })
		if a.Error == nil || a.Error.Code != int(jsonrpc2.InternalError) || !strings.Contains(a.Error.Message, m+" failed") {
			t.Errorf("%s: got %+v, want an internal error that names it", m, a)
		}
	}
	// The user is told once.
	for range 3 {
		send(`{"jsonrpc":"2.0","method":"test/mutate"}`)
		send(`{"jsonrpc":"2.0","method":"test/background"}`)
	}
	until("word to the user", func(m message) bool {
		return m.Method == "window/showMessage" && strings.Contains(m.Params.Message, "test/mutate failed")
	})
	send(`{"jsonrpc":"2.0","id":"fine","method":"test/fine"}`)
	a := until("answer to the last question", func(m message) bool {
		if m.Method == "window/showMessage" {
			t.Errorf("told again: %s", m.Params.Message)
		}
		return m.ID == "fine"
	})
	if a.Result != "fine" {
		t.Errorf("after the panics: got %+v", a)
	}
	toServer.Close()
	for range got {
	}
	<-ended
	if n := strings.Count(log.String(), "assignment to entry in nil map"); n < 10 {
		t.Errorf("the log has %d panics, want each of them:\n%s", n, log.String())
	}
}
