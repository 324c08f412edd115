package server_test

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// command runs a command of the server.
func (c *client) command(result any, name string, arguments ...any) {
	c.t.Helper()
	params := object{"command": name}
	if len(arguments) > 0 {
		params["arguments"] = arguments
	}
	c.call("workspace/executeCommand", params, result)
}

func TestListCourse(t *testing.T) {
	c := open(t, workspace(t), puller(), nil)
	var list struct {
		Courses []struct {
			ID, Title string
			Chapters  []struct {
				ID, Title string
				Sections  []struct {
					ID, Title, URI string
					Hints          []struct{ ID, Title, Kind, Severity string }
				}
			}
		}
	}
	c.command(&list, "lectern.listCourse")
	if len(list.Courses) == 0 {
		t.Fatal("no courses")
	}
	names := list.Courses[len(list.Courses)-1] // behind the one that is built in
	if names.ID != "names" || len(names.Chapters) != 1 {
		t.Fatalf("got %s with %d chapters, want the course names with one", names.ID, len(names.Chapters))
	}
	var ids []string
	for _, s := range names.Chapters[0].Sections {
		ids = append(ids, s.ID)
		if !strings.HasPrefix(s.URI, "file://") || !strings.HasSuffix(s.URI, ".md") {
			t.Errorf("page of %s: got %q", s.ID, s.URI)
		}
	}
	if got, want := strings.Join(ids, " "), "basics basics/calls basics/nested"; got != want {
		t.Errorf("sections: got %q, want %q", got, want)
	}
	hints := names.Chapters[0].Sections[1].Hints
	if len(hints) != 2 || hints[0].ID != "bad-name" || hints[0].Kind != "pitfall" || hints[0].Severity != "warning" || hints[0].Title != "A bad name" {
		t.Errorf("hints: got %+v", hints)
	}
}

// TestOccurrences counts places on disk and in documents, and follows both.
func TestOccurrences(t *testing.T) {
	c := open(t, workspace(t, threeFiles), puller(), object{"exclude": []string{"vendor/**"}})
	count := func() map[string]int {
		var counts struct{ Sections map[string]int }
		c.command(&counts, "lectern.occurrences")
		return counts.Sections
	}
	// In a.rs bad and good, in b.rs good; in both a function outer with its block.
	if got := count(); got["basics/calls"] != 3 || got["basics/nested"] != 4 {
		t.Errorf("got %v, want 3 calls and 4 of nesting", got)
	}
	c.open("src/b.rs", "fn main() { bad(); }")
	if got := count(); got["basics/calls"] != 3 || got["basics/nested"] != 2 {
		t.Errorf("with a document: got %v, want 3 and 2", got)
	}
	var places struct {
		Count  int
		Places []struct {
			URI, Hint string
			Range     span
		}
	}
	c.command(&places, "lectern.occurrences", "basics/calls")
	if places.Count != 3 || len(places.Places) != 3 {
		t.Fatalf("got %+v, want 3 places", places)
	}
	last := places.Places[2]
	if last.Hint != "bad-name" || last.URI != fileURI(c.root, "src/b.rs") || last.Range != at(0, 12, 17) {
		t.Errorf("got %+v, want bad-name at 0:12-17 of b.rs", last)
	}
}

// TestStatusAndReload: a course that is broken is seen in the status after the
// reload that the answer tells of.
func TestStatusAndReload(t *testing.T) {
	c := open(t, workspace(t), puller(), nil)
	c.open("src/main.rs", mixed)
	var st struct {
		Text, Client, Encoding, Diagnostics string
		OpenDocuments                       int
		Folders                             []struct {
			Path     string
			Courses  []struct{ ID string }
			Problems []string
		}
	}
	c.command(&st, "lectern.status")
	if st.Client != "test" || st.Encoding != "utf-8" || st.Diagnostics != "pulled" || st.OpenDocuments != 1 || len(st.Folders) != 2 ||
		st.Folders[0].Path != c.root || len(st.Folders[0].Problems) != 0 || st.Text == "" {
		t.Errorf("got %+v", st)
	}
	writeFile(t, filepath.Join(c.root, "lectern.yaml"), "courses: [course]\nbogus: 1\n")
	c.command(nil, "lectern.reload")
	c.command(&st, "lectern.status")
	if len(st.Folders[0].Problems) != 1 || !strings.Contains(st.Text, "bogus") {
		t.Errorf("after the reload: got %+v, want a problem with bogus", st)
	}
}

