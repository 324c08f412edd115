package query

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lectern/analysis/syntax"
	"lectern/analysis/tree"
)

// TestWords sees every node whose text is a word in its unit's set: a rule that
// asks for the word must not be passed over.
func TestWords(t *testing.T) {
	root := "../syntax/testdata/conformance"
	if r := os.Getenv("LECTERN_CORPUS"); r != "" {
		root = r
	}
	seen, refused := 0, 0
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".rs") || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		tr, err := syntax.Bytes(syntax.Rust(), b, syntax.Options{})
		if err != nil {
			return err
		}
		set := wordSet{}
		tr.Frames(func(f *tree.Frame) bool {
			if f.Unit.Gap >= 0 {
				return true
			}
			set.fill(f.Unit)
			for i, row := range f.Unit.Rows {
				text := string(f.Unit.Text[row.Start:row.End])
				if !isWord(text) {
					continue
				}
				seen++
				if !set.has(hashWord([]byte(text))) {
					t.Errorf("%s: %s %q at %d is not in the set", path, f.Node(i).Kind(), text, f.Node(i).Start())
				}
			}
			if !set.has(hashWord([]byte("a_name_that_is_nowhere"))) {
				refused++
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 500 || refused < 20 {
		t.Errorf("%d words seen, %d units without a word: the test says little", seen, refused)
	}
}
