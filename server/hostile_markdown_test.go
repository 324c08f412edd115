package server_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"lectern/server"
)

// TestHostileMarkdown puts the attacks into all places of a course that an editor is
// shown as Markdown: titles, first paragraphs, texts and references of hints, and
// lessons. Nothing of what comes out can act.
func TestHostileMarkdown(t *testing.T) {
	t.Parallel()
	root := workspace(t)
	course := filepath.Join(root, "course")
	var summary, source strings.Builder
	n := 0
	for i, attack := range server.Attacks() {
		if i%7 != 0 { // the others are tried without a server
			continue
		}
		title := "Title"
		if !strings.ContainsFunc(attack, unicode.IsControl) {
			title = attack
		}
		quoted, err := json.Marshal(title)
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("a%d", n)
		writeFile(t, filepath.Join(course, "bad", name, name+".md"), fmt.Sprintf(
			"---\ntitle: %s\nkind: concept\nmessage: %s\nreferences: [\"https://e.example/)%d](command:x)\"]\nrelated:\n  - {capture: \"@hint\", message: %s}\n---\n%s\n\n```query\n((identifier) @hint (#eq? @hint %q))\n```\n\n## Why\n\n%s\n",
			quoted, quoted, n, quoted, strings.TrimLeft(attack, " \n#"), name, attack))
		writeFile(t, filepath.Join(course, "bad", name+".md"), "# "+title+"\n\n"+attack+"\n")
		fmt.Fprintf(&summary, "  - [%s](bad/%s.md)\n", strings.NewReplacer("[", `\[`, "]", `\]`, "\\", `\\`, "<", `\<`, "`", "\\`", "!", `\!`).Replace(title), name)
		fmt.Fprintf(&source, "fn %s() {}\n", name)
		n++
	}
	if n < 200 {
		t.Fatalf("%d attacks are too few", n)
	}
	writeFile(t, filepath.Join(course, "SUMMARY.md"), "# Summary\n\n- [Bad](basics/README.md)\n"+summary.String())
	capabilities := with(puller(), object{"dynamicRegistration": true}, "workspace", "textDocumentContent")
	c := open(t, root, with(capabilities, false, "window", "showDocument", "support"), nil)
	d := c.open("src/main.rs", source.String())
	harmless := func(what, name, markdown string) {
		t.Helper()
		if left := server.Harm(name, markdown); len(left) > 0 {
			t.Errorf("%s is\n%s\nin which are %q", what, markdown, left)
		}
	}
	hovers, contents := 0, 0
	for i := range n {
		h := d.hoverAt(i, 3)
		if h == nil {
			continue // the hint is refused, as its text begins with no paragraph
		}
		hovers++
		harmless(fmt.Sprintf("hover %d", i), "", h.Contents.Value)
		name := fmt.Sprintf("a%d", i)
		for _, address := range []string{"lectern:/names/bad/" + name + ".md", "lectern:/names/bad/" + name + "/" + name + ".md"} {
			var page struct{ Text string }
			c.call("workspace/textDocumentContent", object{"uri": address}, &page)
			contents++
			harmless(address, strings.TrimPrefix(address, "lectern:/names/"), page.Text)
		}
	}
	if hovers < n*3/4 || contents < n {
		t.Errorf("%d hovers and %d pages of %d hints", hovers, contents, n)
	}
	// The pages on disk.
	var got opened
	c.call("workspace/executeCommand", command("lectern.openLesson", "bad/a0"), &got)
	lessons := filepath.Join(c.cache, "lectern", "lessons")
	pages := func() (list []string) {
		filepath.WalkDir(lessons, func(path string, entry fs.DirEntry, err error) error { //nolint:errcheck // those that are there
			if err == nil && strings.HasSuffix(path, ".md") && !strings.HasPrefix(entry.Name(), ".") {
				list = append(list, path)
			}
			return nil
		})
		return list
	}
	eventually(t, "all pages are written", func() bool { return len(pages()) >= n+hovers })
	for _, path := range pages() {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name, err := filepath.Rel(lessons, path)
		if err != nil {
			t.Fatal(err)
		}
		_, name, _ = strings.Cut(name, "/") // the folder of the course
		harmless(path, name, string(content))
	}
	// What is shown in a box may hold no link either.
	c.mu.Lock()
	defer c.mu.Unlock()
	boxes := 0
	for _, note := range c.notes {
		if note.Method == "window/showMessage" {
			boxes++
			if strings.Contains(string(note.Params), "](") {
				t.Errorf("the user is told %s", note.Params)
			}
		}
	}
	if boxes == 0 {
		t.Error("the user was told nothing, not even where the lesson is")
	}
}
