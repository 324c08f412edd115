package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"lectern/analysis/course"
)

// The list of hints in queries/ is made by this command; nobody writes it.
func TestHintsPageIsFresh(t *testing.T) {
	const file = "../../queries/HINTS.md"
	library, problems := course.Load(builtIn()...)
	if len(problems) > 0 {
		t.Errorf("the built-in courses have problems: %v", problems)
	}
	var want bytes.Buffer
	listMarkdown(&want, library)
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v: run go generate ./...", err)
	}
	if string(got) != want.String() {
		t.Errorf("%s is stale: run go generate ./...", file)
	}
}

// Every hint and lesson can be explained, in plain text and in color.
func TestExplainEverything(t *testing.T) {
	library, _ := course.Load(builtIn()...)
	names := library.HintIDs()
	for _, l := range lessons(library) {
		names = append(names, l.Section)
	}
	for _, name := range names {
		for _, color := range []bool{false, true} {
			p := &page{width: 80, color: color}
			if err := explain(p, library, name); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			text := p.b.String()
			if strings.Contains(text, "\n\n\n") {
				t.Errorf("%s: two empty lines follow each other", name)
			}
			if !color && strings.ContainsRune(text, '\x1b') {
				t.Errorf("%s: an escape sequence in plain text", name)
			}
		}
	}
}

// Each command has a help text that shows all its flags.
func TestHelpIsThere(t *testing.T) {
	a := &app{}
	root := a.root()
	for _, cmd := range root.Commands() {
		if cmd.Name() == "help" {
			continue
		}
		text, err := helpTexts.ReadFile("help/" + cmd.Name() + ".txt")
		if err != nil {
			t.Errorf("%s has no help text: %v", cmd.Name(), err)
		}
		if cmd.HasLocalFlags() && !strings.Contains(string(text), "\n{flags}\n") {
			t.Errorf("help/%s.txt has no place for the flags", cmd.Name())
		}
		for line := range strings.Lines(string(text)) {
			if len(line) > 81 {
				t.Errorf("help/%s.txt: %q is wider than 80 columns", cmd.Name(), line)
			}
		}
		for line := range strings.Lines(flagHelp(cmd)) {
			if len(line) > 101 {
				t.Errorf("%s: %q is wider than 100 columns", cmd.Name(), line)
			}
		}
	}
}
