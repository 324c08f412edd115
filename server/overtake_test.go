package server_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"lectern/analysis/text"
)

// A hover in another document is answered while the dearest keys of a long one are
// being worked on: before the last of them, though it was asked behind them all.
func TestHoverOvertakes(t *testing.T) {
	content := long(t, 3_000)
	c := open(t, workspace(t), puller(), nil)
	other := c.open("src/other.rs", mixed)
	if title := other.hoverAt(1, 5).title(); title == "" {
		t.Fatal("no hover on what is to be asked about")
	}
	d := c.open("src/long.rs", content)
	d.pull("")
	before := text.New([]byte(content))
	for _, p := range worst(t, content, 1_000) {
		after := before.Replace(p.there.Start, p.there.End, []byte(p.there.New))
		there, back := edit(spanOf(before, p.there), p.there.New), edit(spanOf(after, p.back), p.back.New)
		c.forget()
		var pulls []string
		for range 5 {
			for _, change := range []object{there, back} {
				d.change(change)
				pulls = append(pulls, c.ask("textDocument/diagnostic", object{"textDocument": d.id()}))
			}
		}
		hover := c.ask("textDocument/hover", object{"textDocument": other.id(), "position": position{1, 5}})
		for _, id := range append(pulls, hover) {
			if _, failed := c.await(id); failed != nil {
				t.Fatalf("%s: %v", p.name, failed)
			}
		}
		c.mu.Lock()
		if last := c.arrived[len(c.arrived)-1]; last == hover {
			t.Errorf("%s: the hover was answered after all keys before it", p.name)
		}
		c.mu.Unlock()
	}
}

// Ten edits that arrive at once cost one check, also where the client pulls.
func TestTenEditsAreOneCheck(t *testing.T) {
	c := open(t, workspace(t), puller(), object{"logLevel": "debug"})
	d := c.open("src/main.rs", mixed)
	previous := d.pull("").ResultID
	var all strings.Builder
	add := func(m object) {
		body, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString(framed(string(body)))
	}
	for i := range 10 {
		d.version++
		add(object{"jsonrpc": "2.0", "method": "textDocument/didChange", "params": object{
			"textDocument":   object{"uri": d.uri, "version": d.version},
			"contentChanges": []any{edit(at(1, 4, 4+3*min(i, 1)), "bad")}, // badbad
		}})
	}
	add(request(4711, "textDocument/diagnostic", object{"textDocument": d.id()}))
	c.raw(all.String())
	raw, failed := c.await("4711")
	var r report
	if failed != nil || json.Unmarshal(raw, &r) != nil || r.ResultID == previous {
		t.Fatalf("got %s %v, want the diagnostics of the new text", raw, failed)
	}
	if code := c.exit(); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	var edits []string
	for _, m := range regexp.MustCompile(`"version": ?(\d+), "edits": ?(\d+)`).FindAllStringSubmatch(c.stderr.String(), -1) {
		if m[1] != "1" { // the log may not have been at debug yet
			edits = append(edits, m[1]+": "+m[2])
		}
	}
	if got, want := strings.Join(edits, ", "), "11: 10"; got != want {
		t.Errorf("checks, each with its version and how many edits it took: got %s, want %s; the log:\n%s", got, want, c.stderr.String())
	}
}