// TestReloadHasTheClientsSettings: what an editor says when it is asked anew is in use
// when the reload is answered, though it takes its time to say it.
func TestReloadHasTheClientsSettings(t *testing.T) {
	t.Parallel()
	c := launch(t)
	c.root = workspace(t)
	c.silent = true // it answers by hand
	answer := func(settings object, after time.Duration) {
		var question message
		c.until("question about settings", func() bool {
			for _, r := range c.requests {
				if r.Method == "workspace/configuration" {
					question = r
				}
			}
			return question.ID != nil
		})
		c.mu.Lock()
		c.requests = nil
		c.mu.Unlock()
		time.AfterFunc(after, func() { // two folders: the root, and what is in none
			c.send(object{"jsonrpc": "2.0", "id": question.ID, "result": []object{settings, settings}})
		})
	}
	c.initialize(puller(), nil)
	answer(object{}, 0)
	d := c.open("src/main.rs", mixed)
	d.pull("")
	for i := range 4 {
		reload := c.ask("workspace/executeCommand", command("lectern.reload"))
		answer(object{"hints": object{"outer": []string{"off", "warning"}[i%2]}}, 100*time.Millisecond)
		c.await(reload)
		if got, want := strings.Contains(codes(d.pull("").Items), "outer"), i%2 == 1; got != want {
			t.Fatalf("reload %d: outer is shown: %v, want %v", i, got, want)
		}
	}
}

// TestReloadWithoutTheClientsSettings: a client that never says its settings gets the
// answer all the same, and the files are read again.
func TestReloadWithoutTheClientsSettings(t *testing.T) {
	t.Parallel()
	c := launch(t)
	c.root = workspace(t)
	c.silent = true
	c.initialize(puller(), nil)
	d := c.open("src/main.rs", mixed)
	if got := codes(d.pull("").Items); !strings.Contains(got, "outer") {
		t.Fatalf("first: got %q, want outer", got)
	}
	for i := range 2 { // the first question is still open when the second comes
		writeFile(t, filepath.Join(c.root, "lectern.yaml"), "courses: [course]\nhints: {outer: "+[]string{"off", "error"}[i]+"}\n")
		c.command(nil, "lectern.reload")
		if got, want := strings.Contains(codes(d.pull("").Items), "outer"), i == 1; got != want {
			t.Errorf("reload %d: outer is shown: %v, want %v", i, got, want)
		}
	}
}

func TestCommandArguments(t *testing.T) {
	c := open(t, workspace(t), puller(), nil)
	for _, test := range []struct {
		command   string
		arguments []any
	}{
		{"lectern.listCourse", []any{1}},
		{"lectern.listCourse", []any{"file:///a", "file:///b"}},
		{"lectern.occurrences", []any{object{}}},
		{"lectern.occurrences", []any{"no/such-lesson"}},
		{"lectern.reload", []any{true}},
		{"lectern.status", []any{nil}},
		{"lectern.nothing", nil},
	} {
		c.refused(-32602, "workspace/executeCommand", object{"command": test.command, "arguments": test.arguments})
	}
}

// notesOf are the params of the server's notifications of a method; the caller
// holds mu.
func (c *client) notesOf(method string) []string {
	var list []string
	for _, n := range c.notes {
		if n.Method == method {
			list = append(list, string(n.Params))
		}
	}
	return list
}

func (c *client) untilNote(method string, is func(json string) bool) {
	c.t.Helper()
	c.until(method, func() bool {
		list := c.notesOf(method)
		return len(list) > 0 && is(list[len(list)-1])
	})
}

// untilSome waits for a note of a method, whatever comes behind it.
func (c *client) untilSome(method string, is func(json string) bool) {
	c.t.Helper()
	c.until(method, func() bool { return slices.ContainsFunc(c.notesOf(method), is) })
}

// TestServerStatus tells of problems with settings and of their end, to clients
// that want it.
func TestServerStatus(t *testing.T) {
	c := open(t, workspace(t), with(puller(), true, "experimental", "serverStatusNotification"), nil)
	type status struct {
		Health, Message string
		Quiescent       bool
	}
	is := func(health, message string) func(string) bool {
		return func(note string) bool {
			var s status
			return json.Unmarshal([]byte(note), &s) == nil && s.Quiescent && s.Health == health && strings.Contains(s.Message, message)
		}
	}
	c.untilNote("experimental/serverStatus", is("ok", ""))
	writeFile(t, filepath.Join(c.root, "lectern.yaml"), "bogus: 1\n")
	c.command(nil, "lectern.reload")
	c.untilNote("experimental/serverStatus", is("warning", "bogus"))
	writeFile(t, filepath.Join(c.root, "lectern.yaml"), "courses: [course]\n")
	c.command(nil, "lectern.reload")
	c.untilNote("experimental/serverStatus", is("ok", ""))

	silent := open(t, workspace(t), puller(), nil)
	silent.command(nil, "lectern.reload")
	silent.mu.Lock()
	defer silent.mu.Unlock()
	if got := silent.notesOf("experimental/serverStatus"); len(got) > 0 {
		t.Errorf("got %v for a client that did not ask for it", got)
	}
}

