package files

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// find lists what Find yields, as "path" or "path: error", relative to dir.
func find(dir string, excluded func(string) bool, arguments ...string) []string {
	var got []string
	Find(context.Background(), arguments, excluded, func(path string, err error) bool {
		path = filepath.ToSlash(strings.TrimPrefix(path, dir+string(filepath.Separator)))
		if err != nil {
			path += ": " + err.Error()
		}
		got = append(got, path)
		return true
	})
	return got
}

func equal(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	for _, p := range []string{
		"Cargo.toml", "src/main.rs", "src/a/b.rs", "src/a.rs", "src/notes.txt", "other.toml",
		"target/debug/x.rs", ".hidden/x.rs", "src/target/mod.rs", "moved/target/CACHEDIR.TAG", "moved/target/x.rs",
		"gen/x.rs", "gen/keep.rs", "vendor/x.rs",
	} {
		write(t, filepath.Join(dir, p), "")
	}
	write(t, filepath.Join(dir, ".gitignore"), "gen/*\n!keep.rs\n")
	excluded := func(path string) bool { return path == filepath.Join(dir, "vendor") }
	equal(t, find(dir, excluded, dir),
		"Cargo.toml", "gen/keep.rs", "src/a/b.rs", "src/a.rs", "src/main.rs", "src/target/mod.rs")

	// What is named is read, whatever it is and however often.
	x, gen := filepath.Join(dir, "vendor", "x.rs"), filepath.Join(dir, "gen")
	equal(t, find(dir, excluded, x, filepath.Join(dir, "src/notes.txt"), x+"/../x.rs", gen, filepath.Join(dir, "none.rs")),
		"vendor/x.rs", "src/notes.txt", "gen/keep.rs", "gen/x.rs", "none.rs: no such file or directory")

	// In a repository, the .gitignore files above the folder count too.
	write(t, filepath.Join(dir, ".git", "HEAD"), "")
	equal(t, find(dir, excluded, gen), "gen/keep.rs")

	t.Chdir(dir)
	equal(t, find(dir, nil, "./src//a.rs", "src", "."), "src/a.rs", "src/a/b.rs", "src/main.rs", "src/target/mod.rs",
		"Cargo.toml", "gen/keep.rs", "vendor/x.rs")
}

func TestProcessKeepsTheOrder(t *testing.T) {
	dir := t.TempDir()
	var want []string
	for i := range 200 {
		name := fmt.Sprintf("%03d.rs", i)
		write(t, filepath.Join(dir, name), name)
		want = append(want, name)
	}
	missing := filepath.Join(dir, "missing.rs")
	var got []string
	var most, now atomic.Int32
	err := Process(context.Background(), []string{dir, missing}, Choice{}, 3, func(f File) string {
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		defer now.Add(-1)
		if f.Err != nil {
			return "error: " + f.Err.Error()
		}
		if strings.HasSuffix(f.Path, "000.rs") {
			time.Sleep(20 * time.Millisecond) // the others overtake it
		}
		return string(f.Content)
	}, func(s string) bool { got = append(got, s); return true })
	if err != nil {
		t.Fatal(err)
	}
	equal(t, got, append(want, "error: no such file or directory")...)
	if n := most.Load(); n > 3 {
		t.Errorf("%d jobs at a time, want at most 3", n)
	}
}

func TestProcessStops(t *testing.T) {
	dir := t.TempDir()
	for i := range 300 {
		write(t, filepath.Join(dir, fmt.Sprintf("%03d.rs", i)), "")
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var running atomic.Int32
	work := func(File) int {
		running.Add(1)
		defer running.Add(-1)
		time.Sleep(time.Millisecond)
		return 0
	}
	n := 0
	if err := Process(ctx, []string{dir}, Choice{}, 2, work, func(int) bool { n++; return n < 5 }); err != nil || n != 5 {
		t.Errorf("stopped by yield: got %d results, %v, want 5", n, err)
	}
	if got := running.Load(); got != 0 {
		t.Errorf("%d jobs still run", got)
	}
	n = 0
	err := Process(ctx, []string{dir}, Choice{}, 2, work, func(int) bool {
		if n++; n == 5 {
			cancel()
		}
		return true
	})
	if !errors.Is(err, context.Canceled) || n >= 300 {
		t.Errorf("canceled: got %d results, %v", n, err)
	}
	if got := running.Load(); got != 0 {
		t.Errorf("%d jobs still run", got)
	}
}
