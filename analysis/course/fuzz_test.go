package course

import (
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"lectern/analysis/problem"
)

// placed holds problems to the files that they are told of: each names a file, and a
// place that an editor can go to in it, which may be right behind the last character
// of a line. What is told is bounded, whatever stands in the files.
func placed(t *testing.T, problems []problem.Problem, files fstest.MapFS) {
	t.Helper()
	told := 0
	for _, p := range problem.Bound(problems) {
		if told += len(p.String()); p.Message == "" || strings.Contains(p.Message, "\n") {
			t.Fatalf("the problem %+v says nothing, or more than a line", p)
		}
		f, ok := files[p.File]
		if !ok {
			if p.Line > 0 || path.Ext(p.File) != "" {
				t.Fatalf("the problem %+v is told of no file of the course", p)
			}
			continue
		}
		if p.Line == 0 {
			continue // of the whole file
		}
		lines := problem.NewLines(strings.TrimPrefix(string(f.Data), "\ufeff"))
		if line, column := lines.Place(p.Line, p.Column); line != p.Line || column != p.Column {
			t.Fatalf("the problem %+v is not in its file of %d lines", p, len(lines))
		}
	}
	if told > 200_000 {
		t.Fatalf("problems of %d bytes", told)
	}
}

// FuzzHint: whatever stands in a hint file, loading it ends, without a panic and
// with problems at places that exist.
func FuzzHint(f *testing.F) {
	f.Add([]byte(model))
	f.Add([]byte("---\ntitle: T\nkind: concept\nmessage: '{a}'\nfixes:\n- title: F\n  applicability: maybe-incorrect\n  edits: [{wrap: '@a', before: '{{x}}', after: '}'}]\n---\nText.\n\n~~~query\n(a) @hint\n~~~\n"))
	f.Add([]byte("---\n---\n<!-- ```\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		files := fstest.MapFS{
			"course.yaml": {Data: []byte("id: c\ntitle: C\n")}, "SUMMARY.md": {Data: []byte("- [A]()\n    - [B](a/b.md)\n")},
			"a/b.md": {Data: []byte("# B\n")}, "a/b/hint.md": {Data: content},
		}
		l, problems := Load(Source{FS: files})
		placed(t, problems, files)
		for _, p := range problems {
			if p.File != "a/b/hint.md" {
				t.Fatalf("problem %+v of another file", p)
			}
		}
		h, ok := l.Hint("hint")
		if ok == (len(problems) > 0) {
			t.Fatalf("hint %v and problems %v", ok, problems)
		}
		if ok {
			placed(t, Prose(h), files)
			h.CheckCaptures(nil)
			l.Links()
			if h.Lead == "" || len(h.Queries) == 0 {
				t.Fatalf("an incomplete hint: %+v", h)
			}
		}
	})
}

// anyCourse loads a course with any bytes as its outline and its manifest, twice over
// itself, and holds what comes of it to what the other packages rely on.
func anyCourse(t *testing.T, summary, manifest []byte) {
	files := fstest.MapFS{
		"course.yaml": {Data: manifest}, "SUMMARY.md": {Data: summary},
		"a/README.md": {Data: []byte("# A\n")}, "a/b.md": {Data: []byte("# B\n")}, "a/b/h.md": {Data: []byte(model)},
	}
	l, problems := Load(Source{FS: files}, Source{FS: files})
	placed(t, problems, files)
	for _, h := range l.Hints() {
		if s, ok := l.SectionOf(h); !ok || len(l.Breadcrumb(s)) == 0 || h.Chapter() == "" && s.ID == "" {
			t.Fatalf("hint without a section: %+v", h)
		}
	}
	for _, c := range l.Courses() {
		if !isID(c.ID) || strings.ContainsAny(c.Title, "\n\r") {
			t.Fatalf("a course with the id %q and the title %q", c.ID, c.Title)
		}
		for _, ch := range c.Chapters {
			for _, s := range ch.Sections {
				if s.File != "" && (!path.IsAbs("/"+s.File) || strings.HasPrefix(path.Clean(s.File), "..")) {
					t.Fatalf("a section leaves the course's folder: %q", s.File)
				}
			}
		}
	}
}

const (
	goodSummary  = "# Summary\n\n[P](p.md)\n\n- [A](a/README.md)\n    - [B](a/b.md)\n"
	goodManifest = "id: c\ntitle: C\n"
)

// FuzzSummary: whatever stands in SUMMARY.md, and in course.yaml beside it.
func FuzzSummary(f *testing.F) {
	f.Add([]byte(goodSummary), []byte(goodManifest))
	f.Add([]byte("- - - [A]()\n1. [x](../y.md)"), []byte("extends: c\nseverity: {concept: off}"))
	f.Add([]byte("# S\n\n# Part\n\n* [A &amp; \\[b\\]](<a/b c.md>)\n\t* [ref]\n\n[ref]: a/b.md \"t\"\n---\n"), []byte(goodManifest))
	f.Add([]byte("\ufeff- [Ü](a/%C3%9C.md)\r\n  - text\r- [](\\..\\x.md)\n"), []byte(goodManifest))
	f.Fuzz(anyCourse)
}

// FuzzManifest: whatever stands in course.yaml.
func FuzzManifest(f *testing.F) {
	f.Add([]byte(goodManifest))
	f.Add([]byte("id: C x\ntitle: [a]\nbase-url: javascript:x\nlanguage: toml\nseverity: {pitfall: loud, x: off}\nextends: c\nnope: 1\n"))
	f.Add([]byte("? a\n: &x [*x, !!str y]\n---\n- |\n  é\n"))
	f.Add([]byte("description: >\r\n  Üé \r\n\r\ntitle: \"\\u00e9\\e\"\rid: \tc"))
	f.Fuzz(func(t *testing.T, manifest []byte) { anyCourse(t, []byte(goodSummary), manifest) })
}
