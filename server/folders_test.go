package server_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

func (c *client) changeFolders(added, removed []string) {
	list := func(roots []string) []object {
		out := []object{}
		for _, r := range roots {
			out = append(out, object{"uri": fileURI(r), "name": filepath.Base(r)})
		}
		return out
	}
	c.notify("workspace/didChangeWorkspaceFolders", object{"event": object{"added": list(added), "removed": list(removed)}})
}

// TestNestedFolders: a document belongs to the innermost folder around it, and
// moves when that one comes and goes.
func TestNestedFolders(t *testing.T) {
	root := workspace(t, "-- inner/lectern.yaml --\ncourses: [../course]\nhints: {outer: off}\n-- inner/src/lib.rs --\nfn outer() { bad(); }\n")
	inner := filepath.Join(root, "inner")
	c := open(t, root, pusher(), nil)
	d := c.open("inner/src/lib.rs", "fn outer() { bad(); }\n")
	d.untilPush("outer inner bad-name")
	c.changeFolders([]string{inner}, nil)
	d.untilPush("inner bad-name")
	e := c.open("src/main.rs", "fn outer() {}\n")
	e.untilPush("outer inner")
	c.changeFolders(nil, []string{inner})
	d.untilPush("outer inner bad-name")

	// Who asks while a folder comes and goes is answered.
	for range 10 {
		c.changeFolders([]string{inner}, nil)
		id := c.ask("textDocument/hover", object{"textDocument": d.id(), "position": position{0, 15}})
		c.changeFolders(nil, []string{inner})
		if _, failed := c.await(id); failed != nil {
			t.Errorf("hover: %v", failed)
		}
	}
}

// TestSettingsOfFolders: each folder has its own, from the client and its file.
func TestSettingsOfFolders(t *testing.T) {
	one, two := workspace(t), workspace(t)
	c := launch(t)
	c.root = one
	c.reply["workspace/configuration"] = func(params json.RawMessage) any {
		var p struct{ Items []struct{ ScopeURI string } }
		json.Unmarshal(params, &p) //nolint:errcheck // then there are no items
		answer := make([]any, len(p.Items))
		for i, item := range p.Items {
			if item.ScopeURI == fileURI(two) {
				answer[i] = object{"hints": object{"bad-name": "off"}}
			}
		}
		return answer
	}
	c.initialize(puller(), nil)
	a := c.open(fileURI(one, "src/main.rs"), mixed)
	c.changeFolders([]string{two}, nil)
	b := c.open(fileURI(two, "src/main.rs"), mixed)
	if got, want := codes(a.pull("").Items), "outer inner bad-name good-name"; got != want {
		t.Errorf("first folder: got %q, want %q", got, want)
	}
	for codes(b.pull("").Items) != "outer inner good-name" { // the settings come in a moment
		c.mu.Lock()
		asked := c.asked("workspace/diagnostic/refresh")
		c.mu.Unlock()
		got := codes(b.pull("").Items)
		if got == "outer inner good-name" {
			break
		}
		if !c.within(deadline, func() bool { return c.asked("workspace/diagnostic/refresh") > asked }) {
			t.Fatalf("second folder: got %q, want no bad-name", got)
		}
	}
}

// TestRemovedFolder: nothing of a folder that was removed stays.
func TestRemovedFolder(t *testing.T) {
	one, two := workspace(t, threeFiles), workspace(t, "-- lectern.yaml --\nbogus: 1\n-- src/z.rs --\n")
	c := open(t, one, puller(), object{"exclude": []string{"vendor/**"}})
	first := c.awaitWorkspace(c.askWorkspace(nil))
	held := c.askWorkspace(first.previous())
	writeFile(t, filepath.Join(two, "lectern.yaml"), "bogus: 1\ncourses: [course]\n")
	writeFile(t, filepath.Join(two, "src/z.rs"), "fn f() { bad(); }\n")
	c.changeFolders([]string{two}, nil)
	second := c.awaitWorkspace(held)
	if got := second.told("/"); !strings.Contains(got, "src/z.rs full bad-name") {
		t.Errorf("a folder added: got %q, want its file", got)
	}
	settings := fileURI(two, "lectern.yaml")
	problems := func(n int) func() bool {
		return func() bool {
			list := c.publications(settings)
			return len(list) > 0 && len(list[len(list)-1].Diagnostics) == n
		}
	}
	c.until("problem in its settings", problems(1))
	held = c.askWorkspace(second.previous())
	c.changeFolders(nil, []string{two})
	for _, f := range c.awaitWorkspace(held).Items {
		if f.URI == fileURI(two, "src/z.rs") && (f.Kind != "full" || len(f.Items) > 0) {
			t.Errorf("the folder removed: got %s %s, want an empty list", f.Kind, codes(f.Items))
		}
	}
	c.until("end of the problem", problems(0))
}
