package server_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

type fileReport struct {
	Kind     string
	URI      string
	Version  *int
	ResultID string
	Items    []diagnostic
}

type workspaceReport struct{ Items []fileReport }

// told is what a report says, a word for each file.
func (r workspaceReport) told(root string) string {
	var out []string
	for _, f := range r.Items {
		version := ""
		if f.Version != nil {
			version = "@" + itoa(*f.Version)
		}
		out = append(out, strings.TrimPrefix(f.URI, fileURI(root)+"/")+version+" "+f.Kind+" "+codes(f.Items))
	}
	slices.Sort(out)
	return strings.TrimSpace(strings.Join(out, "; "))
}

// previous is what a client sends along with the next question.
func (r workspaceReport) previous() []object {
	list := []object{}
	for _, f := range r.Items {
		list = append(list, object{"uri": f.URI, "value": f.ResultID})
	}
	return list
}

func (c *client) askWorkspace(previous []object) string {
	return c.ask("workspace/diagnostic", object{"previousResultIds": previous})
}

func (c *client) awaitWorkspace(id string) (r workspaceReport) {
	c.t.Helper()
	raw, failed := c.await(id)
	if failed != nil {
		c.t.Fatalf("workspace/diagnostic: %v", failed)
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		c.t.Fatalf("workspace/diagnostic answered %s: %v", raw, err)
	}
	return r
}

const threeFiles = `
-- .gitignore --
ignored/
-- src/a.rs --
fn outer() { bad(); good(); }
-- src/b.rs --
fn outer() { good(); }
-- ignored/x.rs --
fn outer() { bad(); }
-- vendor/x.rs --
fn outer() { bad(); }
-- target/x.rs --
fn outer() { bad(); }
`

// TestWorkspaceDiagnostics follows the files of a workspace on disk and in the
// client, by the ids of the results.
func TestWorkspaceDiagnostics(t *testing.T) {
	c := open(t, workspace(t, threeFiles), puller(), object{"exclude": []string{"vendor/**"}})
	first := c.awaitWorkspace(c.askWorkspace(nil))
	// Warnings alone of what is not open; nothing of files that have none.
	if got, want := first.told(c.root), "src/a.rs full bad-name"; got != want {
		t.Fatalf("first: got %q, want %q", got, want)
	}
	// An open document has its own text, version, and all its diagnostics.
	d := c.open("src/b.rs", "fn outer() { bad(); }")
	second := c.awaitWorkspace(c.askWorkspace(first.previous()))
	if got, want := second.told(c.root), "src/a.rs unchanged ; src/b.rs@1 full outer inner bad-name"; got != want {
		t.Errorf("with a document: got %q, want %q", got, want)
	}
	// With nothing new, the question is held until a file changes.
	held := c.askWorkspace(second.previous())
	d.hoverAt(0, 3)
	writeFile(t, filepath.Join(c.root, "src/a.rs"), "fn outer() {}\n")
	c.notify("workspace/didChangeWatchedFiles", object{"changes": []object{{"uri": fileURI(c.root, "src/a.rs"), "type": 2}}})
	third := c.awaitWorkspace(held)
	if got, want := third.told(c.root), "src/a.rs full ; src/b.rs@1 unchanged"; got != want {
		t.Errorf("after a change on disk: got %q, want %q", got, want)
	}
	// What is deleted is taken away.
	d.close()
	if err := os.Remove(filepath.Join(c.root, "src/b.rs")); err != nil {
		t.Fatal(err)
	}
	fourth := c.awaitWorkspace(c.askWorkspace(third.previous()))
	if got, want := fourth.told(c.root), "src/a.rs unchanged ; src/b.rs full"; got != want {
		t.Errorf("after a file was deleted: got %q, want %q", got, want)
	}
	// A held question ends with the client's cancel, and with the session.
	held = c.askWorkspace(fourth.previous())
	c.notify("$/cancelRequest", object{"id": mustInt(held)})
	if _, failed := c.await(held); failed == nil || failed.Code != -32800 {
		t.Errorf("canceled: got %v, want error -32800", failed)
	}
	held = c.askWorkspace(fourth.previous())
	c.call("shutdown", nil, nil)
	if got := c.awaitWorkspace(held).told(c.root); strings.Contains(got, "full") {
		t.Errorf("at the end: got %q, want nothing new", got)
	}
}

// TestWorkspaceDiagnosticsSettings switches them off while a question is held.
func TestWorkspaceDiagnosticsSettings(t *testing.T) {
	c := open(t, workspace(t, threeFiles), puller(), nil)
	first := c.awaitWorkspace(c.askWorkspace(nil))
	if got, want := first.told(c.root), "src/a.rs full bad-name; vendor/x.rs full bad-name"; got != want {
		t.Fatalf("first: got %q, want %q", got, want)
	}
	held := c.askWorkspace(first.previous())
	file := filepath.Join(c.root, "lectern.yaml")
	writeFile(t, file, "courses: [course]\nfeatures: {workspaceDiagnostics: false}\n")
	c.notify("workspace/didChangeWatchedFiles", object{"changes": []object{{"uri": fileURI(file), "type": 2}}})
	second := c.awaitWorkspace(held)
	if got, want := second.told(c.root), "src/a.rs full ; vendor/x.rs full"; got != want {
		t.Errorf("switched off: got %q, want %q", got, want)
	}
}

