package query

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lectern/analysis/syntax"
	"lectern/analysis/tree"
)

// Each name in a unit opens the unit for a query that asks for it, and no unit
// without the name is opened.
func TestGate(t *testing.T) {
	root := "../syntax/testdata/conformance"
	if r := os.Getenv("LECTERN_CORPUS"); r != "" {
		root = r
	}
	registry := NewRegistry(Core()...)
	opened, closed := 0, 0
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
		names := map[string]bool{}
		tr.Root().Descendants(func(n tree.Node) bool {
			if text := string(n.Text()); n.Kind() == "identifier" && isWord(text) && len(names) < 200 {
				names[text] = true
			}
			return true
		})
		var queries []*Query
		words := slices.Sorted(maps.Keys(names))
		for _, name := range words {
			q, errs := Compile(fmt.Sprintf(`((identifier) @hint (#eq? @hint %q))`, name), syntax.Rust().Tree, registry, nil)
			if len(errs) > 0 {
				t.Fatal(errs)
			}
			queries = append(queries, q)
		}
		mt := NewSet(queries).Matcher()
		tr.Frames(func(f *tree.Frame) bool {
			if f.Unit.Gap >= 0 || len(words) == 0 {
				return true
			}
			has := map[string]bool{}
			for i := range f.Unit.Rows {
				has[string(f.Node(i).Text())] = true
			}
			mt.pass++
			mt.enter(f)
			for i, name := range words {
				switch open := mt.gate.unit[i/64]&(1<<(i%64)) != 0; {
				case open && !has[name]:
					t.Errorf("%s: the unit at %d is open for %q, which is not in it", path, f.Base, name)
				case !open && has[name]:
					t.Errorf("%s: the unit at %d is closed for %q, which is in it", path, f.Base, name)
				case open:
					opened++
				default:
					closed++
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if opened < 150 || closed < 1500 {
		t.Errorf("%d times open, %d times closed: the test says little", opened, closed)
	}
}
