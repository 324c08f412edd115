package server_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// hintFile is a hint with more front matter, another query and more text.
func hintFile(front, query, text string) string {
	if query == "" {
		query = `((identifier) @hint (#eq? @hint "nothing"))`
	}
	return "---\ntitle: T\nkind: concept\nmessage: m\n" + front + "---\nText.\n\n```query\n" + query + "\n```\n" + text
}

// TestHostileCourse: what is wrong in a course on purpose is shown at its place, and
// the rest of the course works. The command line's tests have more of that kind.
func TestHostileCourse(t *testing.T) {
	t.Parallel()
	root := workspace(t)
	course := filepath.Join(root, "course")
	hints := map[string]struct {
		content string
		line    int // from 0, of the problem
		says    string
	}{
		"regexp":  {hintFile("", `((identifier) @hint (#match? @hint "(["))`, ""), 8, "error parsing regexp"},
		"large":   {hintFile("", `((identifier) @hint (#match? @hint "`+strings.Repeat("a{999}", 100)+`"))`, ""), 8, "more than 5000 parts"},
		"query":   {hintFile("", strings.Repeat("(_ ", 5_000)+"@hint"+strings.Repeat(")", 5_000), ""), 8, "nested more than 64 deep"},
		"aliases": {hintFile("lints: &a [x, x]\nreferences: [*a, *a]\n", "", ""), 4, "anchors and aliases are not read here"},
		"nested":  {hintFile("lints: "+strings.Repeat("[", 10_000)+"\n", "", ""), 4, "more than 24 levels of nesting"},
		"much":    {hintFile("fixes:\n"+strings.Repeat("  - {title: x}\n", 5_000), "", ""), 1, "bytes of YAML where at most 32768 are read"},
		"title":   {strings.Replace(hintFile("", "", ""), "title: T", "title: "+strings.Repeat("T", 5_000), 1), 1, "`title` has more than 1000 characters"},
		"marks":   {hintFile("", "", "\n"+strings.Repeat("[a](", 200_000)), 11, "more than 20000 Markdown marks"},
		"mega":    {hintFile("", "", strings.Repeat("text text text text text\n", 2_000_000)), 0, "is larger than 1 MiB"},
		"latin":   {"---\ntitle: \xff\n---\n", 1, "this is not UTF-8"},
		"section": {hintFile("section: ../../../etc/passwd\n", "", ""), 4, "no section `../../../etc/passwd`"},
	}
	file := func(name string) string { return filepath.Join(course, "basics", "nested", name+".md") }
	for name, hint := range hints {
		writeFile(t, file(name), hint.content)
	}
	c := open(t, root, puller(), nil)
	d := c.open("src/main.rs", "fn outer() { bad(); }\n")
	d.alive("a course in which much is wrong")
	if got, want := codes(d.pull("").Items), "outer inner bad-name"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for name, hint := range hints {
		var got string
		found := c.within(deadline, func() bool {
			for _, p := range c.publications(fileURI(file(name))) {
				for _, d := range p.Diagnostics {
					got += fmt.Sprintf("line %d: %.300s\n", d.Range.Start.Line, d.Message)
					if d.Range.Start.Line == hint.line && strings.Contains(d.Message, hint.says) {
						return true
					}
				}
			}
			return false
		})
		if !found {
			t.Errorf("%s: got\n%swant line %d: %s", name, got, hint.line, hint.says)
		}
	}
	if peak := c.peak(); peak > maxPeak {
		t.Errorf("the server took %d KB at its peak, want at most %d", peak, maxPeak)
	}
}

// TestManyHints: with 10,000 hints the server answers initialize at once, works,
// answers while they are loaded again, and ends at once while they are loaded.
func TestManyHints(t *testing.T) {
	t.Parallel()
	root := workspace(t)
	for i := range 10_000 - 20 {
		writeFile(t, filepath.Join(root, "course", "basics", "nested", fmt.Sprintf("h%d.md", i)),
			hintFile("", fmt.Sprintf(`((call_expression function: (identifier) @name) @hint (#eq? @name "f%d"))`, i), "\nMore.\n"))
	}
	// The course's page cache is written in the background, too.
	start := time.Now()
	c := open(t, root, puller(), nil)
	greeted := time.Since(start)
	d := c.open("src/main.rs", "fn outer() { bad(); f7(); }\n")
	d.alive("10,000 hints")
	loaded := time.Since(start)
	if got, want := codes(d.pull("").Items), "outer inner bad-name h7"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	// While a changed course is loaded, the one from before answers.
	again := filepath.Join(root, "course", "basics", "nested", "outer.md")
	content, err := os.ReadFile(again)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, again, strings.Replace(string(content), "The outer one", "Another title", 1))
	c.notify("workspace/didChangeWatchedFiles", object{"changes": []object{{"uri": fileURI(again), "type": 2}}})
	start = time.Now()
	titles := map[string]bool{}
	slowest := time.Duration(0)
	for time.Since(start) < deadline && !titles["Another title"] {
		asked := time.Now()
		titles[d.hoverAt(0, 3).title()] = true
		slowest = max(slowest, time.Since(asked))
	}
	if !titles["Another title"] || !titles["The outer one"] {
		t.Errorf("while the course is loaded again, hovers say %v, want the old title and then the new one", titles)
	}
	t.Logf("initialize %v, first hover %v, slowest hover while loading again %v, peak %d MB", greeted, loaded, slowest, c.peak()>>10)
	if slowest > loaded/2 {
		t.Errorf("a hover waited %v for the course to be loaded again, which takes about %v", slowest, loaded)
	}
	if peak := c.peak(); peak > maxPeak {
		t.Errorf("the server took %d KB at its peak, want at most %d", peak, maxPeak)
	}
	// A client that leaves at once is not kept.
	for _, n := range []string{"x", "y"} {
		quick := open(t, root, puller(), nil)
		quick.open("src/"+n+".rs", "fn outer() {}\n")
		start = time.Now()
		if code := quick.exit(); code != 0 {
			t.Errorf("exit code: got %d, want 0", code)
		}
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("the end took %v", took)
		}
	}
}
