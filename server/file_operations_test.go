package server_test

import (
	"os"
	"path/filepath"
	"testing"
)

// oldHint is a hint that depends on the crate's edition.
const oldHint = "-- course/basics/nested/old.md --\n---\ntitle: An old edition\nkind: pitfall\nmessage: \"old\"\n---\nText.\n\n## Why\n\nIt is old.\n\n## What to do\n\nUpdate.\n\n" +
	"```query\n((function_item name: (identifier) @name) @hint (#eq? @name \"aged\") (#edition? \"<2024\"))\n```\n"

// TestFileOperations renames, deletes and creates files and folders in the
// client, which tells of nothing else.
func TestFileOperations(t *testing.T) {
	root := workspace(t, threeFiles, oldHint)
	c := open(t, root, puller(), nil)
	d := c.open("src/main.rs", "fn outer() { aged(); }\nfn aged() {}\n")
	uri := func(name string) string { return fileURI(root, name) }
	rename := func(from, to string) {
		t.Helper()
		must(t, os.Rename(filepath.Join(root, from), filepath.Join(root, to)))
		c.notify("workspace/didRenameFiles", object{"files": []object{{"oldUri": uri(from), "newUri": uri(to)}}})
	}
	// untilPull pulls after each refresh until the codes are these.
	untilPull := func(want string) {
		t.Helper()
		for n := 1; ; n++ {
			got := codes(d.pull("").Items)
			if got == want {
				return
			}
			c.mu.Lock()
			asked := c.asked("workspace/diagnostic/refresh")
			c.mu.Unlock()
			if again := codes(d.pull("").Items); again == want {
				return
			}
			if !c.within(deadline, func() bool { return c.asked("workspace/diagnostic/refresh") > asked }) {
				t.Fatalf("got %q, want %q", got, want)
			}
		}
	}
	untilPull("outer inner old")

	first := c.awaitWorkspace(c.askWorkspace(nil))
	if got, want := first.told(root), "src/a.rs full bad-name; src/main.rs@1 full outer inner old; vendor/x.rs full bad-name"; got != want {
		t.Fatalf("first: got %q, want %q", got, want)
	}
	held := c.askWorkspace(first.previous())
	rename("src/a.rs", "src/c.rs")
	second := c.awaitWorkspace(held)
	if got, want := second.told(root), "src/a.rs full ; src/c.rs full bad-name; src/main.rs@1 unchanged ; vendor/x.rs unchanged"; got != want {
		t.Errorf("renamed: got %q, want %q", got, want)
	}
	held = c.askWorkspace(second.previous())
	must(t, os.RemoveAll(filepath.Join(root, "vendor")))
	c.notify("workspace/didDeleteFiles", object{"files": []object{{"uri": uri("vendor")}}})
	third := c.awaitWorkspace(held)
	if got, want := third.told(root), "src/c.rs unchanged ; src/main.rs@1 unchanged ; vendor/x.rs full"; got != want {
		t.Errorf("a folder deleted: got %q, want %q", got, want)
	}

	// A hint's file, and the folder around one.
	rename("course/basics/nested/outer.md", "course/basics/nested/outer.txt")
	untilPull("inner old")
	rename("course/basics/nested/outer.txt", "course/basics/nested/outer.md")
	untilPull("outer inner old")
	rename("course/basics", "course/.away") // hidden folders are no part of a course
	untilPull("")
	rename("course/.away", "course/basics")
	untilPull("outer inner old")
	rename("course", "elsewhere")
	untilPull("")
	rename("elsewhere", "course")
	untilPull("outer inner old")

	// The manifest of the crate.
	rename("Cargo.toml", "Cargo.old")
	untilPull("outer inner")
	writeFile(t, filepath.Join(root, "Cargo.toml"), "[package]\nname = \"sample\"\nedition = \"2018\"\n")
	c.notify("workspace/didCreateFiles", object{"files": []object{{"uri": uri("Cargo.toml")}}})
	untilPull("outer inner old")

	// The settings.
	rename("lectern.yaml", "lectern.txt")
	untilPull("")
	rename("lectern.txt", "lectern.yaml")
	untilPull("outer inner old")
}
