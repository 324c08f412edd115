package rust_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"lectern/analysis/query"
	"lectern/analysis/rust"
	"lectern/analysis/syntax"
	"lectern/analysis/text"
	"lectern/analysis/tree"
)

// TestPredicates runs the queries of testdata/*.txtar. An archive has a `query`
// and Rust files; the first of them is the one that is looked at. @m must match
// on the lines that end with `//~`, or `//~ 2` for two matches, and on no
// others. A Cargo.toml beside it, and other Rust files, make its crate.
func TestPredicates(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test data: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			runArchive(t, archive)
		})
	}
}

func runArchive(t *testing.T, archive *txtar.Archive) {
	t.Helper()
	files := map[string][]byte{}
	var queries []string
	path := ""
	for _, f := range archive.Files {
		switch {
		case strings.HasPrefix(f.Name, "query"):
			queries = append(queries, string(f.Data))
		case path == "" && strings.HasSuffix(f.Name, ".rs"):
			path = f.Name
			fallthrough
		default:
			files[f.Name] = f.Data
		}
	}
	var crate *rust.Crate
	if _, ok := files["Cargo.toml"]; ok {
		var err error
		if crate, err = rust.LoadCrate(overlay(files), path); err != nil {
			t.Fatal(err)
		}
	}
	// Facts are the same however the tree is cut into units.
	for _, opts := range []syntax.Options{{}, {Whole: true}, {Portable: true}} {
		got := map[int]int{}
		for _, q := range queries {
			for line, n := range run(t, q, parse(t, path, files[path], crate, opts)) {
				got[line] += n
			}
		}
		compare(t, fmt.Sprintf("%s %+v", path, opts), files[path], got)
	}
}

// compare compares the number of matches on each line with what its mark says.
func compare(t *testing.T, path string, content []byte, got map[int]int) {
	t.Helper()
	for i, line := range strings.Split(string(content), "\n") {
		want := 0
		if _, mark, ok := strings.Cut(line, "//~"); ok {
			want = 1
			if _, err := fmt.Sscan(mark, &want); err != nil {
				want = 1
			}
		}
		if got[i+1] != want {
			t.Errorf("%s:%d: %d matches, want %d: %s", path, i+1, got[i+1], want, strings.TrimSpace(line))
		}
	}
}

// overlay reads files from memory.
func overlay(files map[string][]byte) rust.ReadFile {
	return func(path string) ([]byte, error) {
		if b, ok := files[filepath.ToSlash(path)]; ok {
			return b, nil
		}
		return nil, fmt.Errorf("reading %s: %w", path, fs.ErrNotExist)
	}
}

// parsed is a file with its facts.
type parsed struct {
	tree  *tree.Tree
	facts *rust.Facts
}

func parse(t testing.TB, path string, content []byte, crate *rust.Crate, opts syntax.Options) parsed {
	t.Helper()
	lang := syntax.Rust()
	p, err := syntax.New(lang, text.New(bytes.Clone(content)), opts)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	g := rust.NewGrammar(lang.Tree)
	ctx := rust.NewContext(g)
	ctx.Update(nil, placed(g, p.Tree))
	masked := p.Mask
	return parsed{p.Tree, &rust.Facts{
		Context: ctx, Crate: crate, Path: path,
		Masked: func(start, end int) []rust.MaskedSpan {
			var out []rust.MaskedSpan
			for _, s := range masked.At(start, end) {
				out = append(out, rust.MaskedSpan{Start: s.Start, End: s.End, Word: string(content[s.Start:s.End])})
			}
			return out
		},
	}}
}

// placed are the summaries of all units of a tree.
func placed(g *rust.Grammar, t *tree.Tree) []rust.Placed {
	var out []rust.Placed
	t.Frames(func(f *tree.Frame) bool {
		out = append(out, rust.Placed{Place: g.PlaceOf(f), Summary: g.Summarize(f)})
		return true
	})
	return out
}

func registry() *query.Registry {
	return query.NewRegistry(slices.Concat(query.Core(), rust.Predicates())...)
}

// run gives the number of matches of @m by line.
func run(t testing.TB, source string, p parsed) map[int]int {
	t.Helper()
	q := compile(t, source)
	mark := slices.Index(q.Captures(), "m")
	if mark < 0 {
		t.Fatalf("the query has no @m: %s", source)
	}
	got := map[int]int{}
	seen := map[tree.Node]bool{}
	query.NewSet([]*query.Query{q}).Matcher().Tree(p.tree, &query.Context{Facts: p.facts}, func(_ int, m *query.Match) {
		n, ok := m.Node(mark)
		if ok && !seen[n] {
			seen[n] = true
			got[1+bytes.Count(p.tree.Source().Slice(0, n.Start()), []byte("\n"))]++
		}
	})
	return got
}

func compile(t testing.TB, source string) *query.Query {
	t.Helper()
	q, errs := query.Compile(source, syntax.Rust().Tree, registry(), nil)
	for _, e := range errs {
		t.Fatalf("query: %v", e.Error())
	}
	return q
}
