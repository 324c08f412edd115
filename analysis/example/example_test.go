package example

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/tools/txtar"

	"lectern/analysis/course"
	"lectern/analysis/engine"
)

// load is the course of a txtar archive, and what the archive expects.
func load(t *testing.T, file string) (*engine.Rules, string) {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	fsys, want := fstest.MapFS{}, ""
	for _, f := range archive.Files {
		if f.Name == "want" {
			want = string(f.Data)
			continue
		}
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	library, problems := course.Load(course.Source{FS: fsys})
	rules, more := engine.Compile(library)
	if all := append(problems, more...); len(all) > 0 {
		t.Fatal(all)
	}
	return rules, want
}

// rustc is the compiler, or the test is skipped.
func rustc(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("rustc")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("no rustc")
		}
		t.Skip("no rustc")
	}
	return path
}

func describe(outcomes []Outcome) string {
	var b strings.Builder
	for _, o := range outcomes {
		state := "ok"
		if o.Failed() {
			state = "failed"
		}
		if o.Compiled {
			state += ", compiled"
		}
		if o.Note != "" {
			state += ", " + o.Note
		}
		fmt.Fprintf(&b, "%s %d: %s\n", o.Example, o.Line, state)
		for _, p := range o.Problems {
			line := p.String()
			// rustc's wording changes from version to version; its codes do not.
			if before, after, ok := strings.Cut(line, "rustc: "); ok {
				if _, code, ok := strings.Cut(after, " ["); ok {
					code, _, _ = strings.Cut(code, "]")
					line = before + "rustc: " + code
				}
			}
			fmt.Fprintf(&b, "  %s\n", line)
		}
		for line := range strings.Lines(o.Diff) {
			b.WriteString("  |" + line)
		}
	}
	return b.String()
}

func TestHints(t *testing.T) {
	compiler := rustc(t)
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no test data", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			rules, want := load(t, file)
			options := Options{Rustc: compiler, Cache: t.TempDir()}
			for _, run := range []string{"first", "from the cache"} {
				outcomes, err := Hints(t.Context(), rules, rules.Library().Hints(), options)
				if err != nil {
					t.Fatal(err)
				}
				if got := describe(outcomes); got != want {
					t.Errorf("%s: got:\n%s\nwant:\n%s", run, got, want)
				}
			}
		})
	}
}

func TestWithoutCompiler(t *testing.T) {
	rules, _ := load(t, "testdata/passing.txtar")
	outcomes, err := Hints(t.Context(), rules, rules.Library().Hints(), Options{})
	if err != nil || len(outcomes) != 6 {
		t.Fatalf("got %d outcomes, %v", len(outcomes), err)
	}
	for _, o := range outcomes {
		if o.Failed() || o.Compiled || o.Note != "not compiled: no rustc" {
			t.Errorf("got %+v", o)
		}
	}
}

func TestCompilerThatIsNone(t *testing.T) {
	rules, _ := load(t, "testdata/passing.txtar")
	outcomes, err := Hints(t.Context(), rules, rules.Library().Hints(), Options{Rustc: filepath.Join(t.TempDir(), "rustc")})
	if err != nil || len(outcomes) != 6 || !outcomes[0].Failed() {
		t.Errorf("got %+v, %v", outcomes, err)
	}
}

func TestCanceled(t *testing.T) {
	rules, _ := load(t, "testdata/passing.txtar")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Hints(ctx, rules, rules.Library().Hints(), Options{Workers: 1}); err == nil {
		t.Error("no error after the context has ended")
	}
}

