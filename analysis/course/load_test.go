package course

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"
)

// unpack is a txtar archive as a course's folder, and the expectations in it. A
// course.yaml, a SUMMARY.md and one page are there unless the archive has its
// own; an empty file of these names means that there is none.
func unpack(t *testing.T, file string) (fsys fstest.MapFS, want map[string]string) {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	fsys = fstest.MapFS{
		"course.yaml": {Data: []byte("id: course\ntitle: Course\n")},
		"SUMMARY.md":  {Data: []byte("# Summary\n\n- [A]()\n    - [B](a/b.md)\n")},
		"a/b.md":      {Data: []byte("# B\n\nText.\n")},
	}
	want = map[string]string{}
	for _, f := range archive.Files {
		switch {
		case strings.HasPrefix(f.Name, "want"):
			want[f.Name] = string(f.Data)
		case len(f.Data) == 0 && (f.Name == "course.yaml" || f.Name == "SUMMARY.md"):
			delete(fsys, f.Name)
		default:
			fsys[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	return fsys, want
}

func TestProblems(t *testing.T) {
	files, err := filepath.Glob("testdata/problems/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no test data", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			fsys, want := unpack(t, file)
			_, problems := Load(Source{Name: "", FS: fsys})
			var got strings.Builder
			for _, p := range problems {
				got.WriteString(p.String() + "\n")
			}
			if got.String() != want["want"] {
				t.Errorf("got:\n%s\nwant:\n%s", got.String(), want["want"])
			}
		})
	}
}

// source is a course in memory that is written as an archive.
func source(name, archive string) Source {
	fsys := fstest.MapFS{}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return Source{Name: name, FS: fsys}
}

// hintText is a hint with a title and one more line of front matter.
func hintText(title, more string) string {
	return "---\ntitle: " + title + "\nkind: concept\nmessage: m\n" + more + "---\nText.\n\n```query\n(a) @hint\n```\n"
}

const base = `
-- course.yaml --
id: base
title: Base
base-url: https://example.org/book/
severity: {concept: information}
-- SUMMARY.md --
# Summary

[Preface](preface.md)

- [One \& *all*](one/README.md)
    - [First](one/first.md)
        - [Below](one/below.md)
    - [Later]()

# Part two

1. [Two]()
    1. [Only](two/only.md)
-- preface.md --
# Preface
-- one/README.md --
# One
-- one/first.md --
See [below](below.md#x), [the part](../two/only.md), [the hint](first/a.md) and [nothing](no.md).
-- one/below.md --
# Below
-- two/only.md --
# Only
-- two/only/README.md --
Notes for the authors, which are no hint.
-- patterns/loop.scm --
(loop_expression)
-- patterns/if.scm --
(if_expression)
-- one/first/a.md --
` + "---\ntitle: A\nkind: concept\nmessage: m\nlints: [E0133, clippy::mutex_atomic]\n---\nText.\n\n```query\n(a) @hint\n```\n" + `
-- one/b.md --
` + "---\ntitle: B\nkind: pitfall\nseverity: error\nmessage: m\n---\nText.\n\n```query\n(a) @hint\n```\n"

func TestCourse(t *testing.T) {
	l, problems := Load(source("folder", base))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	c, ok := l.Course("base")
	if !ok || c.Title != "Base" {
		t.Fatalf("got course %+v", c)
	}
	var outline []string
	for _, ch := range c.Chapters {
		outline = append(outline, "#"+ch.ID+"|"+ch.Title+"|"+ch.Part)
		for _, s := range ch.Sections {
			outline = append(outline, s.ID+"|"+s.Title)
		}
	}
	got := strings.Join(outline, "\n")
	want := "#preface|Preface|\n#one|One & all|\none/first|First\none/below|Below\n|Later\n#two|Two|Part two\ntwo/only|Only"
	if got != want {
		t.Errorf("outline: got\n%s\nwant\n%s", got, want)
	}
	if c.Chapters[0].Numbered || !c.Chapters[1].Numbered {
		t.Error("the preface is numbered, or the first chapter is not")
	}
	a, _ := l.Hint("a")
	if got, want := a.Severity.String(), "information"; got != want {
		t.Errorf("severity by the course: got %s, want %s", got, want)
	}
	b, _ := l.Hint("b")
	if got, want := b.Section+" "+b.Severity.String(), "one error"; got != want {
		t.Errorf("hint beside the pages: got %s, want %s", got, want)
	}
	for _, lint := range []string{"E0133", "clippy::mutex_atomic", "mutex_atomic", "mutex-atomic"} {
		if hints := l.HintsByLint(lint); len(hints) != 1 || hints[0] != a {
			t.Errorf("hints of %s: got %v", lint, hints)
		}
	}
	if p, ok := l.Pattern("base", "loop"); !ok || p.Text != "(loop_expression)\n" {
		t.Errorf("got pattern %+v", p)
	}
	if _, ok := l.Pattern("base", "for"); ok {
		t.Error("a pattern was found that is not there")
	}
}

func TestAddresses(t *testing.T) {
	l, _ := Load(source("folder", base))
	first, ok := l.Section("one/first")
	if !ok {
		t.Fatal("no section one/first")
	}
	one, _ := l.Section("base/one")
	a, _ := l.Hint("a")
	for _, test := range []struct{ got, want string }{
		{l.URL(first), "https://example.org/book/one/first.html"},
		{l.URL(one), "https://example.org/book/one/index.html"},
		{first.URI(), "lectern:/base/one/first.md"},
		{a.URI(), "lectern:/base/one/first/a.md"},
		{strings.Join(l.Breadcrumb(first), " > "), "Base > One & all > First"},
		{strings.Join(l.Breadcrumb(one), " > "), "Base > One & all"},
	} {
		if test.got != test.want {
			t.Errorf("got %s, want %s", test.got, test.want)
		}
	}
	for uri, want := range map[string]string{
		first.URI():                    "one/first",
		one.URI():                      "one",
		a.URI():                        "one/first a",
		"lectern:one/first":            "one/first",
		"lectern:base/one/first":       "one/first",
		"lectern:/base/one/first#x":    "one/first",
		"lectern:a":                    "one/first a",
		"lectern:one/first/a":          "one/first a",
		"lectern:two/only/a":           "",
		"lectern:":                     "",
		"lectern:nothing":              "",
		"https://base/one/first":       "",
		"lectern:/base/one/%66irst.md": "one/first",
	} {
		page, ok := l.Find(uri)
		if got := describe(page, ok); got != want {
			t.Errorf("%s: got %q, want %q", uri, got, want)
		}
	}
	for link, want := range map[string]string{
		"below.md#x": "one/below", "../two/only.md": "two/only", "first/a.md": "one/first a", "README.md": "one",
		"no.md": "", "#x": "", "https://a.b/below.md": "", "/one/below.md": "", "../../../x.md": "", "lectern:a": "one/first a",
	} {
		page, ok := l.Resolve("base", "one/first.md", link)
		if got := describe(page, ok); got != want {
			t.Errorf("%s: got %q, want %q", link, got, want)
		}
	}
	links := l.Links()
	if len(links) != 1 || links[0].String() != "folder/one/first.md:1:82: the link `no.md` leads to no page of the course" {
		t.Errorf("got %v, want the one broken link", links)
	}
}

func describe(p Page, ok bool) string {
	switch {
	case !ok:
		return ""
	case p.Hint != nil:
		return p.Section.ID + " " + p.Hint.ID
	}
	return p.Section.ID
}

func TestOverride(t *testing.T) {
	over := "-- course.yaml --\nextends: base\n-- one/first/a.md --\n" + hintText("Other A", "") +
		"-- one/first/c.md --\n" + hintText("C", "") + "-- one/first/bad.md --\n" + hintText("Bad", "x: y\n") +
		"-- SUMMARY.md --\n- [One](one/README.md)\n    - [Better](one/first.md)\n    - [Later](one/later.md)\n- [Three]()\n    - [New](three/new.md)\n" +
		"-- one/README.md --\n# One\n-- one/first.md --\n# Better\n-- one/later.md --\n-- three/new.md --\n-- patterns/loop.scm --\n(other)\n"
	l, problems := Load(source("base", base), source("mine", over))
	if len(problems) != 1 || problems[0].Hint != "bad" {
		t.Errorf("got %v, want one problem about the hint bad", problems)
	}
	if got := len(l.Courses()); got != 1 {
		t.Fatalf("got %d courses, want one", got)
	}
	var ids []string
	for _, h := range l.Hints() {
		ids = append(ids, h.ID+"="+h.Title)
	}
	if got, want := strings.Join(ids, " "), "b=B a=Other A c=C"; got != want {
		t.Errorf("got hints %s, want %s", got, want)
	}
	if s, _ := l.Section("one/first"); string(s.Body) != "# Better\n" {
		t.Errorf("got page %q, want the later one", s.Body)
	}
	if _, ok := l.Section("one/below"); !ok {
		t.Error("a section of the earlier folder is lost")
	}
	c := l.Courses()[0]
	var chapters []string
	for _, ch := range c.Chapters {
		chapters = append(chapters, ch.ID)
	}
	if got, want := strings.Join(chapters, " "), "preface one two three"; got != want {
		t.Errorf("got chapters %s, want %s", got, want)
	}
	if p, _ := l.Pattern("base", "loop"); p.Text != "(other)\n" {
		t.Errorf("got pattern %q, want the later one", p.Text)
	}
	if _, ok := l.Pattern("base", "if"); !ok {
		t.Error("a pattern of the earlier folder is lost")
	}
	a, _ := l.Hint("a")
	if s, ok := l.SectionOf(a); !ok || s.Title != "Better" {
		t.Errorf("got section %+v of the hint", s)
	}
	if got := len(l.HintsOf(mustSection(t, l, "one/first"))); got != 2 {
		t.Errorf("got %d hints of the section, want 2", got)
	}
}

func mustSection(t *testing.T, l *Library, id string) *Section {
	t.Helper()
	s, ok := l.Section(id)
	if !ok {
		t.Fatalf("no section %s", id)
	}
	return s
}

// Two courses stay two, and the later one's hint wins.
func TestTwoCourses(t *testing.T) {
	other := "-- course.yaml --\nid: other\ntitle: Other\n-- SUMMARY.md --\n- [S]()\n    - [T](s/t.md)\n-- s/t.md --\n-- s/t/a.md --\n" + hintText("Other A", "")
	l, problems := Load(source("base", base), source("other", other))
	if len(problems) > 0 || len(l.Courses()) != 2 {
		t.Fatalf("got %d courses and %v", len(l.Courses()), problems)
	}
	a, _ := l.Hint("a")
	if a.Course != "other" || len(l.Courses()[0].Hints) != 1 {
		t.Errorf("the earlier hint is still there: %+v", a)
	}
}

// An mdBook as it is, with one hint file among its pages.
func TestBook(t *testing.T) {
	book := "-- book.toml --\n[book]\ntitle = \"The \\\"Book\\\"\" # of books\nsrc = \"text\"\n[output.html]\ntitle = \"no\"\n" +
		"-- text/SUMMARY.md --\n# Summary\n\n[Title](title.md)\n\n- [One](ch01-00.md)\n  - [Sub](ch01-01.md)\n-- text/title.md --\n-- text/ch01-00.md --\n" +
		"-- text/ch01-01.md --\n---\nlayout: page\n---\n# Sub\n-- text/unlisted.md --\n# Not in the summary\n-- text/hints/x.md --\n" + hintText("X", "section: ch01-01\n") +
		"-- text/ch01-01/y.md --\n" + hintText("Y", "") + "-- text/ch01-01/notes.md --\nNo hint.\n-- patterns/p.scm --\n(a)\n"
	l, problems := Load(source("my book", book))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	c := l.Courses()[0]
	if got, want := c.ID+" "+c.Title, `my-book The "Book"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := c.Chapters[1].ID, "ch01-00"; got != want {
		t.Errorf("got chapter %s, want %s", got, want)
	}
	var got []string
	for _, h := range l.Hints() {
		got = append(got, h.ID+"@"+h.Section)
	}
	if want := "x@ch01-01 y@ch01-01"; strings.Join(got, " ") != want {
		t.Errorf("got hints %s, want %s", got, want)
	}
	if _, ok := l.Pattern("my-book", "p"); !ok {
		t.Error("the pattern beside book.toml is not found")
	}
	if s := mustSection(t, l, "ch01-01"); s.URI() != "lectern:/my-book/ch01-01.md" {
		t.Errorf("got %s", s.URI())
	}
}

func TestHostileFolders(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("course.yaml", "id: c\ntitle: C\n")
	write("SUMMARY.md", "- [A]()\n    - [B](a/b.md)\n")
	write("a/b.md", "\uFEFF# B\r\n\r\nText.\r\n")
	write("a/b/large.md", strings.Repeat("x", maxFile+1))
	write("a/b/latin.md", "---\ntitle: caf\xe9\n---\n")
	write("a/b/crlf.md", "\uFEFF"+strings.ReplaceAll(hintText("T", ""), "\n", "\r\n"))
	write(".git/a/b/x.md", hintText("T", ""))
	write("node_modules/x.md", hintText("T", ""))
	if err := os.Symlink("..", filepath.Join(dir, "a", "loop")); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("no symbolic links here")
	}
	if err := os.Symlink("/dev/zero", filepath.Join(dir, "a", "b", "zero.md")); err != nil {
		t.Fatal(err)
	}
	l, problems := Load(Folder(dir, os.DirFS(dir)))
	var got []string
	for _, p := range problems {
		got = append(got, strings.TrimPrefix(p.String(), dir+"/"))
	}
	want := "a/b/large.md: is larger than 1 MiB (split it: a hint or a page is a few kilobytes)\n" +
		"a/b/latin.md:2:11: this is not UTF-8 (save the file as UTF-8)\n" +
		"a/b/zero.md: is not a regular file (copy the file here: links and devices are not read)"
	if strings.Join(got, "\n") != want {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), want)
	}
	if h, ok := l.Hint("crlf"); !ok || h.Lead != "Text." {
		t.Errorf("got hint %+v", h)
	}
	if s := mustSection(t, l, "a/b"); string(s.Body) != "# B\n\nText.\n" {
		t.Errorf("got page %q", s.Body)
	}
	for name, s := range map[string]Source{
		"no folder":      Folder(filepath.Join(dir, "none"), os.DirFS(filepath.Join(dir, "none"))),
		"no file system": {Name: "x"},
		"empty":          {Name: "x", FS: fstest.MapFS{}},
	} {
		if l, problems := Load(s); len(problems) != 1 || len(l.Courses()) != 0 {
			t.Errorf("%s: got %v", name, problems)
		}
	}
}

func TestZeroLibrary(t *testing.T) {
	var l Library
	if _, ok := l.Hint("x"); ok || len(l.Hints()) != 0 || len(l.Links()) != 0 {
		t.Error("the zero library is not empty")
	}
	if _, ok := l.Section("x/y"); ok {
		t.Error("the zero library has a section")
	}
	if _, ok := l.Find("lectern:x"); ok {
		t.Error("the zero library has a page")
	}
}
