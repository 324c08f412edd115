package queries_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"lectern/analysis/course"
	"lectern/analysis/engine"
	"lectern/analysis/example"
	"lectern/queries"
)

func library(t testing.TB) *course.Library {
	t.Helper()
	var sources []course.Source
	for _, name := range queries.Names() {
		sources = append(sources, course.Source{Name: name, FS: queries.Course(name)})
	}
	l, problems := course.Load(sources...)
	for _, p := range problems {
		t.Error(p)
	}
	return l
}

// The courses load without a problem, and every query compiles, with tree-sitter's
// own engine too.
func TestCoursesLoad(t *testing.T) {
	l := library(t)
	_, problems := engine.Compile(l)
	for _, p := range append(problems, engine.Impossible(l, l.Hints(), problems)...) {
		t.Error(p)
	}
	for i, name := range queries.Names() {
		if got, want := l.Courses()[i].ID, name; got != want {
			t.Errorf("got course %s, want the folder's name %s", got, want)
		}
	}
}

// The texts keep the rules of style, and their links lead somewhere.
func TestCoursesRead(t *testing.T) {
	l := library(t)
	for _, h := range l.Hints() {
		for _, p := range course.Prose(h) {
			t.Error(p)
		}
	}
	for _, c := range l.Courses() {
		for _, ch := range c.Chapters {
			for _, s := range append(slices.Clone(ch.Sections), ch.Page) {
				if s == nil || s.Draft() {
					continue
				}
				for _, p := range course.ProsePage(s) {
					t.Error(p)
				}
				if s != ch.Page && len(l.HintsOf(s)) == 0 && !strings.Contains(string(s.Body), "no hints") {
					t.Errorf("%s: no hint leads here, and the page does not say why it has no hints", s.ID)
				}
			}
		}
	}
	for _, p := range l.Links() {
		t.Error(p)
	}
}

// Nobody can tell two hints apart that have the same title or message.
func TestHintsAreDistinct(t *testing.T) {
	titles, messages := map[string]string{}, map[string]string{}
	for _, h := range library(t).Hints() {
		for what, seen := range map[string]map[string]string{h.Title: titles, h.Message: messages} {
			what = strings.ToLower(what)
			if other, ok := seen[what]; ok {
				t.Errorf("%s and %s both say %q", other, h.ID, what)
			}
			seen[what] = h.ID
		}
	}
}

// Each example does what it says. `lectern test` compiles them as well.
func TestExamples(t *testing.T) {
	l := library(t)
	rules, _ := engine.Compile(l)
	outcomes, err := example.Hints(t.Context(), rules, l.Hints(), example.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range outcomes {
		for _, p := range o.Problems {
			t.Errorf("%s (%s): %s\n%s", o.Hint, o.Example, p, o.Diff)
		}
	}
}

// The outline that the mission gave stands, chapter by chapter.
func TestOutline(t *testing.T) {
	c, ok := library(t).Course("advanced-rust")
	if !ok {
		t.Fatal("no course advanced-rust")
	}
	var got []string
	for _, ch := range c.Chapters {
		got = append(got, ch.ID)
		if ch.Page == nil {
			t.Errorf("chapter %s has no page", ch.ID)
		}
	}
	want := "unsafe compiler proc-macros allocators embedded wasm async lock-free tooling perf contributing summary"
	if strings.Join(got, " ") != want {
		t.Errorf("got chapters %v, want %s", got, want)
	}
}

// The hint that the README shows is a hint.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(readme), "````markdown\n")
	text, _, closed := strings.Cut(rest, "````\n")
	if !ok || !closed {
		t.Fatal("README.md shows no hint")
	}
	l, problems := course.Load(course.Source{Name: "readme", FS: fstest.MapFS{
		"course.yaml": {Data: []byte("id: readme\n")}, "SUMMARY.md": {Data: []byte("- [A]()\n    - [B](a/b.md)\n")},
		"a/b.md": {Data: []byte("# B\n")}, "a/b/forgotten-value.md": {Data: []byte(text)},
	}})
	rules, more := engine.Compile(l)
	for _, p := range slices.Concat(problems, more) {
		t.Error(p)
	}
	for _, h := range l.Hints() {
		for _, p := range course.Prose(h) {
			t.Error(p)
		}
	}
	outcomes, err := example.Hints(t.Context(), rules, l.Hints(), example.Options{})
	if err != nil || len(outcomes) != 3 {
		t.Fatalf("got %d outcomes, %v", len(outcomes), err)
	}
	for _, o := range outcomes {
		if o.Failed() {
			t.Errorf("%+v", o)
		}
	}
}
