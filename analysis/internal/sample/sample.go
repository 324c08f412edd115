// Package sample gives tests and benchmarks Rust code to try things on.
package sample

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// Sources are at most limit Rust files by path: those of the repository's tests
// and demo and, where LECTERN_CORPUS names a folder, all below it.
func Sources(t testing.TB, limit int) map[string][]byte {
	t.Helper()
	analysis := folder(t)
	dirs := []string{
		filepath.Join(analysis, "syntax", "testdata"), filepath.Join(analysis, "engine", "testdata"),
		filepath.Join(analysis, "..", "editors", "demo", "src"),
	}
	if dir := os.Getenv("LECTERN_CORPUS"); dir != "" {
		dirs = append(dirs, dir)
	}
	found := map[string][]byte{}
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
			if err != nil || e.IsDir() || filepath.Ext(path) != ".rs" || len(found) >= limit {
				return err
			}
			content, err := os.ReadFile(path)
			found[path] = content
			return err
		})
		if err != nil {
			t.Fatalf("reading Rust sources below %s: %v", dir, err)
		}
	}
	if len(found) == 0 {
		t.Fatal("no Rust sources to test with")
	}
	return found
}

// Long is Rust text of at least so many lines, made of the sources at hand.
func Long(t testing.TB, lines int) []byte {
	t.Helper()
	found := Sources(t, 2000)
	var out bytes.Buffer
	for n := 0; n < lines; {
		for _, path := range slices.Sorted(maps.Keys(found)) {
			if n >= lines {
				break
			}
			if bytes.Contains(found[path], []byte("#![")) || bytes.HasPrefix(found[path], []byte("//!")) {
				continue // inner attributes may stand at a file's top only
			}
			out.Write(found[path])
			out.WriteByte('\n')
			n += bytes.Count(found[path], []byte("\n")) + 1
		}
	}
	return out.Bytes()
}

// folder is the folder analysis, from any package below it.
func folder(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for filepath.Base(dir) != "analysis" {
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("the folder analysis is not above the test")
		}
		dir = up
	}
	return dir
}
