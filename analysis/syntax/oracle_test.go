package syntax_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"lectern/analysis/query"
	"lectern/analysis/syntax"
	analysistext "lectern/analysis/text"
	"lectern/analysis/tree"
)

// plain is the options under which the rows hold exactly tree-sitter's tree.
var plain = syntax.Options{KeepTokens: true, Whole: true}

// oracle runs a query through tree-sitter's own engine and gives the set of its
// matches, one string each. Matches without captures are left out: neither engine
// promises how many of them there are.
func oracle(t testing.TB, text string, source []byte) []string {
	t.Helper()
	q := oracleQuery(t, text)
	defer q.Close()
	p := oracleParse(t, source)
	defer p.Close()
	all, err := oracleMatches(q, p)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return all
}

func oracleQuery(t testing.TB, text string) *syntax.OracleQuery {
	t.Helper()
	q, err := syntax.NewOracle(syntax.Rust(), text)
	if err != nil {
		t.Fatalf("tree-sitter does not take the query: %v\n%s", err, text)
	}
	return q
}

// oracleParse is a text as tree-sitter's engine sees it.
func oracleParse(t testing.TB, source []byte) *syntax.Parse {
	t.Helper()
	p, err := syntax.New(syntax.Rust(), analysistext.New(source), plain)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func oracleMatches(q *syntax.OracleQuery, p *syntax.Parse) ([]string, error) {
	matches, err := q.Matches(p)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, m := range matches {
		if len(m.Captures) > 0 {
			all = append(all, spellMatch(m))
		}
	}
	sort.Strings(all)
	return slices.Compact(all), nil
}

func spellMatch(m syntax.OracleMatch) string {
	b := strconv.AppendInt(nil, int64(m.Pattern), 10)
	b = append(b, ':')
	for _, c := range m.Captures {
		b = spellCapture(b, c.Name, c.Kind, c.Start, c.End)
	}
	return string(b)
}

// spellCapture appends what one capture of a match is.
func spellCapture(b []byte, name, kind string, start, end int) []byte {
	b = append(append(append(append(b, ' '), name...), '='), kind...)
	b = strconv.AppendInt(append(b, '['), int64(start), 10)
	b = strconv.AppendInt(append(b, ','), int64(end), 10)
	return append(b, ')')
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
		b := strconv.AppendInt(nil, int64(m.Pattern), 10)
		b = append(b, ':')
		none := len(b)
		m.Each(func(name string, n tree.Node) bool {
			b = spellCapture(b, name, n.Kind(), n.Start(), n.End())
			return true
		})
		if len(b) > none {
			all = append(all, string(b))
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
	parses := map[string]*syntax.Parse{}
	for name, b := range files {
		p := oracleParse(t, b)
		defer p.Close()
		parses[name] = p
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
				q := oracleQuery(t, text)
				defer q.Close()
				for file, p := range parses {
					want, err := oracleMatches(q, p)
					if err != nil {
						t.Fatalf("%s: %v", file, err)
					}
					got, ok := ours(t, text, p.Tree, 0)
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
