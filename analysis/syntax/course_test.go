package syntax_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lectern/analysis/course"
	"lectern/analysis/internal/sample"
	"lectern/analysis/syntax"
	"lectern/queries"
)

// TestCourseQueries compares the engines for every query and pattern of the
// built-in courses, without their predicates, over all sources and over the
// examples of the hints.
func TestCourseQueries(t *testing.T) {
	files := sample.Sources(t, 400)
	texts := map[string]string{} // by place
	examples := &strings.Builder{}
	for _, name := range queries.Names() {
		library, problems := course.Load(course.Folder(name, queries.Course(name)))
		for _, p := range problems {
			t.Error(p)
		}
		for _, c := range library.Courses() {
			for _, p := range c.Patterns {
				texts[p.File] = p.Text
			}
		}
		for _, h := range library.Hints() {
			if h.Language != "rust" {
				continue
			}
			for _, f := range append(h.Queries, h.Named...) {
				texts[h.File+" "+f.Name+"\n"+f.Text] = f.Text
			}
			for _, e := range h.Examples {
				if e.Language == "rust" && e.Kind == course.Fires {
					examples.WriteString(e.Text + "\n")
				}
			}
		}
	}
	files["examples"] = []byte(examples.String())
	if os.Getenv("LECTERN_CORPUS") == "" && len(texts) < 100 {
		t.Errorf("only %d queries", len(texts))
	}
	parses := map[string]*syntax.Parse{}
	for name, b := range files {
		p := oracleParse(t, b)
		defer p.Close()
		parses[name] = p
	}
	silent, loose := 0, 0
	for place, text := range texts {
		bare := withoutPredicates(text)
		if strings.Contains(bare, "(ERROR ") && syntax.OracleCompile(syntax.Rust(), bare) != nil {
			// It calls patterns impossible that only broken code can match.
			silent++
			continue
		}
		found := 0
		q := oracleQuery(t, bare)
		for file, p := range parses {
			want, err := oracleMatches(q, p)
			if err != nil {
				t.Errorf("%s: %v over %s", place, err, file)
				continue
			}
			found += len(want)
			got, ok := ours(t, bare, p.Tree, 50_000_000)
			if !ok {
				t.Errorf("%s: out of budget over %s", place, file)
			}
			// What TestDifferences names in small.
			all := slices.Clone(want)
			more, less := anchored.MatchString(bare), uncaptured.MatchString(bare)
			if more {
				want = slices.DeleteFunc(want, func(m string) bool { return !slices.Contains(got, m) })
			}
			if less {
				got = slices.DeleteFunc(got, func(m string) bool { return !slices.Contains(all, m) })
			}
			if more || less {
				loose++
			}
			if d := differ(got, want); d != "" {
				t.Errorf("%s\nover %s:\n%s", place, file, d)
			}
		}
		q.Close()
		if found == 0 {
			silent++
		}
	}
	if loose > len(texts)*len(files)/4 {
		t.Errorf("%d of %d comparisons are loose", loose, len(texts)*len(files))
	}
	t.Logf("%d queries over %d files; %d match nothing without their macros spliced", len(texts), len(files), silent)
}

// anchored is an anchor behind an alternation, or among tokens, at the end of a
// node's children: the C engine does not enforce it, and finds more.
var anchored = regexp.MustCompile(`\][^()\[\]]*\.\s*\)|\(token_tree[^.]*\.[^.]*\.\s*\)`)

// uncaptured is an anchor behind a node without a capture, or an alternation in an
// alternation, of which the C engine tries some and finds less.
var uncaptured = regexp.MustCompile(`["\])]\s*\.\s*[^\s)]|\[[^\]]*\[`)

// withoutPredicates takes the predicates out of a query.
func withoutPredicates(text string) string {
	var out strings.Builder
	depth := 0 // inside a predicate
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == ';':
			for i < len(text) && text[i] != '\n' {
				i++
			}
			out.WriteByte('\n')
			continue
		case c == '"':
			end := i + 1
			for end < len(text) && text[end] != '"' {
				if text[end] == '\\' {
					end++
				}
				end++
			}
			if depth == 0 {
				out.WriteString(text[i : end+1])
			}
			i = end
			continue
		case depth > 0 && c == '(':
			depth++
			continue
		case depth > 0 && c == ')':
			depth--
			continue
		case c == '(' && strings.HasPrefix(text[i+1:], "#"):
			depth = 1
			continue
		}
		if depth == 0 {
			out.WriteByte(text[i])
		}
	}
	return out.String()
}
