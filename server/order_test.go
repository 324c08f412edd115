package server_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf16"
)

// model is what a document's text must be, kept by plain means.
type model struct{ lines []string }

func (m *model) text() string { return strings.Join(m.lines, "\n") }

// units counts a string in UTF-16.
func units(s string) int { return len(utf16.Encode([]rune(s))) }

// TestNoStaleAnswers sends thousands of edits and hovers without waiting for any
// answer. The text is such that each hover depends on the edits before it: names
// change under the cursor, lines come and go above, and characters of all widths
// stand in front of the names.
func TestNoStaleAnswers(t *testing.T) {
	const edits = 3000
	titles := []string{"Name alpha", "Name beta", "Name gamma", ""} // of k0, k1, k2, k3
	random := rand.New(rand.NewPCG(1, 2))
	c := open(t, workspace(t), pusher(), nil)

	newDoc := func(name string) (*doc, *model) {
		m := &model{}
		for i := range 20 {
			m.lines = append(m.lines, fmt.Sprintf("fn f%d() { /* x */ let _ = k%d; }", i, i%4))
		}
		return c.open(name, m.text()), m
	}
	d1, m1 := newDoc("src/a.rs")
	d2, m2 := newDoc("src/b.rs")

	type asked struct {
		id, want string
		at       int
	}
	var questions []asked
	fill := []string{"x", "é", "😀", "שלום", "\t", "漢"}
	for i := range edits {
		d, m := d1, m1
		if random.IntN(3) == 0 {
			d, m = d2, m2
		}
		line := random.IntN(len(m.lines))
		l := m.lines[line]
		switch op := random.IntN(10); {
		case op == 0: // a line comes
			added := fmt.Sprintf("fn g%d() { /* 😀 */ let _ = k%d; }", i, random.IntN(4))
			d.change(edit(at(line, 0, 0), added+"\n"))
			m.lines = append(m.lines[:line], append([]string{added}, m.lines[line:]...)...)
		case op == 1 && len(m.lines) > 10: // a line goes
			d.change(edit(span{position{line, 0}, position{line + 1, 0}}, ""))
			m.lines = append(m.lines[:line], m.lines[line+1:]...)
			if line == len(m.lines) { // the last line: its end stays
				m.lines = append(m.lines, "")
			}
		case op == 2 && strings.Contains(l, "/*"): // the comment changes
			from := strings.Index(l, "/*") + 2
			to := strings.Index(l, "*/")
			with := fill[random.IntN(len(fill))]
			d.change(edit(at(line, units(l[:from]), units(l[:to])), with))
			m.lines[line] = l[:from] + with + l[to:]
		case strings.Contains(l, " k"): // the name changes
			from := strings.Index(l, " k") + 2
			with := fmt.Sprint(random.IntN(4))
			d.change(edit(at(line, units(l[:from]), units(l[:from])+1), with))
			m.lines[line] = l[:from] + with + l[from+1:]
		default: // two changes in one message: in and out again
			d.change(edit(at(line, 0, 0), "/**/"), edit(at(line, 0, 4), ""))
		}
		line = random.IntN(len(m.lines))
		l = m.lines[line]
		from := strings.Index(l, " k")
		if from < 0 {
			continue
		}
		id := c.ask("textDocument/hover", object{"textDocument": d.id(), "position": position{line, units(l[:from+1]) + random.IntN(3)}})
		questions = append(questions, asked{id, titles[l[from+2]-'0'], i})
	}
	if len(questions) < edits/2 {
		t.Fatalf("only %d questions were asked", len(questions))
	}
	stale := 0
	for _, q := range questions {
		raw, failed := c.await(q.id)
		var h *hover
		if failed != nil || json.Unmarshal(raw, &h) != nil || h.title() != q.want {
			if stale++; stale < 5 {
				t.Errorf("hover after edit %d: got %s %v, want %q", q.at, raw, failed, q.want)
			}
		}
	}
	if stale > 0 {
		t.Errorf("%d of %d answers are wrong", stale, len(questions))
	}
	// Nothing is lost: the diagnostics of the end are those of the text opened anew.
	for _, end := range []struct {
		d *doc
		m *model
	}{{d1, m1}, {d2, m2}} {
		fresh := c.open("src/fresh-"+end.d.uri[len(end.d.uri)-4:], end.m.text())
		got, want := fmt.Sprint(end.d.finally()), fmt.Sprint(fresh.pushed())
		if got != strings.ReplaceAll(want, fresh.uri, end.d.uri) {
			t.Errorf("diagnostics after all edits: got %s\nwant %s", got, want)
		}
	}
}

// finally is what is pushed once all is checked: nothing comes for an unchanged
// set, so a hover tells when that is.
func (d *doc) finally() []diagnostic {
	d.t.Helper()
	d.hoverAt(0, 0)
	d.version++
	marker := "fn outer() { bad(); }\n"
	d.notify("textDocument/didChange", object{"textDocument": object{"uri": d.uri, "version": d.version},
		"contentChanges": []any{edit(at(0, 0, 0), marker)}})
	d.pushed()
	d.version++
	d.notify("textDocument/didChange", object{"textDocument": object{"uri": d.uri, "version": d.version},
		"contentChanges": []any{edit(span{position{0, 0}, position{1, 0}}, "")}})
	return d.pushed()
}
