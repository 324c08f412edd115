package server_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// deadline is how long any one answer may take before a test gives up.
const deadline = 60 * time.Second

// message is any message, as it came over the wire.
type message struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *wireError      `json:"error"`
}

type wireError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func (e *wireError) Error() string { return fmt.Sprintf("%d %s", e.Code, e.Message) }

// client speaks LSP with a server process of its own, over pipes.
type client struct {
	t      testing.TB
	cmd    *exec.Cmd
	in     io.WriteCloser
	ended  chan struct{}
	stderr bytes.Buffer

	writing sync.Mutex

	mu       sync.Mutex
	news     *sync.Cond
	nextID   int
	answers  map[string]message
	arrived  []string                             // ids of the answers, in order
	notes    []message                            // notifications of the server, in order
	requests []message                            // requests of the server
	reply    map[string]func(json.RawMessage) any // how to answer them; null by default
	silent   bool                                 // answer none
	root     string
	cache    string // the user's cache folder
}

// launch starts the binary. It is killed at the end of the test if it still runs.
func launch(t testing.TB, arguments ...string) *client {
	t.Helper()
	c := &client{t: t, ended: make(chan struct{}), answers: map[string]message{}, reply: map[string]func(json.RawMessage) any{}}
	c.news = sync.NewCond(&c.mu)
	c.cache = t.TempDir()
	c.cmd = exec.Command(binary, append([]string{"serve"}, arguments...)...)
	c.cmd.Env = append(c.cmd.Environ(), "XDG_CACHE_HOME="+c.cache)
	c.cmd.Stderr = &c.stderr
	in, err := c.cmd.StdinPipe()
	if err != nil {
		t.Fatalf("starting the server: %v", err)
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatalf("starting the server: %v", err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatalf("starting the server: %v", err)
	}
	c.in = in
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.read(bufio.NewReader(out))
	}()
	go func() {
		<-done
		c.cmd.Wait() //nolint:errcheck // code reads the state
		close(c.ended)
		c.mu.Lock()
		c.news.Broadcast()
		c.mu.Unlock()
	}()
	t.Cleanup(func() {
		c.in.Close()
		select {
		case <-c.ended:
		case <-time.After(5 * time.Second):
			c.cmd.Process.Kill() //nolint:errcheck // it may have ended meanwhile
			<-c.ended
			t.Error("the server did not end with its input")
		}
		if t.Failed() {
			t.Logf("the server's log:\n%s", c.stderr.String())
		}
		if strings.Contains(c.stderr.String(), "panic") {
			t.Errorf("the server panicked:\n%s", c.stderr.String())
		}
	})
	return c
}

func (c *client) read(out *bufio.Reader) {
	for {
		length := -1
		for {
			line, err := out.ReadString('\n')
			if err != nil {
				if !errors.Is(err, io.EOF) {
					c.t.Errorf("reading from the server: %v", err)
				}
				return
			}
			line = strings.TrimRight(line, "\r\n")
			if line == "" {
				break
			}
			if v, ok := strings.CutPrefix(line, "Content-Length: "); ok {
				length, _ = strconv.Atoi(v)
			}
		}
		body := make([]byte, max(length, 0))
		if _, err := io.ReadFull(out, body); err != nil || length < 0 {
			c.t.Errorf("the server sent a broken message of length %d: %v", length, err)
			return
		}
		var m message
		if err := json.Unmarshal(body, &m); err != nil {
			c.t.Errorf("the server sent %q: %v", body, err)
			return
		}
		c.take(m)
	}
}

func (c *client) take(m message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer c.news.Broadcast()
	switch {
	case m.Method == "":
		c.answers[string(m.ID)] = m
		c.arrived = append(c.arrived, string(m.ID))
	case m.ID == nil:
		c.notes = append(c.notes, m)
	default:
		c.requests = append(c.requests, m)
		if c.silent {
			return
		}
		var result any
		if f := c.reply[m.Method]; f != nil {
			result = f(m.Params)
		}
		go c.send(map[string]any{"jsonrpc": "2.0", "id": m.ID, "result": result})
	}
}

// send writes one message.
func (c *client) send(m any) {
	body, err := json.Marshal(m)
	if err != nil {
		c.t.Errorf("encoding a message: %v", err)
		return
	}
	c.raw(fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body))
}

// raw writes bytes as they are.
func (c *client) raw(s string) {
	c.writing.Lock()
	defer c.writing.Unlock()
	io.WriteString(c.in, s) //nolint:errcheck // the server may have ended, which tests find out
}

// ask sends a request and returns its id, to await later.
func (c *client) ask(method string, params any) string {
	c.mu.Lock()
	c.nextID++
	id := c.nextID
	c.mu.Unlock()
	c.send(request(id, method, params))
	return strconv.Itoa(id)
}

func request(id any, method string, params any) map[string]any {
	m := map[string]any{"jsonrpc": "2.0", "id": id, "method": method}
	if params != nil {
		m["params"] = params
	}
	return m
}

func (c *client) notify(method string, params any) {
	m := map[string]any{"jsonrpc": "2.0", "method": method}
	if params != nil {
		m["params"] = params
	}
	c.send(m)
}

// until waits for a condition on what the server has sent.
func (c *client) until(what string, condition func() bool) {
	c.t.Helper()
	if !c.within(deadline, condition) {
		c.t.Fatalf("no %s", what)
	}
}

func (c *client) within(limit time.Duration, condition func() bool) bool {
	late := false
	timer := time.AfterFunc(limit, func() {
		c.mu.Lock()
		late = true
		c.news.Broadcast()
		c.mu.Unlock()
	})
	defer timer.Stop()
	c.mu.Lock()
	defer c.mu.Unlock()
	for !condition() {
		gone := false
		select {
		case <-c.ended:
			gone = true
		default:
		}
		if late || gone {
			return false
		}
		c.news.Wait()
	}
	return true
}

// await is the answer to a request.
func (c *client) await(id string) (json.RawMessage, *wireError) {
	c.t.Helper()
	var m message
	c.until("answer to request "+id, func() (ok bool) {
		m, ok = c.answers[id]
		return ok
	})
	return m.Result, m.Error
}

// call asks and waits; an error ends the test.
func (c *client) call(method string, params, result any) {
	c.t.Helper()
	raw, failed := c.await(c.ask(method, params))
	if failed != nil {
		c.t.Fatalf("%s: %v", method, failed)
	}
	if result == nil {
		return
	}
	if err := json.Unmarshal(raw, result); err != nil {
		c.t.Fatalf("%s answered %s: %v", method, raw, err)
	}
}

// refused asks and wants an error of the code.
func (c *client) refused(code int, method string, params any) {
	c.t.Helper()
	raw, failed := c.await(c.ask(method, params))
	if failed == nil {
		c.t.Errorf("%s of %v: got the answer %s, want error %d", method, params, raw, code)
	} else if failed.Code != code {
		c.t.Errorf("%s of %v: got error %v, want %d", method, params, failed, code)
	}
}

// exit ends the session as the protocol wants it and returns the exit code.
func (c *client) exit() int {
	c.t.Helper()
	c.call("shutdown", nil, nil)
	c.notify("exit", nil)
	return c.code()
}

// code is the exit code, once the server has ended.
func (c *client) code() int {
	c.t.Helper()
	select {
	case <-c.ended:
	case <-time.After(deadline):
		c.t.Fatal("the server did not end")
	}
	return c.cmd.ProcessState.ExitCode()
}
