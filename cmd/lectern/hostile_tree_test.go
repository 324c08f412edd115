//go:build unix

package main

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// holding makes a file with a text.
func holding(text string) func(string) error {
	return func(at string) error { return os.WriteFile(at, []byte(text), 0o644) }
}

// hostileTrees are what may lie in a tree, and what is said of it on standard error
// when the tree is checked and when it is named directly. The row of cmd/README.md is
// in front of each.
var hostileTrees = []struct {
	name  string
	make  func(at string) error // of a file x.rs
	tree  string                // "" for nothing
	named string
}{
	// Larger than 4 MB.
	{"50 MB of Rust", holding(strings.Repeat("fn f() { foo(); }\n", 50<<20/18)), "tree/x.rs: a text of more than 4 MB is not checked", "tree/x.rs: a text of more than 4 MB is not checked"},
	{"a line of 5 MB", holding("fn f() { " + strings.Repeat("foo();", 5<<20/6) + " }"), "tree/x.rs: a text of more than 4 MB is not checked", "tree/x.rs: a text of more than 4 MB is not checked"},
	// Below 4 MB.
	{"a line of 3.9 MB", holding("fn f() { foo(); } // " + strings.Repeat("x", 3_900_000)), "", ""},
	{"20,000 nested brackets", holding("fn f() { foo(); let x = " + strings.Repeat("(", 20_000) + strings.Repeat(")", 20_000) + "; }\n"), "", ""},
	{"20,000 open brackets", holding("fn f() { foo(); let x = " + strings.Repeat("[", 20_000)), "", ""},
	{"5,000 nested blocks", holding("fn f() { foo(); " + strings.Repeat("{", 5_000) + strings.Repeat("}", 5_000) + " }\n"), "", ""},
	{"5,000 functions in functions", holding(strings.Repeat("fn f() { ", 5_000) + strings.Repeat("}", 5_000)), "", ""},
	{"NUL bytes", holding("fn f() { foo(); }\x00\n" + strings.Repeat("\x00", 100_000)), "", ""},
	{"invalid UTF-8", holding("fn f() { foo(); let _ = \"\xff\xfe\xc3\"; }\n" + strings.Repeat("\x80", 100_000)), "", ""},
	// UTF-16.
	{"UTF-16, little end first", holding("\xff\xfef\x00n\x00 \x00f\x00(\x00)\x00"), "tree/x.rs: is UTF-16 text; save it as UTF-8", "tree/x.rs: is UTF-16 text; save it as UTF-8"},
	{"UTF-16, big end first", holding("\xfe\xff\x00f\x00n\x00 \x00f\x00(\x00)"), "tree/x.rs: is UTF-16 text; save it as UTF-8", "tree/x.rs: is UTF-16 text; save it as UTF-8"},
	// No file.
	{"a pipe", func(at string) error { return syscall.Mkfifo(at, 0o644) }, "tree/x.rs: is a pipe, not a file", "tree/x.rs: is a pipe, not a file"},
	{"a device", func(at string) error { return os.Symlink("/dev/zero", at) }, "", "tree/x.rs: is a device, not a file"},
	{"a folder", func(at string) error { return os.Mkdir(at, 0o755) }, "", ""},
	// Links.
	{"a link to itself", func(at string) error { return os.Symlink("x.rs", at) }, "", "tree/x.rs: too many levels of symbolic links"},
	{"a link to the folder around it", func(at string) error { return os.Symlink(".", at) }, "", ""},
	{"a link to the root of the system", func(at string) error { return os.Symlink("/", filepath.Join(filepath.Dir(at), "root")) }, "", "tree/x.rs: no such file or directory"},
	{"a link to nothing", func(at string) error { return os.Symlink("nothing.rs", at) }, "", "tree/x.rs: no such file or directory"},
	// Not to be read.
	{"an unreadable file", func(at string) error { return os.WriteFile(at, []byte("fn f() { foo(); }\n"), 0) }, "tree/x.rs: permission denied", "tree/x.rs: permission denied"},
	{"an unreadable folder", func(at string) error { return os.Mkdir(at, 0) }, "tree/x.rs: permission denied", "tree/x.rs: permission denied"},
	{"a folder that cannot be entered", func(at string) error {
		if err := os.Mkdir(at, 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(at, "y.rs"), nil, 0o644); err != nil {
			return err
		}
		return os.Chmod(at, 0o444)
	}, "tree/x.rs", "tree/x.rs"},
}

// TestHostileTrees: whatever lies in a tree, the run ends within the bounds of process,
// says what it could not read with the path, ends with code 2 then, and checks the
// rest. The program runs as somebody who may not read everything.
func TestHostileTrees(t *testing.T) {
	run := ordinaryUser(t)
	for _, test := range hostileTrees {
		t.Run(test.name, func(t *testing.T) {
			folderOf(t, map[string]string{"tree/good.rs": "fn good() { foo(); }\n"})
			readableByAll(t, ".")
			at := filepath.Join("tree", "x.rs")
			if err := test.make(at); err != nil {
				t.Fatal(err)
			}
			if info, err := os.Lstat(at); err == nil && info.IsDir() {
				defer os.Chmod(at, 0o755) //nolint:errcheck // so that it can be removed
			}
			out, errs, code := run(t, "check", "--course", "mini", "--format", "jsonl", "tree")
			checkSaid(t, "in the tree", test.tree, errs, code)
			if !strings.Contains(out, `"path":"tree/good.rs"`) {
				t.Errorf("in the tree: nothing is found in the file beside it: %.1000s", out)
			}
			if len(out) > 1<<20 {
				t.Errorf("in the tree: the report has %d bytes", len(out))
			}
			_, errs, code = run(t, "check", "--course", "mini", "--format", "jsonl", at)
			checkSaid(t, "named", test.named, errs, code)
		})
	}
}

func checkSaid(t *testing.T, how, want, errs string, code int) {
	t.Helper()
	switch {
	case want == "" && (errs != "" || code == 2):
		t.Errorf("%s: got exit code %d and %.1000q, want no error", how, code, errs)
	case want != "" && (!strings.HasPrefix(errs, "lectern: "+want) || strings.Count(errs, want) != 1 || code != 2):
		t.Errorf("%s: got exit code %d and %.1000q, want 2 and %q", how, code, errs, want)
	}
}

// ordinaryUser runs the program as a user who has no rights beyond those of files. For
// root that is nobody, for whom the program is copied to where everybody can run it.
func ordinaryUser(t *testing.T) func(t *testing.T, args ...string) (out, errs string, code int) {
	t.Helper()
	if os.Geteuid() != 0 {
		return process
	}
	const nobody = 65534
	dir := t.TempDir()
	readableByAll(t, dir)
	program := filepath.Join(dir, "lectern")
	from, err := os.Open(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	to, err := os.OpenFile(program, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(to, from); err != nil {
		t.Fatal(err)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return func(t *testing.T, args ...string) (string, string, int) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), maxRun)
		defer cancel()
		cmd := exec.CommandContext(ctx, program, args...)
		cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+dir, "HOME="+dir)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		return limited(t, ctx, cmd)
	}
}

// readableByAll lets everybody into one of the test's temporary folders, which the
// folder above it forbids.
func readableByAll(t *testing.T, dir string) {
	t.Helper()
	abs, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{abs, filepath.Dir(abs)} {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}
