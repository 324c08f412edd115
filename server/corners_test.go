package server_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// keyed is a hint for Cargo.toml.
const keyed = "\n-- course/basics/nested/keyed.md --\n---\ntitle: A bad key\nkind: pitfall\nlanguage: toml\nmessage: \"`{key}` is bad\"\n" +
	"fixes:\n  - {title: Call it good, applicability: machine-applicable, edits: [{replace: \"@key\", with: \"good\"}]}\n---\nIt is no key.\n\n" +
	"## Why\n\nIt is bad.\n\n## What to do\n\nTake another.\n\n```query\n((pair (bare_key) @key @hint) (#eq? @key \"bad\"))\n```\n"

// cornered is a document in which | marks places, which are looked at in order.
type cornered struct {
	*doc
	places []position
}

func (c *client) corners(name, marked string) cornered {
	c.t.Helper()
	var text strings.Builder
	var places []position
	for i, part := range strings.Split(marked, "|") {
		if i > 0 {
			before := text.String()
			places = append(places, position{strings.Count(before, "\n"), len(before) - strings.LastIndexByte(before, '\n') - 1})
		}
		text.WriteString(part)
	}
	return cornered{c.open(name, text.String()), places}
}

// The same in both kinds of file, with both line ends, where the last line has an
// end and where it has none: hovers from before the first character of what they
// are about to behind its last.
func TestHoverCorners(t *testing.T) {
	c := open(t, workspace(t, linted, keyed), puller(), nil)
	for name, marked := range map[string]string{
		"src/a.rs":   "// lectern: allow(|bad-n|ame|, good-name): why\nfn f() { bad(); }\n#[allow(|non_snake_case|)]\nfn g() {}",
		"Cargo.toml": "[package]\n# lectern: allow(|keye|d|, bad-name): why\nbad = 1\n[lints.rust]\n|non_snake_case| = \"warn\"",
	} {
		first, lint := "A bad `name`", "A call that needs care"
		if name == "Cargo.toml" {
			first = "A bad key"
		}
		for _, end := range []string{"\n", "\r\n"} {
			for _, tail := range []string{"", end} {
				d := c.corners(name, strings.ReplaceAll(marked, "\n", end)+tail)
				for i, at := range d.places {
					want := first
					if i > 2 {
						want = lint
					}
					if got := d.hoverAt(at.Line, at.Character).title(); got != want && !strings.HasPrefix(got, want) {
						t.Errorf("%s, line end %q, place %d: got %q, want %q", name, end, i, got, want)
					}
				}
				before := d.places[0]
				if got := d.hoverAt(before.Line, before.Character-1).title(); got != "" {
					t.Errorf("%s: in front of the bracket: got %q", name, got)
				}
				d.close()
			}
		}
	}
}

// Allows in Cargo.toml are completed with the hints for it, mended and linked like
// others; with \r\n, nothing of a line's end is in the way.
func TestManifestComments(t *testing.T) {
	c := open(t, workspace(t, keyed), puller(), nil)
	for _, end := range []string{"\n", "\r\n"} {
		items, _, text := c.complete("Cargo.toml", strings.ReplaceAll("[package]\n# lectern: allow(|\nbad = 1\n", "\n", end))
		if got := labels(items); len(got) == 0 || got[0] != "keyed" || strings.Contains(strings.Join(got, " "), "bad-name") {
			t.Fatalf("line end %q: got %v, want keyed first, and no hint for Rust", end, got)
		}
		for _, item := range items {
			if item.Label == "keyed" {
				want := strings.ReplaceAll("[package]\n# lectern: allow(keyed): \nbad = 1\n", "\n", end)
				if got := apply(t, text, []textEdit{item.TextEdit}); got != want {
					t.Errorf("inserted: got %q, want %q", got, want)
				}
			}
		}
		// On the last line, without an end.
		if items, _, _ := c.complete("Cargo.toml", "bad = 1 # lectern: allow(ke|"); len(items) == 0 || !items[0].Preselect && len(items) == 1 {
			t.Errorf("on the last line: got %v", labels(items))
		}

		const idle = "[workspace]\n# lectern: allow(bad-name): not for manifests\nname = \"x\"\n# see basics/calls"
		d := c.open("Cargo.toml", strings.ReplaceAll(idle, "\n", end))
		if got, want := codes(d.pull("").Items), "allow-unused"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		remove := find(t, d.actions(at(1, 20, 20), "quickfix"), "Remove the allow")
		want := strings.ReplaceAll("[workspace]\nname = \"x\"\n# see basics/calls", "\n", end)
		if got := apply(t, strings.ReplaceAll(idle, "\n", end), remove.Edit.DocumentChanges[0].Edits); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		var links []struct{ Range span }
		d.call("textDocument/documentLink", object{"textDocument": d.id()}, &links)
		if len(links) != 2 || links[0].Range != at(1, 17, 25) || links[1].Range != at(3, 6, 18) {
			t.Errorf("got the links %v, want the hint's id and the lesson at the very end", links)
		}
		d.close()
	}
}

