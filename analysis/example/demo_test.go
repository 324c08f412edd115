package example_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"lectern/analysis/course"
	"lectern/analysis/engine"
	"lectern/analysis/finding"
	"lectern/analysis/rust"
	"lectern/analysis/text"
	"lectern/queries"
)

// The demo shows what it is there to show, and each fix that is offered in it
// mends what it says it mends and leaves a program that compiles.
func TestDemo(t *testing.T) {
	root := filepath.Join("..", "..", "editors", "demo")
	library, problems := course.Load(course.Folder("queries/advanced-rust", queries.Course("advanced-rust")))
	rules, more := engine.Compile(library)
	for _, p := range append(problems, more...) {
		t.Error(p)
	}
	crate, err := rust.LoadCrate(os.ReadFile, filepath.Join(root, "src", "main.rs"))
	if err != nil {
		t.Fatal(err)
	}
	check := func(path string, content []byte) *engine.Result {
		r, err := engine.Check(rules, engine.Input{Path: path, Text: text.New(content), Crate: crate})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	files, err := filepath.Glob(filepath.Join(root, "src", "*.rs"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files of the demo: %v", err)
	}
	kinds := map[finding.Kind]int{}
	fixes, allowed := 0, 0
	for _, path := range files {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		r := check(path, content)
		for _, a := range r.Allows {
			for _, id := range a.ByID {
				allowed += id.Silenced
			}
			if a.Reason == "" {
				t.Errorf("%s: an allow without a reason", path)
			}
		}
		for _, f := range r.Findings() {
			kinds[f.Kind]++
			for _, fix := range r.Fixes(f) {
				fixes++
				mended, err := finding.Apply(content, fix.Edits)
				if err != nil {
					t.Errorf("%s: %s: %v", path, fix.Title, err)
					continue
				}
				if got, want := count(check(path, mended), f.Hint), count(r, f.Hint)-1; got != want {
					t.Errorf("%s: after %q there are %d findings of %s, want %d", path, fix.Title, got, f.Hint, want)
				}
				compileDemo(t, root, filepath.Base(path), mended, fix.Title)
			}
		}
	}
	for _, k := range []finding.Kind{finding.Concept, finding.Pitfall, finding.Praise} {
		if kinds[k] == 0 {
			t.Errorf("the demo shows no %s", k)
		}
	}
	if fixes == 0 || allowed == 0 {
		t.Errorf("the demo has %d fixes and silences %d findings, want some of each", fixes, allowed)
	}
}

func count(r *engine.Result, hint string) int {
	n := 0
	for _, f := range r.Findings() {
		if f.Hint == hint {
			n++
		}
	}
	return n
}

// compileDemo compiles the demo with one file replaced.
func compileDemo(t *testing.T, root, file string, content []byte, title string) {
	t.Helper()
	rustc, err := exec.LookPath("rustc")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("rustc is needed to compile the mended demo")
		}
		t.Log("not compiled: there is no rustc")
		return
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(root, "src"))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, file), content, 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(rustc, "--edition", "2024", "--emit", "metadata", "--out-dir", dir, filepath.Join(dir, "main.rs"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s does not compile after %q: %v\n%s", file, title, err, out)
	}
}
