package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"lectern/server"
)

// FuzzInput sends any bytes after a good beginning. The server must take them
// without a panic, and end with them.
func FuzzInput(f *testing.F) {
	framed := func(bodies ...string) string {
		var b strings.Builder
		for _, body := range bodies {
			fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(body), body)
		}
		return b.String()
	}
	greeting := framed(
		`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}`,
		`{"jsonrpc":"2.0","method":"initialized","params":{}}`,
		`{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"untitled:a.rs","languageId":"rust","version":1,"text":"fn f() { /*😀*/ }\r\n"}}}`,
	)
	f.Add(framed(`{"jsonrpc":"2.0","id":2,"method":"textDocument/hover","params":{"textDocument":{"uri":"untitled:a.rs"},"position":{"line":0,"character":3}}}`))
	f.Add(framed(`{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"untitled:a.rs","version":2},"contentChanges":[{"range":{"start":{"line":0,"character":11},"end":{"line":9,"character":0}},"text":"x"},{"text":"y"}]}}`))
	f.Add(framed(`{"jsonrpc":"2.0","id":"x","method":"codeAction/resolve","params":{"title":"t","data":{"uri":"untitled:a.rs","edit":"fixAll"}}}`, `{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"x"}}`))
	f.Add(framed(`{"jsonrpc":"2.0","id":3,"method":"shutdown"}`, `{"jsonrpc":"2.0","method":"exit"}`))
	f.Add("Content-Length: 7\r\n\r\n[1,2,3]Content-Length: 2\r\n\r\n{}")
	f.Fuzz(func(t *testing.T, input string) {
		var out, log locked
		ended := make(chan int, 1)
		go func() {
			ended <- server.Run(context.Background(), strings.NewReader(greeting+input), &out, server.Options{Log: &log, CacheDir: t.TempDir()})
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
		// Whatever it said is LSP.
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
	})
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
