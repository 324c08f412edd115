package server_test

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"
)

// maxUnread is what the server may take, in kilobytes, while its client sends and
// never reads: 16 MB of unread answers and the 8 that are worked out, with room for
// copies and the collector, the messages read ahead, and the program itself.
const maxUnread = heavy * 250 << 10

// TestUnreadAnswersAreKept asks for 200 MB of answers and reads none. Those beyond
// 16 MB are worked out when the client reads again, and no answer is lost.
func TestUnreadAnswersAreKept(t *testing.T) {
	t.Parallel()
	const questions = 200 / heavy // the race detector makes it slow enough
	c := launch(t)
	c.root = workspace(t)
	c.initialize(puller(), nil)
	d := c.open("src/main.rs", "fn outer() {\n"+strings.Repeat("bad();\n", 4_000)+"}\n")
	if size := len(fmt.Sprint(d.pull(""))); size < 400<<10 {
		t.Fatalf("an answer has only %d bytes", size)
	}
	c.mu.Lock() // the client's reader stops here
	written := make(chan struct{})
	go func() {
		defer close(written)
		for i := range questions {
			body, _ := json.Marshal(request("d"+itoa(i), "textDocument/diagnostic", object{"textDocument": d.id()}))
			c.raw(framed(string(body)))
		}
	}()
	<-written // the pipe and the messages read ahead take all questions
	peak := c.peak()
	c.mu.Unlock()
	for i := range questions {
		if _, failed := c.await(`"d` + itoa(i) + `"`); failed != nil {
			t.Fatalf("answer %d: %v", i, failed)
		}
	}
	peak = max(peak, c.peak())
	if peak > maxUnread {
		t.Errorf("the server took %d KB, want at most %d", peak, maxUnread)
	}
	d.alive("200 MB of unread answers")
}

// TestWaitingRequestsAreBounded keeps many large requests waiting, for something to
// change in the workspace: what is beyond 64 MB is refused, nothing else suffers, and
// there is room again when some are canceled.
func TestWaitingRequestsAreBounded(t *testing.T) {
	t.Parallel()
	c := open(t, workspace(t), puller(), nil)
	d := c.open("src/main.rs", "fn outer() {}\n")
	d.pull("")
	first := c.awaitWorkspace(c.askWorkspace(nil))
	const size, fit = 10 << 20, 6
	ask := func() string {
		return c.ask("workspace/diagnostic", object{"previousResultIds": first.previous(), "partialResultToken": strings.Repeat("x", size)})
	}
	var asked []string
	for range fit + 3 {
		asked = append(asked, ask())
	}
	for _, id := range asked[fit:] {
		if raw, failed := c.await(id); failed == nil || failed.Code != -32803 || !strings.Contains(failed.Message, "wait for their answers") {
			t.Fatalf("request %s: got %.100s and %v, want error -32803", id, raw, failed)
		}
	}
	d.alive("60 MB of requests that wait")
	if peak := c.peak(); peak > maxUnread+heavy*(3*64<<10) {
		t.Errorf("the server took %d KB", peak)
	}
	for _, id := range asked[:fit] {
		c.notify("$/cancelRequest", object{"id": mustInt(id)})
		if _, failed := c.await(id); failed == nil || failed.Code != -32800 {
			t.Errorf("request %s: got %v, want error -32800", id, failed)
		}
	}
	again := ask()
	d.alive("the requests that were canceled")
	c.mu.Lock()
	answer, answered := c.answers[again]
	c.mu.Unlock()
	if answered {
		t.Errorf("a request after those that were canceled: got %v, want it to be held", answer.Error)
	}
}

// TestLogIsBounded floods the server with what goes into its log, whose end
// nobody reads: it neither waits nor grows.
func TestLogIsBounded(t *testing.T) {
	t.Parallel()
	cmd := exec.Command(binary, "serve")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	log, err := cmd.StderrPipe() // never read
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	in.Write([]byte(greeting)) //nolint:errcheck // the end tells
	flood := frame("", "textDocument/didClose", `{"textDocument":{"uri":"untitled:`+strings.Repeat("x", 4000)+`"}}`)
	for range 5_000 {
		in.Write([]byte(flood)) //nolint:errcheck // the end tells
	}
	c := &client{t: t, cmd: cmd}
	if peak := c.peak(); peak > maxUnread {
		t.Errorf("the server took %d KB, want at most %d", peak, maxUnread)
	}
	in.Write([]byte(frame("1", "shutdown", "") + frame("", "exit", ""))) //nolint:errcheck // the end tells
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Errorf("the server ended with %v", err)
	}
}