func TestTrace(t *testing.T) {
	c := open(t, workspace(t), puller(), nil)
	d := c.open("src/main.rs", mixed)
	traced := func() int {
		c.mu.Lock()
		defer c.mu.Unlock()
		return len(c.notesOf("$/logTrace"))
	}
	d.hoverAt(0, 3)
	if n := traced(); n != 0 {
		t.Errorf("got %d traces before they were asked for", n)
	}
	c.notify("$/setTrace", object{"value": "verbose"})
	d.hoverAt(0, 3)
	c.untilNote("$/logTrace", func(note string) bool {
		return strings.Contains(note, "textDocument/hover (") && strings.Contains(note, "main.rs") && strings.Contains(note, "verbose")
	})
	c.notify("$/setTrace", object{"value": "messages"})
	d.hoverAt(0, 3)
	c.untilNote("$/logTrace", func(note string) bool {
		return strings.Contains(note, "textDocument/hover (") && !strings.Contains(note, "verbose")
	})
	c.notify("$/setTrace", object{"value": "nonsense"}) // changes nothing
	c.notify("$/setTrace", object{"value": "off"})
	d.hoverAt(0, 3) // the traces before it have arrived
	before := traced()
	d.hoverAt(0, 3)
	if n := traced(); n != before {
		t.Errorf("got %d traces after the end", n-before)
	}

	early := launch(t)
	early.root = workspace(t)
	early.call("initialize", object{"processId": nil, "rootUri": nil, "capabilities": puller(), "trace": "messages"}, nil)
	early.notify("initialized", object{})
	early.untilNote("$/logTrace", func(note string) bool { return strings.Contains(note, "initialized") })
}

// refuse makes the server log a warning.
func refuse(c *client) {
	c.notify("textDocument/didClose", object{"textDocument": object{"uri": "file:///not-open.rs"}})
}

// shown are the types of the messages that come of a warning and a line for debugging.
func shown(c *client, name string) map[int]bool {
	c.mu.Lock()
	before := len(c.notesOf("window/logMessage"))
	c.mu.Unlock()
	refuse(c)                          // a warning
	c.notify("no/such"+name, object{}) // a line for debugging
	c.command(nil, "lectern.status")
	types := map[int]bool{}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, note := range c.notesOf("window/logMessage")[before:] {
		var m struct {
			Type    int
			Message string
		}
		if json.Unmarshal([]byte(note), &m) == nil && (strings.Contains(m.Message, "not-open.rs") || strings.Contains(m.Message, "no/such")) {
			types[m.Type] = true
		}
	}
	return types
}

// TestLogMessages: the client sees warnings, more if it asks for more, and is
// not flooded.
func TestLogMessages(t *testing.T) {
	t.Run("warnings", func(t *testing.T) {
		c := open(t, workspace(t), puller(), nil)
		refuse(c)
		c.untilSome("window/logMessage", func(note string) bool {
			return strings.Contains(note, "not-open.rs") && strings.Contains(note, `"type":2`)
		})
		c.mu.Lock()
		defer c.mu.Unlock()
		for _, note := range c.notesOf("window/logMessage") {
			if !strings.Contains(note, `"type":2`) {
				t.Errorf("got %s, want warnings alone", note)
			}
		}
	})
	t.Run("debug", func(t *testing.T) {
		c := open(t, workspace(t), puller(), object{"logLevel": "debug"})
		c.command(nil, "lectern.reload")
		c.notify("no/suchNotification", nil)
		c.untilSome("window/logMessage", func(note string) bool {
			return strings.Contains(note, "no/suchNotification") && strings.Contains(note, `"type":4`)
		})
	})
	t.Run("errors", func(t *testing.T) {
		c := open(t, workspace(t), puller(), object{"logLevel": "error"})
		c.command(nil, "lectern.reload")
		c.mu.Lock()
		before := len(c.notesOf("window/logMessage"))
		c.mu.Unlock()
		refuse(c)
		c.command(nil, "lectern.status")
		c.mu.Lock()
		defer c.mu.Unlock()
		if got := c.notesOf("window/logMessage"); len(got) > before {
			t.Errorf("got %v, want no warnings", got[before:])
		}
	})
	// The levels of a line are LSP's types of messages: 1 error, 2 warning, 3 info, 4
	// log. A level is that of the settings, and follows them while the server runs.
	t.Run("live", func(t *testing.T) {
		c := launch(t)
		c.root = workspace(t)
		var settings atomic.Value
		settings.Store(object{"logLevel": "debug"})
		c.configured(&settings)
		c.initialize(puller(), nil)
		for _, test := range []struct {
			level string
			shown map[int]bool
		}{
			{"debug", map[int]bool{2: true, 4: true}},
			{"info", map[int]bool{2: true}},
			{"error", map[int]bool{}},
			{"warn", map[int]bool{2: true}},
			{"debug", map[int]bool{2: true, 4: true}},
		} {
			settings.Store(object{"logLevel": test.level})
			c.command(nil, "lectern.reload")
			if got := shown(c, test.level); !maps.Equal(got, test.shown) {
				t.Errorf("level %s: got messages of the types %v, want %v", test.level, got, test.shown)
			}
		}
	})
	t.Run("flood", func(t *testing.T) {
		c := open(t, workspace(t), puller(), nil)
		const n = 20_000
		for range n {
			refuse(c)
		}
		c.command(nil, "lectern.status")
		c.mu.Lock()
		defer c.mu.Unlock()
		if got := len(c.notesOf("window/logMessage")); got == 0 || got > n/2 {
			t.Errorf("got %d messages for %d warnings", got, n)
		}
	})
}
