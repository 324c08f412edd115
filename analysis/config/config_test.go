package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"lectern/analysis/finding"
	"lectern/analysis/problem"
)

// describe lists what is set, one a line.
func describe(s *Settings) string {
	var b strings.Builder
	for _, f := range s.Courses() {
		fmt.Fprintf(&b, "course %s\n", filepath.ToSlash(f.Path))
	}
	if s.UpTo() != "" {
		fmt.Fprintf(&b, "upTo %s\n", s.UpTo())
	}
	for _, id := range slices.Sorted(maps.Keys(s.hints)) {
		fmt.Fprintf(&b, "hint %s %s\n", id, s.hints[id].severity)
	}
	for _, k := range slices.Sorted(maps.Keys(s.kinds)) {
		fmt.Fprintf(&b, "kind %s %s\n", k, s.kinds[k].severity)
	}
	for _, g := range s.exclude {
		fmt.Fprintf(&b, "exclude %s in %s\n", g.pattern, filepath.ToSlash(g.base))
	}
	for _, f := range slices.Sorted(maps.Keys(s.features)) {
		fmt.Fprintf(&b, "feature %s %v\n", f, s.features[f])
	}
	if s.logLevel != "" {
		fmt.Fprintf(&b, "log %s\n", s.logLevel)
	}
	return b.String()
}

// TestParse reads testdata/*.txtar: a lectern.yaml or client.json, then what it
// sets and what is wrong with it.
func TestParse(t *testing.T) {
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
			var s *Settings
			var problems []problem.Problem
			want := map[string]string{}
			for _, f := range archive.Files {
				switch f.Name {
				case "lectern.yaml":
					s, problems = Parse("ws/lectern.yaml", f.Data)
				case "client.json":
					s, problems = ParseClient("the editor's settings", "ws", f.Data)
				case "hints", "chapters":
				default:
					want[f.Name] = string(f.Data)
				}
			}
			if got := describe(s); got != want["settings"] {
				t.Errorf("got settings\n%swant\n%s", got, want["settings"])
			}
			var got strings.Builder
			for _, p := range problems {
				fmt.Fprintln(&got, p)
			}
			if got.String() != want["problems"] {
				t.Errorf("got problems\n%swant\n%s", got.String(), want["problems"])
			}
		})
	}
}

func TestMerge(t *testing.T) {
	file, _ := Parse("ws/lectern.yaml", []byte(`
courses: [a]
upTo: unsafe
hints: {one: off, two: error}
severity: {concept: off}
features: {hover: false}
exclude: [x]
`))
	client, problems := ParseClient("client", "ws", []byte(`{"hints": {"two": "hint"}, "upTo": "wasm", "features": {"hover": true, "codeLens": true}, "courses": [], "exclude": ["y"], "logLevel": null}`))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	before := describe(file)
	got := describe(file.Merge(client))
	want := "course ws/a\nupTo wasm\nhint one off\nhint two hint\nkind concept off\nexclude y in ws\nfeature codeLens true\nfeature hover true\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if after := describe(file); after != before {
		t.Errorf("merging changed the settings to\n%s", after)
	}
	if got, want := describe(Default().Merge(file)), before; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestAnswers(t *testing.T) {
	s, _ := Parse("lectern.yaml", []byte("hints: {a: off, b: error}\nseverity: {concept: off, praise: hint}\nfeatures: {hover: false, codeLens: true}\n"))
	severities := []struct {
		hint string
		kind finding.Kind
		want finding.Severity
		ok   bool
	}{
		{"a", finding.Pitfall, finding.Off, true},
		{"b", finding.Concept, finding.Error, true},
		{"c", finding.Concept, finding.Off, true},
		{"c", finding.Pitfall, finding.Off, false},
		{"c", finding.Praise, finding.Hint, true},
	}
	for _, test := range severities {
		if got, ok := s.Severity(test.hint, test.kind); got != test.want || ok != test.ok {
			t.Errorf("%s %s: got %v, %v, want %v, %v", test.hint, test.kind, got, ok, test.want, test.ok)
		}
	}
	if !s.Disabled("a") || s.Disabled("b") || s.Disabled("c") {
		t.Error("only a is disabled: a kind that is off still answers hovers")
	}
	if s.Enabled(Hover) || !s.Enabled(CodeLens) || !s.Enabled(Diagnostics) {
		t.Error("features are not as set")
	}
	d := Default()
	if d.Enabled(CodeLens) || !d.Enabled(Hover) {
		t.Error("a code lens is off and a hover on by default")
	}
	if got, want := d.LogLevel(), "info"; got != want {
		t.Errorf("got log level %q, want %q", got, want)
	}
}

