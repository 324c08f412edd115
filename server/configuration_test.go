package server_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// refreshed waits until the server has asked n times for diagnostics to be
// pulled again.
func (c *client) refreshed(n int) {
	c.t.Helper()
	c.until("refresh", func() bool { return c.asked("workspace/diagnostic/refresh") >= n })
}

// configured answers the server's questions for settings with what is in
// settings, for each folder.
func (c *client) configured(settings *atomic.Value) {
	c.reply["workspace/configuration"] = func(params json.RawMessage) any {
		var p struct{ Items []any }
		json.Unmarshal(params, &p) //nolint:errcheck // then there are no items
		answer := make([]any, len(p.Items))
		for i := range answer {
			answer[i] = settings.Load()
		}
		return answer
	}
}

// asked counts the requests of the server; the caller holds mu.
func (c *client) asked(method string) int {
	n := 0
	for _, r := range c.requests {
		if r.Method == method {
			n++
		}
	}
	return n
}

func TestSettingsOfTheClient(t *testing.T) {
	t.Run("asked for", func(t *testing.T) {
		c := launch(t)
		c.root = workspace(t)
		var settings atomic.Value
		settings.Store(object{"hints": object{"inner": "off"}})
		c.configured(&settings)
		c.initialize(puller(), nil)
		d := c.open("src/main.rs", mixed)
		if got, want := codes(d.pull("").Items), "outer bad-name good-name"; got != want {
			t.Errorf("first: got %q, want %q", got, want)
		}
		settings.Store(object{"severity": object{"concept": "off", "pitfall": "error"}})
		c.notify("workspace/didChangeConfiguration", object{"settings": nil})
		c.refreshed(1)
		list := d.pull("").Items
		if got, want := codes(list), "bad-name good-name"; got != want || list[0].Severity != 1 {
			t.Errorf("changed: got %q with severity %d, want %q with 1", got, list[0].Severity, want)
		}
		if got, want := d.hoverAt(0, 3).title(), "The outer one"; got != want {
			t.Errorf("hover on a kind that is off: got %q, want %q", got, want)
		}
	})
	t.Run("sent", func(t *testing.T) {
		c := open(t, workspace(t), pusher(), object{"hints": object{"inner": "off"}})
		d := c.open("src/main.rs", mixed)
		if got, want := codes(d.pushed()), "outer bad-name good-name"; got != want {
			t.Errorf("initializationOptions: got %q, want %q", got, want)
		}
		c.notify("workspace/didChangeConfiguration", object{"settings": object{"lectern": object{"hints": object{"outer": "off"}}}})
		c.until("push with other settings", func() bool {
			p := d.publications(d.uri)
			return len(p) > 0 && codes(p[len(p)-1].Diagnostics) == "inner bad-name good-name"
		})
		if h := d.hoverAt(0, 3); h != nil {
			t.Errorf("hover on a hint that is off: got %q, want null", h.title())
		}
	})
	t.Run("features", func(t *testing.T) {
		c := open(t, workspace(t), pusher(), object{"features": object{"hover": false, "codeActions": false, "diagnostics": false}})
		d := c.open("src/main.rs", mixed)
		if got := d.pushed(); len(got) > 0 {
			t.Errorf("diagnostics that are off: got %v", got)
		}
		if h := d.hoverAt(1, 4); h != nil {
			t.Errorf("hover that is off: got %q", h.title())
		}
		if list := d.actions(at(1, 4, 4)); len(list) > 0 {
			t.Errorf("code actions that are off: got %s", titlesOf(list))
		}
	})
	t.Run("exclude", func(t *testing.T) {
		c := open(t, workspace(t), pusher(), object{"exclude": []string{"src/generated/**"}})
		if got := c.open("src/generated/a.rs", mixed).pushed(); len(got) > 0 {
			t.Errorf("excluded: got %v", got)
		}
		if got := c.open("src/main.rs", mixed).pushed(); len(got) == 0 {
			t.Error("not excluded: got nothing")
		}
	})
	t.Run("nonsense", func(t *testing.T) {
		c := open(t, workspace(t), pusher(), []any{1, "x"})
		c.notify("workspace/didChangeConfiguration", object{"settings": 7})
		c.notify("workspace/didChangeConfiguration", object{"settings": object{"hints": 3, "bogus": true}})
		if got, want := codes(c.open("src/main.rs", mixed).pushed()), "outer inner bad-name good-name"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

// TestSettingsFile changes lectern.yaml while documents are open, told once by
// the watcher and once by a save.
func TestSettingsFile(t *testing.T) {
	c := open(t, workspace(t), puller(), nil)
	file := filepath.Join(c.root, "lectern.yaml")
	d := c.open("src/main.rs", mixed)
	d.pull("")
	writeFile(t, file, "courses: [course]\nhints:\n  outer: off\n")
	c.notify("workspace/didChangeWatchedFiles", object{"changes": []object{{"uri": fileURI(file), "type": 2}}})
	c.refreshed(1)
	if got, want := codes(d.pull("").Items), "inner bad-name good-name"; got != want {
		t.Errorf("after a change on disk: got %q, want %q", got, want)
	}
	writeFile(t, file, "courses: [course]\nhints: {bad-name: off}\n")
	c.notify("textDocument/didSave", object{"textDocument": object{"uri": fileURI(file)}})
	c.refreshed(2)
	if got, want := codes(d.pull("").Items), "outer inner good-name"; got != want {
		t.Errorf("after a save: got %q, want %q", got, want)
	}
}

// TestSettingsProblems shows what is wrong in lectern.yaml at its place, and
// takes it away once it is right.
func TestSettingsProblems(t *testing.T) {
	c := open(t, workspace(t, "-- lectern.yaml --\ncourses: [course]\nhints:\n  outer: louder\n  owter: off\n"), puller(), nil)
	file := filepath.Join(c.root, "lectern.yaml")
	var last published
	latest := func(n int) func() bool {
		return func() bool {
			list := c.publications(fileURI(file))
			if len(list) == 0 {
				return false
			}
			last = list[len(list)-1]
			return len(last.Diagnostics) == n
		}
	}
	c.until("problems", latest(2))
	if got, want := last.Diagnostics[0].Range.Start, (position{2, 9}); got != want {
		t.Errorf("place of the first: got %v, want %v", got, want)
	}
	if got := last.Diagnostics[1].Message; !strings.Contains(got, "outer") {
		t.Errorf("second: got %q, want what was meant", got)
	}
	c.until("message", func() bool {
		for _, n := range c.notes {
			if n.Method == "window/showMessage" && strings.Contains(string(n.Params), "louder") {
				return true
			}
		}
		return false
	})
	writeFile(t, file, "courses: [course]\n")
	c.notify("textDocument/didSave", object{"textDocument": object{"uri": fileURI(file)}})
	c.until("end of problems", latest(0))
}

// TestBrokenSettings breaks lectern.yaml as somebody who writes in it does, and in
// worse ways: while it is broken, the settings from before stay in force.
func TestBrokenSettings(t *testing.T) {
	c := open(t, workspace(t, "-- lectern.yaml --\ncourses: [course]\nhints: {outer: off}\n"), puller(), nil)
	file := filepath.Join(c.root, "lectern.yaml")
	d := c.open("src/main.rs", mixed)
	const before = "inner bad-name good-name"
	if got := codes(d.pull("").Items); got != before {
		t.Fatalf("before: got %q, want %q", got, before)
	}
	tell := func() {
		c.notify("workspace/didChangeWatchedFiles", object{"changes": []object{{"uri": fileURI(file), "type": 2}}})
		c.call("workspace/executeCommand", command("lectern.reload"), nil)
	}
	// Each takes the place of the file in one step: without a file there would be nothing to
	// keep, and a reload that is still under way could see that.
	next := file + ".next"
	replace := func(err error) {
		t.Helper()
		if err == nil {
			err = os.Rename(next, file)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	write := func(content string) error { return os.WriteFile(next, []byte(content), 0o644) }
	for name, breaks := range map[string]func() error{
		"an open bracket": func() error { return write("courses: [course\nhints: {outer: off}\n") },
		"a list":          func() error { return write("- courses\n") },
		"no text":         func() error { return write("courses: [\xff]\n") },
		"too large":       func() error { return write(strings.Repeat("# x\n", 1<<16)) },
		"a folder":        func() error { return os.Symlink(c.root, next) },
		"a loop":          func() error { return os.Symlink(file, next) },
	} {
		replace(breaks())
		tell()
		if got := codes(d.pull("").Items); got != before {
			t.Errorf("%s: got %q, want %q as before", name, got, before)
		}
		last := func() (p published) {
			if list := c.publications(fileURI(file)); len(list) > 0 {
				p = list[len(list)-1]
			}
			return p
		}
		c.until("word that the old settings stay", func() bool {
			list := last().Diagnostics
			return len(list) == 1 && strings.Contains(list[0].Message, "the settings from before stay in force")
		})
		// What is mended holds at once.
		replace(write("courses: [course]\nhints: {outer: off, inner: off}\n"))
		tell()
		if got, want := codes(d.pull("").Items), "bad-name good-name"; got != want {
			t.Errorf("%s, mended: got %q, want %q", name, got, want)
		}
		c.until("end of the problem", func() bool { return len(last().Diagnostics) == 0 })
		replace(write("courses: [course]\nhints: {outer: off}\n"))
		tell()
	}
	// Without the file there are no settings to keep.
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	tell()
	if got := codes(d.pull("").Items); got != "" {
		t.Errorf("without lectern.yaml: got %q, want nothing, as there is no course", got)
	}
}

// TestBrokenSettingsAtTheStart: there is nothing to keep; the defaults hold, and
// the user is told.
func TestBrokenSettingsAtTheStart(t *testing.T) {
	c := open(t, workspace(t, "-- lectern.yaml --\ncourses: [course]\nhints: {\n"), puller(), object{"courses": []string{"course"}})
	file := fileURI(c.root, "lectern.yaml")
	d := c.open("src/main.rs", mixed)
	if got, want := codes(d.pull("").Items), "outer inner bad-name good-name"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	c.until("word of the defaults, at the line", func() bool {
		list := c.publications(file)
		return len(list) == 1 && len(list[0].Diagnostics) == 1 && list[0].Diagnostics[0].Range.Start.Line > 0 &&
			strings.Contains(list[0].Diagnostics[0].Message, "the settings are the defaults")
	})
}

// TestCourseFolder changes, breaks and mends a hint of a course on disk.
func TestCourseFolder(t *testing.T) {
	c := open(t, workspace(t), pusher(), nil)
	file := filepath.Join(c.root, "course/basics/nested/outer.md")
	d := c.open("src/main.rs", "fn outer() {}\nfn later() {}\n")
	d.pushed()
	change := func(content string) {
		writeFile(t, file, content)
		c.notify("workspace/didChangeWatchedFiles", object{"changes": []object{{"uri": fileURI(file), "type": 2}}})
	}
	const hint = "---\ntitle: The %s one\nkind: concept\nmessage: \"m\"\n---\nText.\n\n```query\n((function_item name: (identifier) @name) @hint (#eq? @name \"%s\"))\n```\n"
	later := strings.NewReplacer("%s", "later").Replace(hint)
	change(later)
	c.until("push with the changed hint", func() bool {
		p := d.publications(d.uri)
		if len(p) == 0 {
			return false
		}
		list := p[len(p)-1].Diagnostics
		return len(list) > 0 && list[len(list)-1].Range.Start.Line == 1
	})
	if got, want := d.hoverAt(1, 3).title(), "The later one"; got != want {
		t.Errorf("hover: got %q, want %q", got, want)
	}

	// A broken query is told at its own line, and disables that hint alone.
	change(strings.Replace(later, "identifier", "identifire", 1))
	c.until("problem in the hint", func() bool {
		p := c.publications(fileURI(file))
		return len(p) > 0 && len(p[len(p)-1].Diagnostics) == 1 && p[len(p)-1].Diagnostics[0].Range.Start.Line == 8
	})
	c.until("push without the broken hint", func() bool {
		p := d.publications(d.uri)
		return len(p) > 0 && codes(p[len(p)-1].Diagnostics) == "inner"
	})
	change(later)
	c.until("end of the problem", func() bool {
		p := c.publications(fileURI(file))
		return len(p[len(p)-1].Diagnostics) == 0
	})
}

// TestOverride puts a second course over the first while a document is open.
func TestOverride(t *testing.T) {
	root := workspace(t, `
-- second/course.yaml --
id: second
title: Second
-- second/SUMMARY.md --
# Summary

- [More](more/README.md)
  - [Other](more/other.md)
-- second/more/README.md --
# More

More.
-- second/more/other.md --
# Other

Other.
-- second/more/other/outer.md --
---
title: Outer said otherwise
kind: concept
message: "other"
---
Another text.

`+"```query\n((function_item name: (identifier) @name) @hint (#eq? @name \"outer\"))\n```\n")
	c := open(t, root, pusher(), nil)
	d := c.open("src/main.rs", "fn outer() {}\n")
	if got, want := d.hoverAt(0, 3).title(), "The outer one"; got != want {
		t.Errorf("before: got %q, want %q", got, want)
	}
	writeFile(t, filepath.Join(root, "lectern.yaml"), "courses: [course, second]\n")
	c.notify("textDocument/didSave", object{"textDocument": object{"uri": fileURI(root, "lectern.yaml")}})
	c.until("push of the other message", func() bool {
		p := d.publications(d.uri)
		if len(p) == 0 {
			return false
		}
		list := p[len(p)-1].Diagnostics
		return len(list) > 0 && list[0].Message == "other"
	})
	h := d.hoverAt(0, 3)
	if got, want := h.title(), "Outer said otherwise"; got != want {
		t.Errorf("after: got %q, want %q", got, want)
	}
	if !strings.Contains(h.Contents.Value, "More › Other") {
		t.Errorf("the hover does not lead to the second course: %s", h.Contents.Value)
	}
}

// TestWatching registers what the client is to watch, and again when another
// course comes.
func TestWatching(t *testing.T) {
	c := open(t, workspace(t), puller(), nil)
	c.until("registration of the course's folder", func() bool {
		for _, r := range c.requests {
			if r.Method == "client/registerCapability" && strings.Contains(string(r.Params), c.root+"/course") {
				return true
			}
		}
		return false
	})
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, want := range []string{"lectern.yaml", "Cargo.toml", "workspace/didChangeConfiguration"} {
		found := false
		for _, r := range c.requests {
			found = found || r.Method == "client/registerCapability" && strings.Contains(string(r.Params), want)
		}
		if !found {
			t.Errorf("%s is not registered", want)
		}
	}
}

// TestCrateFacts: what the crate says of itself is known, from the disk and from
// open buffers, and followed.
func TestCrateFacts(t *testing.T) {
	root := workspace(t, "-- course/basics/nested/old.md --\n---\ntitle: An old edition\nkind: pitfall\nmessage: \"old\"\n---\nText.\n\n## Why\n\nIt is old.\n\n## What to do\n\nUpdate.\n\n"+
		"```query\n((function_item name: (identifier) @name) @hint (#eq? @name \"aged\") (#edition? \"<2024\"))\n```\n")
	c := open(t, root, pusher(), nil)
	d := c.open("src/other.rs", "fn aged() {}\n")
	if got, want := codes(d.pushed()), "old"; got != want {
		t.Fatalf("edition 2021: got %q, want %q", got, want)
	}
	manifest := c.open("Cargo.toml", "[package]\nname = \"sample\"\nedition = \"2021\"\n")
	manifest.change(edit(at(2, 13, 15), "24")) // not saved
	c.until("push for edition 2024", func() bool {
		p := d.publications(d.uri)
		return len(p[len(p)-1].Diagnostics) == 0
	})
	manifest.close() // the disk counts again
	c.until("push for edition 2021", func() bool {
		p := d.publications(d.uri)
		return len(p) > 0 && codes(p[len(p)-1].Diagnostics) == "old"
	})
	writeFile(t, filepath.Join(root, "Cargo.toml"), "[package]\nname = \"sample\"\nedition = \"2024\"\n")
	c.notify("workspace/didChangeWatchedFiles", object{"changes": []object{{"uri": fileURI(root, "Cargo.toml"), "type": 2}}})
	c.until("push for edition 2024 on disk", func() bool {
		p := d.publications(d.uri)
		return len(p[len(p)-1].Diagnostics) == 0
	})
}

// TestFolders adds and removes a workspace folder.
func TestFolders(t *testing.T) {
	c := launch(t)
	c.root = workspace(t)
	other, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(other, "src/lib.rs"), "")
	c.initialize(pusher(), nil)
	d := c.open(fileURI(other, "src/lib.rs"), "fn outer() {}\n")
	if h := d.hoverAt(0, 3); h != nil {
		t.Errorf("outside of all folders: got %q", h.title())
	}
	writeFile(t, filepath.Join(other, "lectern.yaml"), "courses: ["+filepath.Join(c.root, "course")+"]\n")
	folder := object{"uri": fileURI(other), "name": "other"}
	c.notify("workspace/didChangeWorkspaceFolders", object{"event": object{"added": []any{folder}, "removed": []any{}}})
	if got, want := d.hoverAt(0, 3).title(), "The outer one"; got != want {
		t.Errorf("in a folder that was added: got %q, want %q", got, want)
	}
	writeFile(t, filepath.Join(other, "lectern.yaml"), "hints: {}\n")
	c.notify("workspace/didChangeWorkspaceFolders", object{"event": object{"added": []any{}, "removed": []any{folder}}})
	if h := d.hoverAt(0, 3); h != nil {
		t.Errorf("in a folder that was removed: got %q", h.title())
	}
}

// TestSymlinkedRoot opens a folder by a link and documents by both ways.
func TestSymlinkedRoot(t *testing.T) {
	root := workspace(t)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(root, link); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("no symbolic links here:", err)
	}
	for _, test := range []struct{ opened, file string }{{link, link}, {link, root}, {root, link}} {
		c := open(t, test.opened, pusher(), nil)
		d := c.open(fileURI(test.file, "src/main.rs"), "fn outer() {}\n")
		if got, want := d.hoverAt(0, 3).title(), "The outer one"; got != want {
			t.Errorf("opened as %s, file in %s: got %q, want %q", test.opened, test.file, got, want)
		}
	}
}
