package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"lectern/server"
)

// TestDamagedInput sends sessions with random damage. The server must take them
// without a panic, answer in LSP, and end with its input.
func TestDamagedInput(t *testing.T) {
	good := framed(
		`{"jsonrpc":"2.0","id":2,"method":"textDocument/hover","params":{"textDocument":{"uri":"untitled:a.rs"},"position":{"line":0,"character":3}}}`,
		`{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"untitled:a.rs","version":2},"contentChanges":[{"range":{"start":{"line":0,"character":11},"end":{"line":9,"character":0}},"text":"x"},{"text":"y"}]}}`,
		`{"jsonrpc":"2.0","id":"x","method":"codeAction/resolve","params":{"title":"t","data":{"uri":"untitled:a.rs","edit":"fixAll"}}}`,
		`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"x"}}`,
		`{"jsonrpc":"2.0","id":3,"method":"textDocument/codeAction","params":{"textDocument":{"uri":"untitled:a.rs"},"range":{"start":{"line":0,"character":1},"end":{"line":7,"character":0}},"context":{"diagnostics":[]}}}`,
		`{"jsonrpc":"2.0","method":"textDocument/didClose","params":{"textDocument":{"uri":"untitled:a.rs"}}}`,
		`{"jsonrpc":"2.0","id":4,"method":"shutdown"}`, `{"jsonrpc":"2.0","method":"exit"}`,
	)
	random := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		input := []byte(good)
		for range 1 + random.IntN(6) {
			i := random.IntN(len(input))
			switch random.IntN(4) {
			case 0:
				input[i] = byte(random.IntN(256))
			case 1:
				input = append(input[:i], input[min(len(input), i+random.IntN(40)):]...)
			case 2:
				input = append(input[:i], append([]byte(`{}[]",:-1e999\u0000`)[random.IntN(10):], input[i:]...)...)
			case 3:
				j := random.IntN(len(input))
				input = append(input, input[min(i, j):max(i, j)]...)
			}
		}
		survive(t, greeting+string(input))
	}
}

func framed(bodies ...string) string {
	var b strings.Builder
	for _, body := range bodies {
		fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(body), body)
	}
	return b.String()
}

var greeting = framed(
	`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}`,
	`{"jsonrpc":"2.0","method":"initialized","params":{}}`,
	`{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"untitled:a.rs","languageId":"rust","version":1,"text":"fn f() { /*😀*/ }\r\n"}}}`,
)

func survive(t *testing.T, input string) {
	t.Helper()
	var out, log locked
	ended := make(chan int, 1)
	go func() {
		ended <- server.Run(context.Background(), strings.NewReader(input), &out, server.Options{Log: &log, CacheDir: t.TempDir()})
	}()
	select {
	case code := <-ended:
		if code != 0 && code != 1 {
			t.Errorf("exit code: got %d, want 0 or 1", code)
		}
	case <-time.After(deadline):
		t.Fatalf("the server did not end after %q", input)
	}
	if strings.Contains(log.String(), "panic") {
		t.Errorf("%q: %s", input, log.String())
	}
	rest := out.String()
	for rest != "" {
		var n int
		if _, err := fmt.Sscanf(rest, "Content-Length: %d\r\n\r\n", &n); err != nil {
			t.Fatalf("the server wrote %.100q", rest)
		}
		body := rest[strings.Index(rest, "\r\n\r\n")+4:]
		if len(body) < n || !json.Valid([]byte(body[:n])) {
			t.Fatalf("the server wrote %.100q", rest)
		}
		rest = body[n:]
	}
}

// locked is a buffer that several goroutines may write to.
type locked struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *locked) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