func TestExcluded(t *testing.T) {
	s, problems := Parse("ws/lectern.yaml", []byte("exclude: [vendor, 'gen/**/*.rs', '**/skip', ./a/, '*.bak.rs']\n"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	tests := []struct {
		path string
		want bool
	}{
		{"ws/vendor", true}, {"ws/vendor/x/y.rs", true}, {"ws/src/vendor/y.rs", false},
		{"ws/gen/a.rs", true}, {"ws/gen/b/c/a.rs", true}, {"ws/gen/Cargo.toml", false},
		{"ws/skip/x.rs", true}, {"ws/b/c/skip/x.rs", true}, {"ws/skipped.rs", false},
		{"ws/a/x.rs", true}, {"ws/x.bak.rs", true}, {"ws/b/x.bak.rs", false},
		{"vendor/x.rs", false}, {"ws", false}, {"other/ws/vendor/x.rs", false},
	}
	for _, test := range tests {
		if got := s.Excluded(filepath.FromSlash(test.path)); got != test.want {
			t.Errorf("%s: got %v, want %v", test.path, got, test.want)
		}
	}
}

func TestCheck(t *testing.T) {
	s, _ := Parse("lectern.yaml", []byte("upTo: alocators\nhints:\n  good: off\n  gud: error\n  entirely-different: error\n"))
	var got []string
	for _, p := range s.Check([]string{"unsafe", "allocators"}, []string{"good"}) {
		got = append(got, p.String())
	}
	want := []string{
		"lectern.yaml:1:7: upTo: there is no chapter `alocators` (did you mean `allocators`?)",
		"lectern.yaml:4:3: hints: there is no hint `gud` (did you mean `good`?)",
		"lectern.yaml:5:3: hints: there is no hint `entirely-different`",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestFind(t *testing.T) {
	root := t.TempDir()
	repository := filepath.Join(root, "repository")
	deep := filepath.Join(repository, "a", "b")
	for _, dir := range []string{deep, filepath.Join(repository, ".git")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write := func(path string) {
		t.Helper()
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(root, FileName))
	if got, ok := Find(deep); ok {
		t.Errorf("got %s from outside the repository", got)
	}
	want := filepath.Join(repository, FileName)
	write(want)
	if got, ok := Find(deep); !ok || got != want {
		t.Errorf("got %q, %v, want %q", got, ok, want)
	}
	want = filepath.Join(deep, FileName)
	write(want)
	if got, ok := Find(deep); !ok || got != want {
		t.Errorf("got %q, %v, want %q", got, ok, want)
	}
}

func TestLoadRefuses(t *testing.T) {
	dir := t.TempDir()
	if _, _, err := Load(filepath.Join(dir, FileName)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want fs.ErrNotExist", err)
	}
	if s, _, err := Load(dir); err == nil || s == nil {
		t.Errorf("a folder was read as settings: %v", err)
	}
	large := filepath.Join(dir, "large.yaml")
	if err := os.WriteFile(large, make([]byte, limit+1), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Load(large); err == nil || !strings.Contains(err.Error(), "limit") {
		t.Errorf("got %v, want the limit", err)
	}
}

// TestFieldsAreRead sets every field of the table, and nothing is unknown or
// without effect; its examples are right.
func TestFieldsAreRead(t *testing.T) {
	for _, f := range Fields() {
		s, problems := Parse("lectern.yaml", []byte(f.Name+": "+f.Example+"\n"))
		if len(problems) > 0 || describe(s) == "" {
			t.Errorf("%s: the example sets %q, problems %v", f.Name, describe(s), problems)
		}
		s, problems = Parse("lectern.yaml", []byte(f.Name+": "+f.Default+"\n"))
		if len(problems) > 0 {
			t.Errorf("%s: the default %s has problems %v", f.Name, f.Default, problems)
		}
		if f.Shape != Text && f.Shape != Texts && describe(s) != "" {
			t.Errorf("%s: the default sets %s", f.Name, describe(s))
		}
		for _, k := range f.Keys {
			if f.Shape == Toggles {
				if got := fmt.Sprint(Default().Enabled(Feature(k.Name))); got != k.Default {
					t.Errorf("%s.%s is %s by default, the table says %s", f.Name, k.Name, got, k.Default)
				}
			}
		}
	}
}

func TestParseIsBounded(t *testing.T) {
	for _, piece := range []string{"[", "{a: ", "- "} {
		start := time.Now()
		_, problems := Parse("lectern.yaml", bytes.Repeat([]byte(piece), limit/len(piece)))
		if took := time.Since(start); len(problems) == 0 || took > 10*time.Second {
			t.Errorf("%q over and over: %d problems after %v, want one soon", piece, len(problems), took)
		}
	}
}

// FuzzParse: whatever stands in lectern.yaml, reading it ends, without a panic, and
// with problems at places that the file has, bounded in number and length. The same
// bytes are tried as an editor's settings.
func FuzzParse(f *testing.F) {
	f.Add([]byte("hints: {a: off}\ncourses:\n  - x\n"))
	f.Add([]byte("upTo: &a b\nexclude: [*a, !!str 1, |\n x]\n? [k]\n: v\n---\n"))
	f.Add([]byte("\ufeffseverity:\r\n  concept: loud\r\n  é: \roff\nfeatures: {hover: 1, nope: true}\nlogLevel: \n\n"))
	f.Add([]byte(`{"courses": [1, null, "x"], "hints": {"a": "off"}, "server": {}, "exclude": ["["]}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		s, problems := Parse("lectern.yaml", content)
		if s == nil {
			t.Fatal("no settings")
		}
		lines := problem.NewLines(strings.TrimPrefix(string(content), "\ufeff"))
		problems = append(problems, s.Check([]string{"unsafe"}, []string{"a"})...)
		told := 0
		for _, p := range problem.Bound(problems) {
			if told += len(p.String()); p.Message == "" || p.File != "lectern.yaml" || strings.Contains(p.String(), "\n") {
				t.Fatalf("problem %q", p)
			}
			if line, column := lines.Place(p.Line, p.Column); p.Line != 0 && (line != p.Line || column != p.Column) {
				t.Fatalf("problem %q is not in the file", p)
			}
		}
		if told > 200_000 {
			t.Fatalf("problems of %d bytes", told)
		}
		if json.Valid(content) {
			if s, _ := ParseClient("client", ".", content); s == nil {
				t.Fatal("no settings of the client")
			}
		}
	})
}
