package server_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// What helps while a comment is written and read: completion, links, lenses,
// pages without files.

type completionItem struct {
	Label, Detail, SortText string
	Documentation           any
	TextEdit                textEdit
	Preselect               bool
	Data                    json.RawMessage
}

// complete asks for completions where the text has a `|`.
func (c *client) complete(name, marked string) (items []completionItem, raw []json.RawMessage, text string) {
	c.t.Helper()
	i := strings.IndexByte(marked, '|')
	text = marked[:i] + marked[i+1:]
	d := c.open(name, text)
	defer d.close()
	line := strings.Count(marked[:i], "\n")
	var list *struct{ Items []json.RawMessage }
	c.call("textDocument/completion", object{"textDocument": d.id(),
		"position": position{line, i - strings.LastIndexByte(marked[:i], '\n') - 1}}, &list)
	if list == nil {
		return nil, nil, text
	}
	for _, r := range list.Items {
		var item completionItem
		if err := json.Unmarshal(r, &item); err != nil {
			c.t.Fatal(err)
		}
		items = append(items, item)
	}
	return items, list.Items, text
}

func labels(items []completionItem) []string {
	items = slices.Clone(items)
	slices.SortFunc(items, func(a, b completionItem) int { return strings.Compare(a.SortText, b.SortText) })
	var out []string
	for _, item := range items {
		out = append(out, item.Label)
	}
	return out
}

func TestCompletion(t *testing.T) {
	c := open(t, workspace(t), puller(), nil)
	items, raw, text := c.complete("src/a.rs", "fn outer() {\n    // lectern: allow(|\n    bad();\n}\n")
	if got := labels(items); len(got) < 5 || got[0] != "bad-name" || !slices.Contains(got, "good-name") {
		t.Fatalf("got %v, want bad-name first, which is found below", got)
	}
	i := slices.IndexFunc(items, func(item completionItem) bool { return item.Label == "bad-name" })
	first := items[i]
	if first.Detail != "A bad name" || !first.Preselect {
		t.Errorf("got %+v, want the title as its detail, and preselected", first)
	}
	if got := apply(t, text, []textEdit{first.TextEdit}); !strings.Contains(got, "// lectern: allow(bad-name): \n") {
		t.Errorf("inserted:\n%s", got)
	}
	var resolved completionItem
	c.call("completionItem/resolve", raw[i], &resolved)
	if doc, _ := resolved.Documentation.(string); !strings.HasPrefix(doc, "Calling bad is ") {
		t.Errorf("documentation: got %v", resolved.Documentation)
	}

	// In front of a bracket the word is replaced whole, and what is there already
	// is not offered again.
	items, _, text = c.complete("src/b.rs", "fn outer() {\n    bad(); // lectern: allow(good-name, ba|d): why\n}\n")
	if slices.Contains(labels(items), "good-name") {
		t.Error("an id is offered twice")
	}
	i = slices.IndexFunc(items, func(item completionItem) bool { return item.Label == "bad-name" })
	if got := apply(t, text, []textEdit{items[i].TextEdit}); !strings.Contains(got, "allow(good-name, bad-name): why") {
		t.Errorf("inserted:\n%s", got)
	}

	items, _, text = c.complete("src/c.rs", "// lectern: al|\nfn f() {}\n")
	if got := labels(items); !slices.Equal(got, []string{"allow", "allow-file"}) {
		t.Errorf("got %v", got)
	} else if got := apply(t, text, []textEdit{items[0].TextEdit}); !strings.HasPrefix(got, "// lectern: allow(\n") {
		t.Errorf("inserted:\n%s", got)
	}

	for what, marked := range map[string]string{
		"code":             "fn outer() { bad(|) }\n",
		"a string":         "const S: &str = \"// lectern: allow(|\";\n",
		"documentation":    "/// lectern: allow(|\nfn f() {}\n",
		"behind the list":  "// lectern: allow(bad-name)|\nfn f() {}\n",
		"another comment":  "// see allow(|\nfn f() {}\n",
		"words of a human": "// lectern: is a tool|\nfn f() {}\n",
	} {
		if items, _, _ := c.complete("src/d.rs", marked); len(items) > 0 {
			t.Errorf("%s: got %v, want nothing", what, labels(items))
		}
	}
}

