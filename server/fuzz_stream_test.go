package server

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
)

// FuzzStream serves a session whose input is any bytes: the stream as it is, and
// the same bytes as bodies of whole messages, line by line, behind a greeting. The
// session ends with its input, nothing panics, and no goroutine outlives it.
func FuzzStream(f *testing.F) {
	f.Add("Content-Length: 2\r\n\r\n{}")
	f.Add("Content-Length: 44\r\n\r\n" + `{"jsonrpc":"2.0","id":1,"method":"shutdown"}` + "Content-Length: 33\r\n\r\n" + `{"jsonrpc":"2.0","method":"exit"}`)
	f.Add(`{"jsonrpc":"2.0","id":2,"method":"textDocument/hover","params":{"textDocument":{"uri":"untitled:a.rs"},"position":{"line":0,"character":3}}}` + "\n" +
		`{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"untitled:a.rs","version":2},"contentChanges":[{"range":{"start":{"line":0,"character":11},"end":{"line":9,"character":0}},"text":"x"},{"text":"y"}]}}` + "\n" +
		`{"jsonrpc":"2.0","id":"x","method":"textDocument/diagnostic","params":{"textDocument":{"uri":"untitled:a.rs"}}}`)
	f.Add(`{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"untitled:b","languageId":"rust","version":-1,"text":"\ud800\u0000"}}}` + "\n" +
		`{"jsonrpc":"2.0","id":null,"method":"workspace/executeCommand","params":{"command":"lectern.openLesson","arguments":[{}]}}` + "\n" + `[{"jsonrpc":"2.0"}]`)
	f.Add(`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":{}}}` + "\n" + `{"jsonrpc":"2.0","id":7,"result":null}` + "\n" + `{"jsonrpc":"2.0","id":"","error":{}}`)
	f.Fuzz(func(t *testing.T, input string) {
		serveAll(t, input)
		var framed strings.Builder
		for _, body := range append(greet, strings.Split(input, "\n")...) {
			fmt.Fprintf(&framed, "Content-Length: %d\r\n\r\n%s", len(body), body)
		}
		serveAll(t, framed.String())
	})
}

var greet = []string{
	`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{"textDocument":{"diagnostic":{}}}}}`,
	`{"jsonrpc":"2.0","method":"initialized","params":{}}`,
	`{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"untitled:a.rs","languageId":"rust","version":1,"text":"fn f() { /*😀*/ }\r\n"}}}`,
}

// serveAll runs a session in a bubble, which fails when it does not end or leaves a
// goroutine behind.
func serveAll(t *testing.T, input string) {
	t.Helper()
	var log strings.Builder
	synctest.Test(t, func(t *testing.T) {
		code := Run(context.Background(), strings.NewReader(input), io.Discard, Options{Log: &log, CacheDir: "/dev/null/no"})
		if code != 0 && code != 1 {
			t.Errorf("exit code %d", code)
		}
		synctest.Wait()
	})
	if strings.Contains(log.String(), "panic") {
		t.Errorf("%q: %s", input, log.String())
	}
}