// Lenses stand above items, and end where their first line ends, whatever ends it.
func TestCodeLensCorners(t *testing.T) {
	c := open(t, workspace(t, keyed), pusher(), object{"features": object{"codeLens": true}})
	for name, test := range map[string]struct{ text, want string }{
		"src/a.rs":   {"#[cold]\n/// Doc.\nfn outer() {\n    bad();\n}", "2 0-12"},
		"src/b.rs":   {"bad!{}\n", ""},
		"src/c.rs":   {"mod m { impl T { fn m() { bad(); } } }", "0 17-38"},
		"Cargo.toml": {"[dependencies]\nbad = 1", "1 0-7"},
	} {
		for _, end := range []string{"\n", "\r\n"} {
			d := c.open(name, strings.ReplaceAll(test.text, "\n", end))
			var lenses []struct{ Range span }
			d.call("textDocument/codeLens", object{"textDocument": d.id()}, &lenses)
			got := ""
			if len(lenses) > 0 {
				r := lenses[len(lenses)-1].Range
				got = itoa(r.Start.Line) + " " + itoa(r.Start.Character) + "-" + itoa(r.End.Character)
			}
			if got != test.want {
				t.Errorf("%s, line end %q: got %q, want %q", name, end, got, test.want)
			}
			d.close()
		}
	}
}

// A client that cannot show a page after all, or fails in it, leaves the user with a
// message that says where it is.
func TestPageThatIsNotShown(t *testing.T) {
	for name, reply := range map[string]func(json.RawMessage) any{
		"no success": func(json.RawMessage) any { return object{"success": false} },
		"null":       func(json.RawMessage) any { return nil },
	} {
		c := launch(t)
		c.root = workspace(t)
		c.reply["window/showDocument"] = reply
		c.initialize(puller(), nil)
		var got opened
		c.call("workspace/executeCommand", command("lectern.explain", "bad-name"), &got)
		if got.Shown || !strings.HasPrefix(got.URI, "file://") {
			t.Errorf("%s: got %+v, want a file that is not shown", name, got)
		}
		c.untilSome("window/showMessage", func(note string) bool { return strings.Contains(note, got.Path) })
	}
}

// Pages, completions and commands find the courses of every folder, not of the first
// alone.
func TestPagesOfAllFolders(t *testing.T) {
	one := t.TempDir()
	two := workspace(t)
	c := launch(t)
	c.root = one
	c.initialize(with(puller(), object{}, "workspace", "textDocumentContent"), nil)
	c.changeFolders([]string{two}, nil)
	d := c.open(fileURI(two, "src/main.rs"), "fn f() {\n    // lectern: allow(ba\n    bad();\n}\n")
	d.pull("") // the folder's courses are there

	var content struct{ Text string }
	c.call("workspace/textDocumentContent", object{"uri": "lectern:/names/basics/calls.md"}, &content)
	if !strings.HasPrefix(content.Text, "# Calling names\n") {
		t.Errorf("got the page %q", content.Text)
	}
	var list struct{ Items []json.RawMessage }
	d.call("textDocument/completion", object{"textDocument": d.id(), "position": position{1, 24}}, &list)
	var documented bool
	for _, raw := range list.Items {
		var item, resolved completionItem
		if json.Unmarshal(raw, &item) == nil && item.Label == "bad-name" {
			c.call("completionItem/resolve", raw, &resolved)
			says, _ := resolved.Documentation.(string)
			documented = strings.HasPrefix(says, "Calling bad is ")
		}
	}
	if !documented {
		t.Error("a hint of the second folder has no documentation")
	}
	var shown opened
	c.call("workspace/executeCommand", command("lectern.openLesson", "basics/calls", d.uri), &shown)
	if shown.URI != "lectern:/names/basics/calls.md" {
		t.Errorf("opened %+v", shown)
	}
	// Without a document, the courses of the first folder are meant first.
	c.call("workspace/executeCommand", command("lectern.explain", "bad-name"), &shown)
	if shown.Title != "A bad name" || filepath.Base(shown.Path) != "bad-name.md" {
		t.Errorf("explained %+v", shown)
	}
}
