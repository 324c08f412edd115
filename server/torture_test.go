package server_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// alive wants the server to work as if nothing had happened.
func (d *doc) alive(after string) {
	d.t.Helper()
	if got, want := d.hoverAt(0, 3).title(), "The outer one"; got != want {
		d.t.Fatalf("after %s: got %q, want %q", after, got, want)
	}
}

func TestUnknownMethods(t *testing.T) {
	c := open(t, workspace(t), pusher(), nil)
	d := c.open("src/main.rs", "fn outer() {}\n")
	for _, m := range []string{"textDocument/makeCoffee", "$/coffee", "", "workspace/symbol", "textDocument/didOpen"} {
		c.refused(-32601, m, object{})
	}
	for _, m := range []string{"textDocument/makeCoffee", "$/coffee", "$/progress", "window/workDoneProgress/cancel", "textDocument/hover", "initialize"} {
		c.notify(m, object{})
	}
	d.alive("unknown methods")
}

func TestMalformedParams(t *testing.T) {
	c := open(t, workspace(t), puller(), nil)
	d := c.open("src/main.rs", "fn outer() {}\n")
	bad := []any{
		nil, []any{}, "text", 7, true, object{}, object{"textDocument": nil}, object{"textDocument": 3}, object{"textDocument": object{}},
		object{"textDocument": object{"uri": 5}}, object{"textDocument": object{"uri": ""}, "position": object{"line": 1}},
		object{"textDocument": d.id(), "position": object{"line": -1, "character": 0}, "range": "all", "previousResultId": 3, "context": 1},
		object{"textDocument": d.id(), "position": object{"line": 1e30, "character": 0}, "range": object{"start": 3}, "identifier": 7, "context": []int{1}},
	}
	for _, m := range []string{"textDocument/hover", "textDocument/codeAction", "textDocument/diagnostic", "workspace/executeCommand"} {
		for _, params := range bad {
			c.refused(-32602, m, params)
		}
	}
	for _, params := range []any{[]any{}, "text", object{"title": 3}, object{"title": "x", "data": 4}, object{"title": "x", "data": object{"edit": 7}}} {
		c.refused(-32602, "codeAction/resolve", params)
	}
	for _, m := range []string{
		"textDocument/didOpen", "textDocument/didChange", "textDocument/didClose", "textDocument/didSave", "initialized", "$/cancelRequest", "$/setTrace",
		"workspace/didChangeConfiguration", "workspace/didChangeWatchedFiles", "workspace/didChangeWorkspaceFolders",
	} {
		for _, params := range bad[:len(bad)-2] { // the last two name a document, which is enough to close it
			c.notify(m, params)
		}
	}
	d.alive("malformed params")
}

func TestBrokenMessages(t *testing.T) {
	frame := func(body string) string { return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body) }
	t.Run("survived", func(t *testing.T) {
		c := open(t, workspace(t), pusher(), nil)
		d := c.open("src/main.rs", "fn outer() {}\n")
		for _, test := range []struct {
			body string
			code int
		}{
			{`{"jsonrpc":"2.0","id":1,"method":`, -32700},
			{`not JSON`, -32700},
			{``, -32700},
			{"\x00\xff", -32700},
			{strings.Repeat("[", 100_000), -32600},
			{`{"jsonrpc":"1.0","id":99999,"method":"shutdown"}`, -32600},
			{`{"id":99999,"method":"shutdown"}`, -32600},
			{`[{"jsonrpc":"2.0","id":99999,"method":"shutdown"}]`, -32600},
			{`{"jsonrpc":"2.0","id":99999,"method":7}`, -32600},
		} {
			c.mu.Lock()
			delete(c.answers, "null")
			c.mu.Unlock()
			c.raw(frame(test.body))
			var m message
			c.until(fmt.Sprintf("answer to %.40q", test.body), func() (ok bool) {
				m, ok = c.answers["null"]
				return ok
			})
			if m.Error == nil || m.Error.Code != test.code {
				t.Errorf("%.40q: got %v, want %d", test.body, m.Error, test.code)
			}
		}
		// Headers in any case and order, more than one.
		c.raw("content-type: application/vscode-jsonrpc; charset=utf-8\r\nCONTENT-LENGTH:" + strings.TrimPrefix(frame(`{"jsonrpc":"2.0","method":"x"}`), "Content-Length:"))
		// Answers to questions that nobody asked.
		c.raw(frame(`{"jsonrpc":"2.0","id":12345,"result":{}}`))
		c.raw(frame(`{"jsonrpc":"2.0","id":"x","error":{"code":1,"message":"no"}}`))
		d.alive("broken messages")
	})
	for _, header := range []string{
		"Content-Length: x\r\n\r\n{}", "Content-Length: -1\r\n\r\n", "Content-Length: 99999999999999999999\r\n\r\n{}", "Content-Type: text\r\n\r\n{}",
		"GET / HTTP/1.1\r\n\r\n", "Content-Length: 4000000000\r\n\r\n{}", strings.Repeat("x", 1<<20),
	} {
		t.Run(fmt.Sprintf("header %.20q", header), func(t *testing.T) {
			c := open(t, workspace(t), pusher(), nil)
			c.raw(header)
			if got := c.code(); got != 1 {
				t.Errorf("exit code: got %d, want 1", got)
			}
			if !strings.Contains(c.stderr.String(), "connection broke") {
				t.Errorf("the log does not say why: %s", c.stderr.String())
			}
		})
	}
}

