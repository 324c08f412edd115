package server_test

import (
	"strings"
	"testing"
	"time"
)

func TestSessionEnds(t *testing.T) {
	t.Run("shutdown and exit", func(t *testing.T) {
		c := open(t, workspace(t), pusher(), nil)
		if got := c.exit(); got != 0 {
			t.Errorf("exit code: got %d, want 0", got)
		}
	})
	t.Run("exit alone", func(t *testing.T) {
		c := open(t, workspace(t), pusher(), nil)
		c.notify("exit", nil)
		if got := c.code(); got != 1 {
			t.Errorf("exit code: got %d, want 1", got)
		}
	})
	t.Run("exit before initialize", func(t *testing.T) {
		c := launch(t)
		c.notify("exit", nil)
		if got := c.code(); got != 1 {
			t.Errorf("exit code: got %d, want 1", got)
		}
	})
	t.Run("end of input", func(t *testing.T) {
		c := open(t, workspace(t), pusher(), nil)
		c.in.Close()
		if got := c.code(); got != 1 {
			t.Errorf("exit code: got %d, want 1", got)
		}
	})
	t.Run("end of input after shutdown", func(t *testing.T) {
		c := open(t, workspace(t), pusher(), nil)
		c.call("shutdown", nil, nil)
		c.in.Close()
		if got := c.code(); got != 0 {
			t.Errorf("exit code: got %d, want 0", got)
		}
	})
	t.Run("end of input within a message", func(t *testing.T) {
		c := open(t, workspace(t), pusher(), nil)
		c.raw("Content-Length: 1000\r\n\r\n{\"jsonrpc\":")
		c.in.Close()
		if got := c.code(); got != 1 {
			t.Errorf("exit code: got %d, want 1", got)
		}
	})
}

func TestInitialize(t *testing.T) {
	t.Run("capabilities of a client that pulls", func(t *testing.T) {
		c := launch(t)
		got := c.initialize(puller(), nil)["capabilities"].(object)
		if got, want := got["positionEncoding"], "utf-8"; got != want {
			t.Errorf("encoding: got %v, want %v", got, want)
		}
		if got["diagnosticProvider"] == nil {
			t.Error("no diagnosticProvider for a client that pulls")
		}
	})
	t.Run("capabilities of a client that does not", func(t *testing.T) {
		c := launch(t)
		got := c.initialize(pusher(), nil)["capabilities"].(object)
		if got, want := got["positionEncoding"], "utf-16"; got != want {
			t.Errorf("encoding: got %v, want %v", got, want)
		}
		if got["diagnosticProvider"] != nil {
			t.Error("a diagnosticProvider for a client that cannot pull")
		}
	})
	t.Run("encodings", func(t *testing.T) {
		for _, test := range []struct {
			offered any
			want    string
		}{
			{nil, "utf-16"},
			{[]string{"utf-16"}, "utf-16"},
			{[]string{"utf-32", "utf-8", "utf-16"}, "utf-8"},
			{[]string{"utf-32", "utf-16"}, "utf-16"},
			{[]string{"utf-32"}, "utf-32"},
			{[]string{"ebcdic"}, "utf-16"},
		} {
			c := launch(t)
			caps := with(pusher(), test.offered, "general", "positionEncodings")
			got := c.initialize(caps, nil)["capabilities"].(object)["positionEncoding"]
			if got != test.want {
				t.Errorf("%v offered: got %v, want %v", test.offered, got, test.want)
			}
		}
	})
}

func TestSessionOrder(t *testing.T) {
	c := launch(t)
	c.root = workspace(t)
	c.refused(-32002, "textDocument/hover", object{})
	c.refused(-32002, "no/such/method", nil)
	c.notify("textDocument/didOpen", object{"textDocument": object{"uri": "file:///x.rs", "text": "", "version": 1, "languageId": "rust"}})
	c.initialize(pusher(), nil)
	c.refused(-32600, "initialize", object{"processId": nil, "rootUri": nil, "capabilities": object{}})
	d := c.open("src/main.rs", "fn outer() {}\n")
	if got, want := d.hoverAt(0, 3).title(), "The outer one"; got != want {
		t.Errorf("hover: got %q, want %q", got, want)
	}
	c.call("shutdown", nil, nil)
	c.refused(-32600, "textDocument/hover", object{"textDocument": d.id(), "position": position{0, 3}})
	c.refused(-32600, "shutdown", nil)
	d.change("") // is ignored
	c.notify("exit", nil)
	if got := c.code(); got != 0 {
		t.Errorf("exit code: got %d, want 0", got)
	}
}

func TestCancel(t *testing.T) {
	c := open(t, workspace(t), pusher(), nil)
	// The check of a large new text takes a while; the cancel comes before its end.
	d := c.open("src/big.rs", strings.Repeat("fn outer() { bad(); let x = [1, 2, 3]; }\n", large))
	id := c.ask("textDocument/hover", object{"textDocument": d.id(), "position": position{0, 3}})
	c.notify("$/cancelRequest", object{"id": mustInt(id)})
	start := time.Now()
	raw, failed := c.await(id)
	if failed == nil || failed.Code != -32800 {
		t.Errorf("canceled: got %.80s and %v, want error -32800", raw, failed)
	}
	t.Logf("canceled after %v", time.Since(start))

	c.send(request("a string", "textDocument/hover", object{"textDocument": d.id(), "position": position{0, 3}}))
	c.notify("$/cancelRequest", object{"id": "a string"})
	if _, failed := c.await(`"a string"`); failed == nil || failed.Code != -32800 {
		t.Errorf("canceled by a string: got %v, want error -32800", failed)
	}
	// Cancels of nothing change nothing.
	for _, id := range []any{nil, 7_000_000_000, "unknown", 1.5, object{}, []int{}, true} {
		c.notify("$/cancelRequest", object{"id": id})
	}
	c.notify("$/cancelRequest", nil)
	small := c.open("src/small.rs", "fn outer() {}")
	if got, want := small.hoverAt(0, 3).title(), "The outer one"; got != want {
		t.Errorf("hover after cancels: got %q, want %q", got, want)
	}
}