func TestLessons(t *testing.T) {
	compiler := rustc(t)
	body := "# Page\n\n```rust\nuse std::mem;\npub fn a() {}\n```\n\n```rust\nlet x: u8 = 1;\nlet y: u8 = \"a\";\n```\n\n" +
		"```rust,ignore\nnonsense\n```\n\n```rust\n# use std::cell::Cell;\n#![allow(unused)]\nlet c = Cell::new(1);\n```\n\n```sh\ncargo\n```\n\n" +
		"```rust,edition2015\npub fn async() {}\n```\n\n```rust\nuse serde::Serialize;\n```\n\n```rust\nfn f() -> u8 { \"a\" }\n```\n"
	s := &course.Section{ID: "a/b", File: "b.md", Body: []byte(body)}
	outcomes, err := Lessons(t.Context(), []*course.Section{s}, Options{Rustc: compiler})
	if err != nil {
		t.Fatal(err)
	}
	want := `lesson 4: ok, compiled
lesson 9: failed, compiled
  b.md:10:13: rustc: E0308
lesson 18: ok, compiled
lesson 28: ok, compiled
lesson 32: ok, not compiled: it needs the crate ` + "`serde`" + `
lesson 36: failed, compiled
  b.md:36:16: rustc: E0308
`
	if got := describe(outcomes); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestSheet(t *testing.T) {
	s := newSheet("a(); //~ one\n  //~^ two\nb();\n//~vv vvv\n\nc(); //~ one\n//~| two\n", 10, 2, "rust")
	if got, want := s.text, "a();\nb();\n\nc();\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for line, want := range map[int]int{1: 10, 2: 12, 3: 14, 4: 15, 9: 15} {
		if got := s.fileLine(line); got != want {
			t.Errorf("line %d: got %d, want %d", line, got, want)
		}
	}
	want := []mark{
		{"one", 10, 10, 12}, {"two", 10, 11, 10}, {"vvv", 15, 13, 9}, {"one", 15, 15, 12}, {"two", 15, 16, 8},
	}
	if len(s.marks) != len(want) {
		t.Fatalf("got %v, want %v", s.marks, want)
	}
	for i := range want {
		if s.marks[i] != want[i] {
			t.Errorf("mark %d: got %+v, want %+v", i, s.marks[i], want[i])
		}
	}
	ui := newSheet("let x: u8 = \"\"; //~ ERROR mismatched types\n//~^ NOTE: expected\n//~? RAW gone //~ one\n", 1, 0, "rust")
	if want := "let x: u8 = \"\"; //~ ERROR mismatched types\n//~^ NOTE: expected\n//~? RAW gone\n"; ui.text != want || len(ui.marks) != 1 {
		t.Errorf("got %q with marks %v, want %q with one", ui.text, ui.marks, want)
	}
	toml := newSheet("a = 1 #~ one\nb = \"//~ x\"\n", 1, 0, "toml")
	if got, want := toml.text, "a = 1\nb = \"//~ x\"\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDiff(t *testing.T) {
	got := diff("a\nb\nc\nd\ne\nf\ng\n", "a\nb\nc\nd\nE\nf\ng")
	want := " c\n d\n-e\n+E\n f\n-g\n+g\n\\ no line end\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestCacheForgets(t *testing.T) {
	dir := t.TempDir()
	c := openCache(dir)
	u := unit{Edition: "2024", Kind: "lib", Source: "x"}
	c.put("v1", u, verdict{Errors: []rustError{{Message: "m"}}})
	if v, ok := c.get("v1", u); !ok || len(v.Errors) != 1 || v.Errors[0].Message != "m" {
		t.Errorf("got %+v, %v", v, ok)
	}
	if _, ok := c.get("v2", u); ok {
		t.Error("another compiler's verdict was taken")
	}
	if _, ok := c.get("v1", unit{Edition: "2021", Kind: "lib", Source: "x"}); ok {
		t.Error("another edition's verdict was taken")
	}
	old := time.Now().Add(-2 * keep)
	mine := c.file("v1", u)
	other := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(other, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{mine, other} {
		if err := os.Chtimes(name, old, old); err != nil {
			t.Fatal(err)
		}
	}
	openCache(dir)
	if _, err := os.Stat(mine); err == nil {
		t.Error("an old verdict was kept")
	}
	if _, err := os.Stat(other); err != nil {
		t.Error("a file that is no verdict was removed")
	}
	var none *cache
	none.put("v", u, verdict{})
	if _, ok := none.get("v", u); ok {
		t.Error("no cache gave an answer")
	}
}
