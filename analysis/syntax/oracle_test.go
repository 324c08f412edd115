package syntax_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"lectern/analysis/query"
	"lectern/analysis/syntax"
	"lectern/analysis/tree"
)

// plain is the options under which the rows hold exactly tree-sitter's tree.
var plain = syntax.Options{KeepTokens: true, Whole: true}

// oracle runs a query through tree-sitter's own engine and gives the set of its
// matches, one string each. Matches without captures are left out: neither engine
// promises how many of them there are.
func oracle(t testing.TB, text string, source []byte) []string {
	t.Helper()
	matches, err := syntax.Oracle(syntax.Rust(), text, source)
	if err != nil {
		t.Fatalf("tree-sitter does not take the query: %v\n%s", err, text)
	}
	var all []string
	for _, m := range matches {
		s := ""
		for _, c := range m.Captures {
			s += fmt.Sprintf(" %s=%s[%d,%d)", c.Name, c.Kind, c.Start, c.End)
		}
		if s != "" {
			all = append(all, fmt.Sprintf("%d:%s", m.Pattern, s))
		}
	}
	sort.Strings(all)
	return slices.Compact(all)
}

// core knows tree-sitter's predicates.
var core = query.NewRegistry(query.Core()...)

// ours is the same by Lectern's matcher; false when it takes more than steps.
func ours(t testing.TB, text string, tr *tree.Tree, steps int) ([]string, bool) {
	t.Helper()
	q, errs := query.Compile(text, syntax.Rust().Tree, core, nil)
	if len(errs) > 0 {
		t.Fatalf("Lectern does not take the query: %v\n%s", errs, text)
	}
	var all []string
	within := true
	ctx := &query.Context{Budget: query.NewBudget(func(int) { within = false })}
	ctx.Budget.Steps = steps
	query.NewSet([]*query.Query{q}).Matcher().Tree(tr, ctx, func(_ int, m *query.Match) {
		s := ""
		m.Each(func(name string, n tree.Node) bool {
			s += fmt.Sprintf(" %s=%s[%d,%d)", name, n.Kind(), n.Start(), n.End())
			return true
		})
		if s != "" {
			all = append(all, fmt.Sprintf("%d:%s", m.Pattern, s))
		}
	})
	sort.Strings(all)
	return slices.Compact(all), within
}

// differ tells what one set has and the other has not, at most a few of each.
func differ(got, want []string) string {
	var b strings.Builder
	missing := func(sign string, a, b2 []string) {
		n := 0
		for _, s := range a {
			if _, ok := slices.BinarySearch(b2, s); !ok {
				if n++; n <= 5 {
					fmt.Fprintf(&b, "%s %s\n", sign, s)
				}
			}
		}
	}
	missing("only Lectern:", got, want)
	missing("only tree-sitter:", want, got)
	return b.String()
}

// sources are the texts that the engines are compared over: the files of
// testdata, and those below the folder that LECTERN_CORPUS names, many in one text
// because tree-sitter compiles a query again for each.
func sources(t testing.TB) map[string][]byte {
	t.Helper()
	texts := map[string][]byte{}
	own, err := filepath.Glob("testdata/conformance/*.rs")
	if err != nil || len(own) == 0 {
		t.Fatalf("no sources in testdata/conformance: %v", err)
	}
	for _, path := range own {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[path] = b
	}
	root := os.Getenv("LECTERN_CORPUS")
	if root == "" {
		return texts
	}
	name, joined := "", []byte(nil)
	err = filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !strings.HasSuffix(path, ".rs") {
			return err
		}
		b, err := os.ReadFile(path)
		if name == "" {
			name = path + "..."
		}
		joined = append(joined, b...)
		if len(joined) > 64<<10 {
			texts[name] = joined
			name, joined = "", nil
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if name != "" {
		texts[name] = joined
	}
	return texts
}

// TestUnits compares matching unit by unit with matching in one unit.
func TestUnits(t *testing.T) {
	archives, err := filepath.Glob("testdata/conformance/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range sources(t) {
		whole, err := syntax.Bytes(syntax.Rust(), b, plain)
		if err != nil {
			t.Fatal(err)
		}
		parted, err := syntax.Bytes(syntax.Rust(), b, syntax.Options{KeepTokens: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range archives {
			ar, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range ar.Files {
				got, _ := ours(t, string(f.Data), parted, 0)
				want, _ := ours(t, string(f.Data), whole, 0)
				if d := differ(got, want); d != "" {
					t.Errorf("%s in units of %s, against one unit (here \"tree-sitter\"):\n%s\n%s", f.Name, name, f.Data, d)
				}
			}
		}
	}
}

// TestConformance compares the engines for each query of testdata/conformance
// over each source.
func TestConformance(t *testing.T) {
	files := sources(t)
	trees := map[string]*tree.Tree{}
	for name, b := range files {
		tr, err := syntax.Bytes(syntax.Rust(), b, plain)
		if err != nil {
			t.Fatal(err)
		}
		trees[name] = tr
	}
	archives, err := filepath.Glob("testdata/conformance/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no queries in testdata/conformance: %v", err)
	}
	for _, path := range archives {
		ar, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range ar.Files {
			name := strings.TrimSuffix(filepath.Base(path), ".txtar") + "/" + strings.TrimSuffix(f.Name, ".scm")
			t.Run(name, func(t *testing.T) {
				text, found := string(f.Data), 0
				for file, b := range files {
					want := oracle(t, text, b)
					got, ok := ours(t, text, trees[file], 0)
					if !ok {
						t.Errorf("%s: out of budget", file)
					}
					found += len(want)
					if d := differ(got, want); d != "" {
						t.Errorf("%s\n%s:\n%s", text, file, d)
					}
				}
				if found == 0 {
					t.Errorf("matches nothing in any source:\n%s", text)
				}
			})
		}
	}
}

// sscan reads "start,end".
func sscan(s string, start, end *int) (int, error) { return fmt.Sscanf(s, "%d,%d", start, end) }
