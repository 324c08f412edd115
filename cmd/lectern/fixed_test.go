package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lectern/analysis/course"
	"lectern/analysis/example"
	"lectern/analysis/finding"
)

// program runs the program as a process of its own.
func program(t *testing.T, dir string, code int, args ...string) (out, errs []byte) {
	t.Helper()
	var o, e bytes.Buffer
	cmd := exec.Command(os.Args[0], args...)
	cmd.Args[0] = "lectern" // TestMain then is the program
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &o, &e
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || cmd.ProcessState.ExitCode() != code {
		t.Fatalf("%q: got %v, want exit code %d\n%s", args, err, code, e.Bytes())
	}
	return o.Bytes(), e.Bytes()
}

// rustc is the compiler, or "" where there is none and nobody promised one.
func rustc(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("rustc")
	if err != nil && os.Getenv("CI") != "" {
		t.Fatal("rustc is needed to compile what was fixed")
	}
	return path
}

// compiled are the errors of rustc in sources, as examples are compiled.
func compiled(t *testing.T, sources []example.Source) []example.Compiled {
	t.Helper()
	options := example.Options{Rustc: rustc(t)}
	if options.Rustc == "" {
		t.Log("not compiled: there is no rustc")
		return make([]example.Compiled, len(sources))
	}
	if cache, err := os.UserCacheDir(); err == nil {
		options.Cache = filepath.Join(cache, "lectern", "examples")
	}
	outcomes, err := example.Compile(context.Background(), sources, options)
	if err != nil {
		t.Fatal(err)
	}
	return outcomes
}

// fixes of findings that a check of a folder reports, by file: those that are no
// less sure than most.
func offered(t *testing.T, dir string, most finding.Applicability) map[string][]string {
	t.Helper()
	out, _ := program(t, dir, clean, "check", "--no-config", "--format", "jsonl", "--fail-on", "never", ".")
	list := map[string][]string{}
	for line := range bytes.Lines(out) {
		var r struct {
			Path, Hint string
			Fixes      []struct{ Title, Applicability string }
		}
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		for _, fix := range r.Fixes {
			if slices.Index(finding.Applicabilities(), fix.Applicability) <= int(most) {
				list[r.Path] = append(list[r.Path], r.Hint+": "+fix.Title)
			}
		}
	}
	return list
}

// Whatever `check --fix` makes of the course's own examples is fixed, and compiles
// where the example did. Each hint with a sure fix is among them; with
// --unsafe-fixes, each with a fix that is whole.
func TestFixedExamplesCompile(t *testing.T) {
	t.Run("sure", func(t *testing.T) { testFixedExamples(t, finding.MachineApplicable) })
	t.Run("unsafe", func(t *testing.T) { testFixedExamples(t, finding.MaybeIncorrect, "--unsafe-fixes") })
}

func testFixedExamples(t *testing.T, most finding.Applicability, flags ...string) {
	library, problems := course.Load(builtIn()...)
	for _, p := range problems {
		t.Error(p)
	}
	dir := t.TempDir()
	write := func(name, content string) {
		t.Helper()
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	type file struct {
		hint, path string
		rust       bool
		before     example.Source
	}
	var files []file
	seen := map[string]bool{} // hints with a sure fix: one of their examples was fixed
	for _, h := range library.Hints() {
		if !slices.ContainsFunc(h.Fixes, func(f course.FixRule) bool { return f.Applicability <= most }) {
			continue
		}
		seen[h.ID] = false
		for i, e := range h.Examples {
			if e.Kind != course.Fires {
				continue
			}
			s := example.SourceOf(e)
			crate := h.ID + "-" + strconv.Itoa(i)
			if e.Language == "toml" {
				write(crate+"/Cargo.toml", s.Text)
				files = append(files, file{h.ID, crate + "/Cargo.toml", false, s})
				continue
			}
			manifest := e.Manifest
			if manifest == "" {
				manifest = "[package]\nname = \"example\"\nedition = \"" + s.Edition + "\"\n"
			}
			write(crate+"/Cargo.toml", manifest)
			write(crate+"/"+s.Path, s.Text)
			files = append(files, file{h.ID, crate + "/" + s.Path, true, s})
		}
	}
	if len(files) < 10 {
		t.Fatalf("only %d examples with sure fixes", len(files))
	}
	program(t, dir, clean, append([]string{"check", "--no-config", "--kind", "all", "--fix", "--fail-on", "never", "."}, flags...)...)
	for path, left := range offered(t, dir, most) {
		t.Errorf("%s: still to be fixed: %q", path, left)
	}
	var before, after []example.Source
	var sources []file // those that rustc compiles
	for _, f := range files {
		content, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(f.path)))
		if err != nil {
			t.Fatal(err)
		}
		now := f.before
		now.Text = string(content)
		seen[f.hint] = seen[f.hint] || now.Text != f.before.Text
		if f.rust {
			before, after, sources = append(before, f.before), append(after, now), append(sources, f)
		}
	}
	for hint, fixed := range seen {
		if !fixed {
			t.Errorf("no example of %s was fixed", hint)
		}
	}
	was, is := compiled(t, before), compiled(t, after)
	for i, f := range sources {
		if was[i].Note == "" && len(is[i].Errors) > 0 && len(was[i].Errors) == 0 {
			t.Errorf("%s compiled, and does not after --fix: %q\n%s", f.path, is[i].Errors, after[i].Text)
		}
		if n := len(is[i].Errors); n > len(was[i].Errors) {
			t.Errorf("%s has %d errors after --fix, had %d", f.path, n, len(was[i].Errors))
		}
	}
}

// The demo compiles and does its work after --fix, and after --unsafe-fixes too.
func TestFixedDemoCompiles(t *testing.T) {
	demo := filepath.Join("..", "..", "editors", "demo")
	for _, flags := range [][]string{{"--fix"}, {"--fix", "--unsafe-fixes"}} {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(demo)); err != nil {
			t.Fatal(err)
		}
		_, says := program(t, dir, clean, append([]string{"check", "--no-config", "--fail-on", "never", "."}, flags...)...)
		if strings.Contains(string(says), "fixed 0 ") {
			t.Errorf("%q fixed nothing", flags)
		}
		if left := offered(t, dir, finding.MachineApplicable); len(left) > 0 {
			t.Errorf("%q: still to be fixed: %q", flags, left)
		}
		compiler := rustc(t)
		if compiler == "" {
			t.Log("not compiled: there is no rustc")
			continue
		}
		binary := filepath.Join(dir, "demo")
		if out, err := exec.Command(compiler, "--edition", "2024", "-o", binary, filepath.Join(dir, "src", "main.rs")).CombinedOutput(); err != nil {
			t.Errorf("%q: the demo does not compile: %v\n%s", flags, err, out)
			continue
		}
		out, err := exec.Command(binary, "one two", "three").Output()
		if err != nil || !strings.HasPrefix(string(out), "3 words, ") {
			t.Errorf("%q: the demo says %q, %v, want 3 words", flags, out, err)
		}
	}
}
