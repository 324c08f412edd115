package course

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"lectern/analysis/finding"
	"lectern/analysis/text"
)

// marked is a text whose captures are written «name:text».
func marked(s string) (string, []finding.Capture) {
	var b strings.Builder
	var open []int
	var captures []finding.Capture
	for len(s) > 0 {
		switch {
		case strings.HasPrefix(s, "«"):
			name, rest, _ := strings.Cut(s[len("«"):], ":")
			open = append(open, len(captures))
			captures = append(captures, finding.Capture{Name: name, Range: text.Range{Start: b.Len()}})
			s = rest
		case strings.HasPrefix(s, "»"):
			captures[open[len(open)-1]].Range.End = b.Len()
			open = open[:len(open)-1]
			s = s[len("»"):]
		default:
			b.WriteByte(s[0])
			s = s[1:]
		}
	}
	return b.String(), captures
}

// TestFix runs testdata/fixes.txtar: for each name a file NAME.edits (YAML, as in
// a hint), NAME.before with captures and NAME.after.
func TestFix(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/fixes.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+2 < len(archive.Files); i += 3 {
		edits, before, after := archive.Files[i], archive.Files[i+1], archive.Files[i+2]
		name := strings.TrimSuffix(edits.Name, ".edits")
		t.Run(name, func(t *testing.T) {
			language := ""
			if strings.HasPrefix(name, "toml") {
				language = "toml"
			}
			h := hintWith(t, language, string(edits.Data))
			for _, newline := range []string{"\n", "\r\n"} {
				source, captures := marked(strings.ReplaceAll(string(before.Data), "\n", newline))
				fix, err := h.Fix(0, finding.Finding{Captures: captures}, placeOf(source))
				got := ""
				if err == nil {
					var content []byte
					content, err = finding.Apply([]byte(source), fix.Edits)
					got = string(content)
				}
				if err != nil {
					got = "error: " + err.Error() + newline
				}
				if want := strings.ReplaceAll(string(after.Data), "\n", newline); got != want {
					t.Errorf("%q: got:\n%q\nwant:\n%q", newline, got, want)
				}
			}
		})
	}
}

// placeOf is a text of a crate that is no_std if it says so.
func placeOf(source string) Place {
	return Place{Text: text.New([]byte(source)), NoStd: func() bool { return strings.HasPrefix(source, "#![no_std]") }}
}

// hintWith is a hint with one fix of these edits.
func hintWith(t *testing.T, language, edits string) *Hint {
	t.Helper()
	front := "---\ntitle: T\nkind: pitfall\nmessage: m\nfixes:\n  - title: F\n    applicability: machine-applicable\n    edits:\n"
	for line := range strings.Lines(edits) {
		front += "      " + line
	}
	h, problems := readHint("h.md", "a/b/h.md", front+"---\nText.\n\n```query\n(a) @hint\n```\n")
	if h == nil {
		t.Fatal(problems)
	}
	h.Language = language
	return h
}

func TestFixRefuses(t *testing.T) {
	h := hintWith(t, "rust", "- {delete: \"@a\"}\n- {replace: \"@b\", with: x}\n")
	src := placeOf("0123456789")
	f := func(captures ...finding.Capture) error {
		_, err := h.Fix(0, finding.Finding{Captures: captures}, src)
		return err
	}
	if err := f(); !errors.Is(err, ErrNoTarget) {
		t.Errorf("no capture: got %v", err)
	}
	var overlap *finding.OverlapError
	err := f(finding.Capture{Name: "a", Range: text.Range{Start: 1, End: 4}}, finding.Capture{Name: "b", Range: text.Range{Start: 3, End: 5}})
	if !errors.As(err, &overlap) {
		t.Errorf("overlap: got %v", err)
	}
	if err := f(finding.Capture{Name: "b", Range: text.Range{Start: 3, End: 5}}); err != nil {
		t.Errorf("one of two targets: got %v", err)
	}
	if _, err := h.Fix(1, finding.Finding{}, src); err == nil {
		t.Error("a fix was made that does not exist")
	}
}

func TestTemplate(t *testing.T) {
	for template, want := range map[string]string{
		"":                             "",
		"plain":                        "plain",
		"{a} and {b-c.d}":              "<a> and <b-c.d>",
		"unsafe { {call} }":            "unsafe { <call> }",
		"loop {\n{indent}    x\n}":     "loop {\n<indent>    x\n}",
		"{}, { a }, {1}, {a b}, {":     "{}, { a }, {1}, {a b}, {",
		"format!(\"{{name}} {name}\")": "format!(\"{name} <name>\")",
		"fn f() {{a}}":                 "fn f() {a}",
		"{{a} {b}}":                    "{<a> <b>}",
		"é{a}ü":                        "é<a>ü",
	} {
		if got := expand(template, func(name string) string { return "<" + name + ">" }); got != want {
			t.Errorf("%q: got %q, want %q", template, got, want)
		}
	}
}

func TestCheckCaptures(t *testing.T) {
	source := `---
title: T
kind: pitfall
message: "é {macro} in {metod}"
related:
  - {capture: "@metod", message: "{macro}"}
  - {hint: h, same: "@x", message: m}
fixes:
  - title: F
    applicability: machine-applicable
    edits:
      - replace: "@y"
        with: |
          a
          {indent}{z}
---
Text.

` + "```query\n(a) @hint\n```\n"
	h, problems := readHint("h.md", "a/b/h.md", source)
	if h == nil {
		t.Fatal(problems)
	}
	var got []string
	for _, p := range h.CheckCaptures([]string{"hint", "macro", "method"}) {
		got = append(got, fmt.Sprintf("%d:%d %s (%s)", p.Line, p.Column, p.Message, p.Help))
	}
	want := []string{
		"4:24 no query of this hint captures `@metod` (did you mean `method`?)",
		"6:16 no query of this hint captures `@metod` (did you mean `method`?)",
		"7:22 no query of this hint captures `@x` (known are `hint`, `macro` and `method`)",
		"12:19 no query of this hint captures `@y` (known are `hint`, `macro` and `method`)",
		"15:19 no query of this hint captures `@z` (known are `hint`, `macro` and `method`)",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