func TestDocumentLinks(t *testing.T) {
	c := open(t, workspace(t), puller(), nil)
	d := c.open("src/main.rs", `// See basics/calls, and lectern:basics/nested.
// lectern: allow(bad-name): see `+"`basics/calls`"+`
fn main() {
    bad();
    let path = "basics/calls";
    let ratio = basics/calls;
} // not src/basics/calls nor https://example.com/basics/calls, nor basics/other
`)
	var links []struct {
		Range           span
		Target, Tooltip string
	}
	d.call("textDocument/documentLink", object{"textDocument": d.id()}, &links)
	var got []string
	for _, l := range links {
		got = append(got, l.Tooltip)
		if l.Range.Start.Line != l.Range.End.Line || !strings.HasPrefix(l.Target, "file://") {
			t.Errorf("link %+v", l)
		}
	}
	want := []string{"Calling names", "Nested names", "A bad name", "Calling names"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if links[0].Range != at(0, 7, 19) {
		t.Errorf("the first link is at %v", links[0].Range)
	}
	page := strings.TrimPrefix(links[0].Target, "file://")
	for start := time.Now(); ; {
		if _, err := os.Stat(page); err == nil {
			break
		} else if time.Since(start) > deadline {
			t.Fatalf("the page of the link was not written: %v", err)
		}
	}
}

func TestCodeLens(t *testing.T) {
	options := object{"features": object{"codeLens": true}}
	text := "fn outer() {\n    bad();\n    bad();\n}\n\nimpl T {\n    fn m() {\n        bad();\n    }\n}\n"
	lenses := func(c *client) (got []string) {
		d := c.open("src/main.rs", text)
		var list []struct {
			Range   span
			Command struct {
				Title, Command string
				Arguments      []string
			}
		}
		d.call("textDocument/codeLens", object{"textDocument": d.id()}, &list)
		for _, l := range list {
			got = append(got, itoa(l.Range.Start.Line)+" "+l.Command.Title)
			if l.Command.Command != "lectern.openLesson" || len(l.Command.Arguments) != 2 {
				t.Errorf("command %+v", l.Command)
			}
		}
		return got
	}
	if got := lenses(open(t, workspace(t), pusher(), nil)); len(got) != 0 {
		t.Errorf("without being asked for: %v", got)
	}
	want := []string{"0 Lesson: Nested names", "0 Lesson: Calling names", "6 Lesson: Calling names"}
	if got := lenses(open(t, workspace(t), pusher(), options)); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTextDocumentContent(t *testing.T) {
	c := open(t, workspace(t), with(puller(), object{}, "workspace", "textDocumentContent"), nil)
	var content struct{ Text string }
	c.call("workspace/textDocumentContent", object{"uri": "lectern:/names/basics/calls.md"}, &content)
	if !strings.HasPrefix(content.Text, "# Calling names\n") {
		t.Errorf("got %q", content.Text)
	}
	c.call("workspace/textDocumentContent", object{"uri": "lectern:bad-name"}, &content)
	if !strings.HasPrefix(content.Text, "# A bad `name`\n") || strings.Contains(content.Text, "<b>") || strings.Contains(content.Text, "(command:") {
		t.Errorf("got %q, want it without HTML and commands", content.Text)
	}
	c.refused(-32602, "workspace/textDocumentContent", object{"uri": "lectern:/names/../../etc/passwd"})
	c.refused(-32602, "workspace/textDocumentContent", object{"uri": "file:///etc/passwd"})

	// Links lead to the address, not to a file.
	d := c.open("src/main.rs", "fn outer() {\n    bad(); // lectern:bad-name\n}\n")
	if got := d.hoverAt(1, 5).Contents.Value; !strings.Contains(got, "(lectern:/names/basics/calls.md)") {
		t.Errorf("hover: %q links to no address of ours", got)
	}
	var links []struct{ Target string }
	d.call("textDocument/documentLink", object{"textDocument": d.id()}, &links)
	if len(links) != 1 || links[0].Target != "lectern:/names/basics/calls/bad-name.md" {
		t.Errorf("document links: got %v", links)
	}

	// What was shown is read again when the course changes.
	var shown struct{ URI string }
	c.call("workspace/executeCommand", object{"command": "lectern.openLesson", "arguments": []string{"basics/nested"}}, &shown)
	if shown.URI != "lectern:/names/basics/nested.md" {
		t.Errorf("opened %q", shown.URI)
	}
	writeFile(t, c.root+"/course/basics/nested.md", "# Nested names\n\nAnother text.\n")
	c.notify("workspace/didChangeWatchedFiles", object{"changes": []object{{"uri": fileURI(c.root, "course/basics/nested.md"), "type": 2}}})
	c.until("a refresh", func() bool { return c.asked("workspace/textDocumentContent/refresh") > 0 })
	c.call("workspace/textDocumentContent", object{"uri": "lectern:/names/basics/nested.md"}, &content)
	if !strings.Contains(content.Text, "Another text.") {
		t.Errorf("after the change: %q", content.Text)
	}
}

// Each feature can be switched off by itself, while the server runs.
func TestFeaturesOff(t *testing.T) {
	c := launch(t)
	c.root = workspace(t, linted)
	var settings atomic.Value
	settings.Store(object{})
	c.configured(&settings)
	c.initialize(puller(), nil)
	const text = "// lectern: allow(|\nfn free() {}\nfn outer() {\n    bad();\n}\n// see basics/calls\n"
	d := c.open("src/main.rs", strings.Replace(text, "|", "", 1))
	ask := map[string]func() int{
		"diagnostics": func() int { return len(d.pull("").Items) },
		"hover": func() int {
			return len(d.hoverAt(3, 5).title())
		},
		"codeActions": func() int { return len(d.actions(at(3, 5, 5))) },
		"bridge":      func() int { return strings.Count(titlesOf(d.bridged(foreign[0].diagnostic)), "A call that needs care") },
		"completion": func() int {
			items, _, _ := c.complete("src/other.rs", text)
			return len(items)
		},
		"documentLinks": func() int {
			var links []any
			d.call("textDocument/documentLink", object{"textDocument": d.id()}, &links)
			return len(links)
		},
		"codeLens": func() int {
			var lenses []any
			d.call("textDocument/codeLens", object{"textDocument": d.id()}, &lenses)
			return len(lenses)
		},
	}
	// set waits until each feature is as it should be: on or off.
	set := func(features object, on func(name string) bool) {
		t.Helper()
		settings.Store(object{"features": features})
		c.notify("workspace/didChangeConfiguration", object{"settings": nil})
		for start := time.Now(); ; {
			wrong := ""
			for name, n := range ask {
				if got := n(); (got > 0) != on(name) {
					wrong += fmt.Sprintf("\n%s gives %d", name, got)
				}
			}
			if wrong == "" {
				return
			}
			if time.Since(start) > deadline {
				t.Fatalf("%v:%s", features, wrong)
			}
		}
	}
	for _, off := range []string{"diagnostics", "hover", "codeActions", "bridge", "completion", "documentLinks"} {
		set(object{off: false}, func(name string) bool {
			return name != "codeLens" && name != off && !(off == "codeActions" && name == "bridge")
		})
	}
	set(object{"codeLens": true}, func(string) bool { return true })
}