func TestSameIDTwice(t *testing.T) {
	c := open(t, workspace(t), pusher(), nil)
	d := c.open("src/main.rs", "fn outer() {}\n")
	params := object{"textDocument": d.id(), "position": position{0, 3}}
	for range 100 {
		c.send(request(777_777, "textDocument/hover", params))
	}
	d.alive("a hundred requests with one id")
}

// TestClientThatNeverAnswers answers none of the server's questions.
func TestClientThatNeverAnswers(t *testing.T) {
	c := launch(t)
	c.root, c.silent = workspace(t), true
	c.initialize(puller(), nil)
	d := c.open("src/main.rs", "fn outer() { bad(); }\n")
	d.alive("nothing")
	c.ask("workspace/executeCommand", object{"command": "lectern.openLesson", "arguments": []any{"basics/calls"}})
	d.alive("a lesson that the client never shows")
	start := time.Now()
	if got := c.exit(); got != 0 {
		t.Errorf("exit code: got %d, want 0", got)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("the end took %v", took)
	}
}

// TestClientThatNeverReads fills the pipe with questions, then with edits; the
// server must take them all and end with its input.
func TestClientThatNeverReads(t *testing.T) {
	c := launch(t)
	c.root = workspace(t)
	c.initialize(pusher(), nil)
	d := c.open("src/main.rs", "fn outer() { bad(); }\n")
	d.alive("nothing")
	c.mu.Lock() // the reader of the client stops here
	body, _ := json.Marshal(request("h", "textDocument/hover", object{"textDocument": d.id(), "position": position{0, 3}}))
	one := fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body)
	written := make(chan struct{})
	go func() {
		defer close(written)
		for range 10_000 {
			c.raw(one)
		}
	}()
	select {
	case <-written:
	case <-time.After(deadline):
		t.Error("the server stopped reading")
	}
	c.mu.Unlock()
	d.alive("10,000 answers unread")
}

func TestDocumentsThatAreNotThere(t *testing.T) {
	c := open(t, workspace(t), puller(), nil)
	d := c.open("src/main.rs", "fn outer() {}\n")
	gone := &doc{client: c, uri: fileURI(c.root, "src/gone.rs"), version: 1}
	if h := gone.hoverAt(0, 0); h != nil {
		t.Errorf("hover: got %v, want null", h)
	}
	if r := gone.pull(""); r.Kind != "full" || len(r.Items) > 0 {
		t.Errorf("diagnostics: got %v, want none", r)
	}
	gone.change("fn outer() {}")
	gone.close()
	d.close()
	if h := d.hoverAt(0, 3); h != nil {
		t.Errorf("hover after close: got %v, want null", h)
	}
	d = c.open("src/main.rs", "fn outer() {}\n")
	d.alive("being closed and opened")
	c.open("src/main.rs", "\nfn outer() {}\n")
	if got, want := d.hoverAt(1, 3).title(), "The outer one"; got != want {
		t.Errorf("opened twice: got %q, want %q", got, want)
	}
}
