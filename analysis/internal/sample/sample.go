// Package sample gives tests and benchmarks Rust code to try things on.
package sample

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"lectern/analysis/text"
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

// Edits makes one to three edits that put snippets in. Half of the time the second
// undoes the first, so that texts come back from being broken.
func Edits(rnd *rand.Rand, t *text.Text, snippets []string) []text.Edit {
	n := t.Len()
	start := rnd.IntN(n + 1)
	if rnd.IntN(2) == 0 { // between lines, where items and statements go
		start = t.LineRange(rnd.IntN(t.Lines())).Start
	}
	end := min(n, start+[]int{0, 0, 0, 1, 5, 40}[rnd.IntN(6)])
	e := text.Edit{Start: start, End: end, New: snippets[rnd.IntN(len(snippets))]}
	edits := []text.Edit{e}
	if rnd.IntN(2) == 0 {
		edits = append(edits, text.Edit{Start: start, End: start + len(e.New), New: string(t.Slice(start, end))})
		if rnd.IntN(2) == 0 {
			at := rnd.IntN(n + 1)
			edits = append(edits, text.Edit{Start: at, End: at, New: "\n"})
		}
	}
	return edits
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
