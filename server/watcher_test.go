package server_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// untilPush waits until the last push for a document has these codes.
func (d *doc) untilPush(want string) {
	d.t.Helper()
	d.until("push of "+want, func() bool {
		list := d.publications(d.uri)
		return len(list) > 0 && codes(list[len(list)-1].Diagnostics) == want
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const nothingHint = "---\ntitle: Nothing\nkind: concept\nmessage: \"m\"\n---\nText.\n\n```query\n((function_item name: (identifier) @name) @hint (#eq? @name \"nobody\"))\n```\n"

// TestWatcher changes files behind the back of a client that cannot watch.
func TestWatcher(t *testing.T) {
	root := workspace(t)
	c := open(t, root, pusher(), nil)
	d := c.open("src/main.rs", "fn outer() {}\n")
	d.untilPush("outer inner")

	// A hint is written anew, as editors do: another file takes its name.
	file := filepath.Join(root, "course/basics/nested/outer.md")
	writeFile(t, file+".tmp", nothingHint)
	must(t, os.Rename(file+".tmp", file))
	d.untilPush("inner")

	// A hint is deleted.
	must(t, os.Remove(filepath.Join(root, "course/basics/nested/inner.md")))
	d.untilPush("")

	// A folder of hints comes, with one that fires.
	writeFile(t, filepath.Join(root, "course/basics/calls/again.md"), strings.ReplaceAll(nothingHint, "nobody", "outer"))
	d.untilPush("again")

	// The course's folder goes and comes back.
	aside := filepath.Join(t.TempDir(), "course")
	must(t, os.Rename(filepath.Join(root, "course"), aside))
	d.untilPush("")
	must(t, os.Rename(aside, filepath.Join(root, "course")))
	d.untilPush("again")
	must(t, os.Remove(filepath.Join(root, "course/basics/calls/again.md"))) // and is watched again
	d.untilPush("")

	// The settings.
	writeFile(t, filepath.Join(root, "course/basics/nested/outer.md"), strings.ReplaceAll(nothingHint, "nobody", "outer"))
	d.untilPush("outer")
	writeFile(t, filepath.Join(root, "lectern.yaml"), "courses: [course]\nhints: {outer: off}\n")
	d.untilPush("")
	must(t, os.Remove(filepath.Join(root, "lectern.yaml")))
	writeFile(t, filepath.Join(root, "lectern.yaml"), "courses: [course]\n")
	d.untilPush("outer")
}

// TestWatcherOfCrates: the manifest of a crate somewhere in the workspace.
func TestWatcherOfCrates(t *testing.T) {
	root := workspace(t, oldHint, "-- deep/er/Cargo.toml --\n[package]\nname = \"deep\"\nedition = \"2021\"\n-- deep/er/src/lib.rs --\n")
	c := open(t, root, pusher(), nil)
	d := c.open("deep/er/src/lib.rs", "fn aged() {}\n")
	d.untilPush("old")
	writeFile(t, filepath.Join(root, "deep/er/Cargo.toml"), "[package]\nname = \"deep\"\nedition = \"2024\"\n")
	d.untilPush("")
}

// TestWatcherIsBounded: folders of packages and builds are not watched, and no
// client that watches itself is watched for.
func TestWatcherIsBounded(t *testing.T) {
	root := workspace(t)
	for i := range 100 {
		writeFile(t, filepath.Join(root, "course/node_modules", itoa(i), "x.md"), "")
		writeFile(t, filepath.Join(root, "target", itoa(i), "x.rs"), "")
	}
	watched := func(c *client) int {
		var st struct{ Watched int }
		c.command(&st, "lectern.status")
		return st.Watched
	}
	c := open(t, root, pusher(), nil)
	c.open("src/main.rs", "fn outer() {}\n").untilPush("outer inner")
	file := filepath.Join(root, "course/basics/nested/outer.md")
	writeFile(t, file, nothingHint) // seen once the course's folders are watched
	c.open("src/lib.rs", "fn outer() {}\n").untilPush("inner")
	// The root, src, and the course with basics, its calls, and nested.
	if n := watched(c); n < 1 || n > 20 {
		t.Errorf("got %d folders watched, want a few", n)
	}
	if n := watched(open(t, root, puller(), nil)); n != 0 {
		t.Errorf("got %d folders watched beside a client that watches, want none", n)
	}
}
