//go:build unix

package server_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestHostileFolders: what no learner has in a crate, but anybody may put there. A
// document beside it is checked all the same, and so is the workspace.
func TestHostileFolders(t *testing.T) {
	t.Parallel()
	root := workspace(t)
	crate := func(name string) string { return filepath.Join(root, name) }
	link := func(to, at string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(to, at); err != nil {
			t.Fatal(err)
		}
	}
	fifo := func(at string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Mkfifo(at, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	names := []string{"pipes", "devices", "loops", "folders", "nested", "bytes", "wide", "dark", "self", "roots"}
	for _, name := range names {
		writeFile(t, filepath.Join(crate(name), "src", "a.rs"), "fn outer() { bad(); }\n")
	}
	fifo(filepath.Join(crate("pipes"), "Cargo.toml"))
	fifo(filepath.Join(crate("pipes"), "lectern.yaml"))
	fifo(filepath.Join(crate("pipes"), "src", "lib.rs"))
	fifo(filepath.Join(crate("pipes"), ".gitignore"))
	link("/dev/zero", filepath.Join(crate("devices"), "Cargo.toml"))
	link("/dev/zero", filepath.Join(crate("devices"), "src", "main.rs"))
	link("/dev/zero", filepath.Join(crate("devices"), ".gitignore"))
	link("Cargo.toml", filepath.Join(crate("loops"), "Cargo.toml"))
	link(".", filepath.Join(crate("loops"), "src", "again"))
	link("lib.rs", filepath.Join(crate("loops"), "src", "lib.rs"))
	for _, f := range []string{"Cargo.toml", "src/lib.rs", ".gitignore"} {
		if err := os.MkdirAll(filepath.Join(crate("folders"), f), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	writeFile(t, filepath.Join(crate("nested"), "Cargo.toml"), "a = "+strings.Repeat("[", 20_000)+strings.Repeat("]", 20_000))
	writeFile(t, filepath.Join(crate("nested"), "src", "lib.rs"), "#![cfg("+strings.Repeat("all(", 20_000)+strings.Repeat(")", 20_000)+")]\n"+strings.Repeat("mod m {", 20_000))
	writeFile(t, filepath.Join(crate("bytes"), "Cargo.toml"), "\xff\xfe[\x00p\x00]\x00")
	writeFile(t, filepath.Join(crate("bytes"), "src", "lib.rs"), "\xff\xfef\x00n\x00\xed\xa0\x80\x00")
	writeFile(t, filepath.Join(crate("bytes"), ".gitignore"), "\xff[[[\x00***/**/**\n\\\n!!\n[")
	writeFile(t, filepath.Join(crate("wide"), "Cargo.toml"), "[package]\nname = \"x\"\nedition = \"2021\"\n"+strings.Repeat("# nothing\n", 1_000_000))
	writeFile(t, filepath.Join(crate("wide"), "src", "main.rs"), strings.Repeat("// nothing\n", 1_000_000))
	writeFile(t, filepath.Join(crate("dark"), "hidden", "b.rs"), "fn f() {}\n")
	if err := os.Chmod(filepath.Join(crate("dark"), "hidden"), 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(filepath.Join(crate("dark"), "hidden"), 0o755) }) //nolint:errcheck // for the folder's removal
	writeFile(t, filepath.Join(crate("self"), "Cargo.toml"), "[package]\nname = \"x\"\nworkspace = \".\"\nedition.workspace = true\n[dependencies]\nx = {path = \"../self\", workspace = true}\n")
	writeFile(t, filepath.Join(crate("roots"), "Cargo.toml"), "[package]\nname = \"x\"\n[lib]\npath = \"/dev/zero\"\n[[bin]]\npath = \"../../../../../../etc/passwd\"\n")

	c := open(t, root, puller(), nil)
	for _, name := range names {
		d := c.open(filepath.Join(name, "src", "a.rs"), "fn outer() { bad(); }\n")
		d.alive("the crate " + name)
	}
	// The whole workspace, and the news that all of it changed.
	var whole struct{ Items []struct{ URI string } }
	c.call("workspace/diagnostic", object{"previousResultIds": []any{}}, &whole)
	if len(whole.Items) == 0 {
		t.Error("nothing is said of the workspace")
	}
	var changes []object
	for _, name := range names {
		for _, f := range []string{"Cargo.toml", "src/lib.rs", "lectern.yaml"} {
			changes = append(changes, object{"uri": fileURI(root, name, f), "type": 2})
		}
	}
	c.notify("workspace/didChangeWatchedFiles", object{"changes": changes})
	for _, name := range names {
		d := &doc{client: c, uri: fileURI(root, name, "src", "a.rs"), version: 1}
		d.alive("the news of the crate " + name)
	}
	if peak := c.peak(); peak > maxPeak {
		t.Errorf("the server took %d KB at its peak, want at most %d", peak, maxPeak)
	}
}

// TestHostileSettings: a lectern.yaml that is none is said to be so.
func TestHostileSettings(t *testing.T) {
	t.Parallel()
	content := func(s string) func(at string) error {
		return func(at string) error { return os.WriteFile(at, []byte(s), 0o644) }
	}
	for name, test := range map[string]struct {
		make func(at string) error
		says string
	}{
		"a pipe":          {func(at string) error { return syscall.Mkfifo(at, 0o600) }, "is not a file"},
		"a device":        {func(at string) error { return os.Symlink("/dev/zero", at) }, "is not a file"},
		"a loop":          {func(at string) error { return os.Symlink(at, at) }, "too many levels of symbolic links"},
		"a folder":        {func(at string) error { return os.Mkdir(at, 0o755) }, "is not a file"},
		"too large":       {content(strings.Repeat("# x\n", 1<<20)), "the limit is 65536"},
		"aliases":         {content("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nexclude: [" + strings.Repeat("*c, ", 1000) + "]\n"), "unknown setting `a`"},
		"nested brackets": {content("exclude: " + strings.Repeat("[", 20_000)), "nested too deeply"},
		"nested lists":    {content("exclude:\n  " + strings.Repeat("- ", 20_000) + "x\n"), "nested too deeply"},
		"nested lines":    {content(staircase(340)), "unknown setting `a`"},
		"a long text":     {content("upTo: " + strings.Repeat("x", 60_000) + "\n"), "there is no chapter"},
		"a long key":      {content(strings.Repeat("k", 60_000) + ": 1\n"), "unknown setting"},
		"NUL bytes":       {content("hints: {\x00: off}\n"), "there is no hint"},
		"UTF-16":          {content("\xff\xfec\x00o\x00"), "not UTF-8"},
	} {
		root := workspace(t)
		at := filepath.Join(root, "lectern.yaml")
		if err := os.Remove(at); err != nil {
			t.Fatal(err)
		}
		if err := test.make(at); err != nil {
			t.Fatal(err)
		}
		c := open(t, root, puller(), object{"courses": []string{filepath.Join(root, "course")}})
		d := c.open("src/main.rs", "fn outer() {}\n")
		d.alive("a lectern.yaml that is " + name)
		var said string
		if !c.within(deadline, func() bool {
			for _, p := range c.publications(fileURI(at)) {
				for _, d := range p.Diagnostics {
					said += fmt.Sprintf("%.200s\n", d.Message)
				}
			}
			return strings.Contains(said, test.says)
		}) {
			t.Errorf("%s: got\n%swant a problem that says %q", name, said, test.says)
		}
		if peak := c.peak(); peak > maxPeak {
			t.Errorf("%s: the server took %d KB at its peak, want at most %d", name, peak, maxPeak)
		}
	}
}

// staircase is YAML in which each line is nested a level deeper.
func staircase(levels int) string {
	var b strings.Builder
	for i := range levels {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}
