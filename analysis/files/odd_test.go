//go:build unix

package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestFindMeetsOddThings(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.rs"), "fn a() {}")
	write(t, filepath.Join(dir, "sub", "z.rs"), "fn z() {}")
	for link, to := range map[string]string{"loop": ".", "self.rs": "self.rs", "b.rs": "a.rs", "sub/up": ".."} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	pipe := filepath.Join(dir, "pipe.rs")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "folder.rs"), 0o755); err != nil {
		t.Fatal(err)
	}
	equal(t, find(dir, nil, dir), "a.rs", "pipe.rs", "sub/z.rs")
	equal(t, find(dir, nil, filepath.Join(dir, "self.rs"), filepath.Join(dir, "b.rs")),
		"self.rs: too many levels of symbolic links", "b.rs")

	done := make(chan error, 1)
	go func() { _, err := Read(pipe); done <- err }()
	select {
	case err := <-done:
		if err == nil || !strings.Contains(err.Error(), "is a pipe") {
			t.Errorf("got %v, want a pipe", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("reading a pipe waits for a writer")
	}
	if _, err := Read(dir); err == nil || err.Error() != "is a folder" {
		t.Errorf("got %v, want a folder", err)
	}
	if _, err := Read(os.DevNull); err == nil || err.Error() != "is a device, not a file" {
		t.Errorf("got %v, want a device", err)
	}
	if _, err := Read(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) || strings.Contains(err.Error(), dir) {
		t.Errorf("got %v, want fs.ErrNotExist without the path", err)
	}
	for name, content := range map[string]string{"le.rs": "\xff\xfef\x00n\x00", "be.rs": "\xfe\xff\x00f\x00n"} {
		write(t, filepath.Join(dir, name), content)
		if _, err := Read(filepath.Join(dir, name)); err == nil || !strings.HasPrefix(err.Error(), "is UTF-16 text") {
			t.Errorf("%s: got %v, want that it is UTF-16", name, err)
		}
	}
	if _, err := read(filepath.Join(dir, "a.rs"), 8); err == nil || err.Error() != "the file has 9 bytes, the limit is 8" {
		t.Errorf("got %v, want the limit", err)
	}
	if got, err := read(filepath.Join(dir, "a.rs"), 9); err != nil || string(got) != "fn a() {}" {
		t.Errorf("got %q, %v", got, err)
	}
}

// TestFindGoesOnAfterAFolderItCannotRead makes a folder whose path is too long
// for the system: nobody, root included, can read it by its path.
func TestFindGoesOnAfterAFolderItCannotRead(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a.rs"), "")
	write(t, filepath.Join(dir, "z.rs"), "")
	at, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.Repeat("d", 250)
	for range 20 {
		if err := at.Mkdir(name, 0o755); err != nil {
			t.Fatal(err)
		}
		next, err := at.OpenRoot(name)
		if err != nil {
			t.Fatal(err)
		}
		at.Close()
		at = next
	}
	at.Close()
	got := find(dir, nil, dir)
	if len(got) != 3 || got[0] != "a.rs" || !strings.HasSuffix(got[1], ": file name too long") || got[2] != "z.rs" {
		t.Errorf("got %q, want a.rs, an error, z.rs", got)
	}
}