// TestWorkspaceProgress: partial results in batches, and progress where the
// client wants it and where it did not say.
func TestWorkspaceProgress(t *testing.T) {
	root := workspace(t)
	const n = 300
	for i := range n {
		writeFile(t, filepath.Join(root, "src", "f"+itoa(i)+".rs"), "fn f() { bad(); }\n")
	}
	ask := func(c *client, params object) (parts int, kinds []string, files int) {
		params["previousResultIds"] = []object{}
		r := c.awaitWorkspace(c.ask("workspace/diagnostic", params))
		files = len(r.Items)
		c.mu.Lock()
		defer c.mu.Unlock()
		for _, note := range c.notes {
			var p struct {
				Token string
				Value struct {
					Kind  string
					Items []fileReport
				}
			}
			if note.Method != "$/progress" || json.Unmarshal(note.Params, &p) != nil {
				continue
			}
			if p.Token == "part" {
				parts++
				files += len(p.Value.Items)
			} else {
				kinds = append(kinds, p.Value.Kind)
			}
		}
		return parts, slices.Compact(kinds), files
	}
	t.Run("asked for", func(t *testing.T) {
		c := open(t, root, puller(), nil)
		parts, kinds, files := ask(c, object{"partialResultToken": "part", "workDoneToken": "work"})
		if parts < 4 || files != n {
			t.Errorf("got %d files in %d parts, want %d in 4 or more", files, parts, n)
		}
		if got, want := strings.Join(kinds, " "), "begin report end"; got != want {
			t.Errorf("progress: got %q, want %q", got, want)
		}
	})
	t.Run("not at all", func(t *testing.T) {
		c := open(t, root, puller(), nil)
		parts, kinds, files := ask(c, object{})
		if parts != 0 || len(kinds) != 0 || files != n {
			t.Errorf("got %d parts, the progress %q and %d files, want all %d files in one answer", parts, kinds, files, n)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if got := c.asked("window/workDoneProgress/create"); got != 0 {
			t.Errorf("a client that shows no progress was asked for it %d times", got)
		}
	})
	t.Run("parts alone", func(t *testing.T) {
		c := open(t, root, puller(), nil)
		if parts, kinds, files := ask(c, object{"partialResultToken": "part"}); parts < 4 || len(kinds) != 0 || files != n {
			t.Errorf("got %d parts, the progress %q and %d files", parts, kinds, files)
		}
	})
	t.Run("our own", func(t *testing.T) {
		c := open(t, root, with(puller(), true, "window", "workDoneProgress"), nil)
		if _, _, files := ask(c, object{}); files != n {
			t.Errorf("got %d files, want %d", files, n)
		}
		c.until("end of the progress", func() bool {
			return c.asked("window/workDoneProgress/create") == 1 && slices.ContainsFunc(c.notes, func(m message) bool {
				return m.Method == "$/progress" && strings.Contains(string(m.Params), `"end"`)
			})
		})
	})
}

// TestWorkspaceScanIsInTheBackground: a hover does not wait for it, and a cancel
// ends it.
func TestWorkspaceScanIsInTheBackground(t *testing.T) {
	root := workspace(t)
	content := strings.Repeat("fn outer() { bad(); let x = [1, 2, 3]; }\n", 400)
	for i := range 200 {
		writeFile(t, filepath.Join(root, "src", "f"+itoa(i)+".rs"), content)
	}
	c := open(t, root, puller(), nil)
	d := c.open("src/main.rs", "fn outer() {}\n")
	d.hoverAt(0, 3)
	for _, end := range []string{"cancel", "answer"} {
		id := c.askWorkspace(nil)
		if got, want := d.hoverAt(0, 3).title(), "The outer one"; got != want {
			t.Errorf("hover: got %q, want %q", got, want)
		}
		c.mu.Lock()
		_, answered := c.answers[id]
		c.mu.Unlock()
		if answered {
			t.Error("the workspace was looked at before the hover was answered")
		}
		if end == "answer" {
			if got, want := len(c.awaitWorkspace(id).Items), 201; got != want {
				t.Errorf("got %d files, want %d", got, want)
			}
			continue
		}
		c.notify("$/cancelRequest", object{"id": mustInt(id)})
		if _, failed := c.await(id); failed == nil || failed.Code != -32800 {
			t.Errorf("canceled: got %v, want error -32800", failed)
		}
	}
}
