package server_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

const mixed = `fn outer() {
    bad();
    good();
    good();
}
`

func TestPushedDiagnostics(t *testing.T) {
	c := open(t, workspace(t), pusher(), nil)
	d := c.open("src/main.rs", mixed)
	list := d.pushed()
	// Each pitfall, and each concept and praise once.
	if got, want := codes(list), "outer inner bad-name good-name"; got != want {
		t.Fatalf("got %q, want %q", got, want)
	}
	bad := list[2]
	if got, want := bad.Range, at(1, 4, 9); got != want {
		t.Errorf("range: got %v, want %v", got, want)
	}
	if got, want := bad.Message, "`bad` is called, which is bad"; got != want {
		t.Errorf("message: got %q, want %q", got, want)
	}
	if bad.Source != "lectern" || bad.Severity != 2 || list[0].Severity != 4 {
		t.Errorf("got source %q, severity %d and of a concept %d, want lectern, 2 and 4", bad.Source, bad.Severity, list[0].Severity)
	}
	if r := bad.RelatedInformation; len(r) != 1 || r[0].Message != "this name" || r[0].Location.Range != at(1, 4, 7) || r[0].Location.URI != d.uri {
		t.Errorf("related: got %v, want \"this name\" at 1:4-7", r)
	}
	if !strings.Contains(string(bad.Data), `"hint":"bad-name"`) {
		t.Errorf("data: got %s, want the hint", bad.Data)
	}
	if bad.CodeDescription != nil {
		t.Errorf("codeDescription: got %v for a course that is not published", bad.CodeDescription)
	}

	d.change(edit(at(1, 4, 7), "good"))
	if got, want := codes(d.pushed()), "outer inner good-name"; got != want {
		t.Errorf("after the fix: got %q, want %q", got, want)
	}
	d.close()
	c.until("empty push after close", func() bool {
		p := d.publications(d.uri)
		return len(p[len(p)-1].Diagnostics) == 0
	})
}

func TestPublishedCourse(t *testing.T) {
	root := workspace(t, "-- course/course.yaml --\nid: names\ntitle: Names\nbase-url: https://example.com/book/\n")
	c := open(t, root, pusher(), nil)
	d := c.open("src/main.rs", mixed)
	bad := d.pushed()[2]
	if got, want := bad.CodeDescription, "https://example.com/book/basics/calls.html"; got == nil || got.Href != want {
		t.Errorf("codeDescription: got %v, want %s", got, want)
	}
	if h := d.hoverAt(1, 4); !strings.Contains(h.Contents.Value, "(https://example.com/book/basics/calls.html)") {
		t.Errorf("the hover has no link to the page: %s", h.Contents.Value)
	}
}

// TestQuiet counts what is pushed: once for ten edits at once, never for an
// unchanged set, never to a client that pulls.
func TestQuiet(t *testing.T) {
	t.Run("edits at once", func(t *testing.T) {
		c := open(t, workspace(t), pusher(), object{"logLevel": "debug"})
		d := c.open("src/main.rs", mixed)
		d.pushed()
		var all strings.Builder
		for i := range 10 {
			d.version++
			body, _ := json.Marshal(object{"jsonrpc": "2.0", "method": "textDocument/didChange", "params": object{
				"textDocument": object{"uri": d.uri, "version": d.version}, "contentChanges": []any{edit(at(0, 0, 0), strings.Repeat("\n", i+1))},
			}})
			all.WriteString("Content-Length: " + itoa(len(body)) + "\r\n\r\n" + string(body))
		}
		before := len(c.publications(d.uri))
		c.raw(all.String())
		d.pushed()
		if got := len(c.publications(d.uri)) - before; got != 1 {
			t.Errorf("got %d pushes for ten edits at once, want 1", got)
		}
	})
	t.Run("unchanged set", func(t *testing.T) {
		c := open(t, workspace(t), pusher(), nil)
		d := c.open("src/main.rs", mixed)
		d.pushed()
		before := len(c.publications(d.uri))
		for range 20 {
			d.change(edit(at(5, 0, 0), "// nothing\n"))
			d.hoverAt(0, 0)
		}
		if got := len(c.publications(d.uri)) - before; got != 0 {
			t.Errorf("got %d pushes of the same diagnostics, want none", got)
		}
	})
	t.Run("clean file", func(t *testing.T) {
		c := open(t, workspace(t), pusher(), nil)
		if got := c.open("src/main.rs", "fn main() {}").pushed(); len(got) != 0 {
			t.Errorf("got %v, want an empty list", got)
		}
	})
	t.Run("client that pulls", func(t *testing.T) {
		c := open(t, workspace(t), puller(), nil)
		d := c.open("src/main.rs", mixed)
		d.pull("")
		d.change(edit(at(0, 0, 0), "\n"))
		d.pull("")
		d.close()
		c.open("src/b.rs", mixed).pull("")
		if got := c.publications(d.uri); len(got) > 0 {
			t.Errorf("got %v pushed to a client that pulls", got)
		}
	})
}

func TestPulledDiagnostics(t *testing.T) {
	c := open(t, workspace(t), puller(), nil)
	d := c.open("src/main.rs", mixed)
	first := d.pull("")
	if got, want := first.Kind+": "+codes(first.Items), "full: outer inner bad-name good-name"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	again := d.pull(first.ResultID)
	if again.Kind != "unchanged" || again.ResultID != first.ResultID {
		t.Errorf("again: got %s %s, want unchanged %s", again.Kind, again.ResultID, first.ResultID)
	}
	d.change(edit(at(1, 4, 7), "good"))
	second := d.pull(first.ResultID)
	if got, want := second.Kind+": "+codes(second.Items), "full: outer inner good-name"; got != want {
		t.Errorf("after the fix: got %q, want %q", got, want)
	}
	if second.ResultID == first.ResultID {
		t.Error("another list has the same result id")
	}
	d.change(edit(at(1, 4, 8), "bad"))
	if third := d.pull(second.ResultID); third.ResultID != first.ResultID || third.Kind != "full" {
		t.Errorf("the first text again: got %s %s, want full %s", third.Kind, third.ResultID, first.ResultID)
	}
	// Neovim reads a file again by closing and opening it: it forgets what it shows,
	// and asks with the id that it has.
	d.close()
	d = c.open("src/main.rs", mixed)
	if r := d.pull(first.ResultID); r.Kind != "full" || len(r.Items) != 4 {
		t.Errorf("opened again: got %s with %d items, want full with 4", r.Kind, len(r.Items))
	}
}

// TestAllowComments: what they silence is gone, and what is wrong with them is
// told.
func TestAllowComments(t *testing.T) {
	c := open(t, workspace(t), pusher(), nil)
	d := c.open("src/main.rs", `fn outer() {
    // lectern: allow(bad-name): a test needs it
    bad();
    // lectern: allow(bed-name): a typo
    bad();
    good(); // lectern: allow(bad-name): not needed
}
`)
	list := d.pushed()
	if got, want := codes(list), "outer inner bad-name good-name allow-unknown allow-unused"; got != want {
		t.Fatalf("got %q, want %q", got, want)
	}
	if got, want := list[2].Range.Start.Line, 4; got != want {
		t.Errorf("the finding that is left: got line %d, want %d", got, want)
	}
	if !strings.Contains(list[4].Message, "bad-name") {
		t.Errorf("unknown id: got %q, want what was meant", list[4].Message)
	}
	if got := list[5].Tags; len(got) != 1 || got[0] != 1 {
		t.Errorf("tags of an unused allow: got %v, want unnecessary", got)
	}
}

// TestAnotherDocumentWaits: a check that takes long holds up no hover elsewhere.
func TestAnotherDocumentWaits(t *testing.T) {
	c := open(t, workspace(t), pusher(), nil)
	small := c.open("src/small.rs", "fn outer() {}\n")
	small.pushed()
	big := c.open("src/big.rs", strings.Repeat("fn outer() { bad(); let x = [1, 2, 3]; }\n", large))
	start := time.Now()
	if got, want := small.hoverAt(0, 3).title(), "The outer one"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	hovered := time.Since(start)
	big.hoverAt(0, 3)
	checked := time.Since(start)
	t.Logf("hover beside the large file: %v; the large file: %v", hovered, checked)
	if hovered > checked/2 {
		t.Errorf("the hover took %v, of %v that the large file took", hovered, checked)
	}
}

// TestPlainClient: a client that shows no tags and no related places gets none.
func TestPlainClient(t *testing.T) {
	plain := with(pusher(), nil, "textDocument", "publishDiagnostics", "tagSupport")
	plain = with(plain, nil, "textDocument", "publishDiagnostics", "relatedInformation")
	c := open(t, workspace(t), plain, nil)
	d := c.open("src/main.rs", "fn f() {\n    bad();\n    good(); // lectern: allow(bad-name): not needed\n}\n")
	list := d.pushed()
	if got, want := codes(list), "bad-name good-name allow-unused"; got != want {
		t.Fatalf("got %q, want %q", got, want)
	}
	for _, one := range list {
		if len(one.Tags) > 0 || len(one.RelatedInformation) > 0 {
			t.Errorf("%s: got tags %v and related %v, want none", one.Code, one.Tags, one.RelatedInformation)
		}
	}
}

// tagged are hints whose code can go, and whose code is of yesterday.
const tagged = "\n-- course/basics/nested/idle.md --\n---\ntitle: An idle name\nkind: pitfall\nmessage: \"idle\"\ntags: [unnecessary, deprecated]\n---\nIt does nothing.\n\n" +
	"## Why\n\nIt is old.\n\n## What to do\n\nTake it out.\n\n```query\n((identifier) @hint (#eq? @hint \"idle\"))\n```\n"

// A hint's tags reach the clients that show them, pushed and pulled.
func TestTags(t *testing.T) {
	root := workspace(t, tagged)
	const text = "fn f() { idle(); bad(); }\n"
	for _, test := range []struct {
		name  string
		shows any
		want  string
	}{
		{"both", []int{1, 2}, "[1 2]"},
		{"one of them", []int{2}, "[2]"},
		{"others", []int{7}, "[]"},
		{"none", nil, "[]"},
	} {
		var shows any
		if test.shows != nil {
			shows = object{"valueSet": test.shows}
		}
		push := open(t, root, with(pusher(), shows, "textDocument", "publishDiagnostics", "tagSupport"), nil).open("src/main.rs", text)
		pull := open(t, root, with(puller(), shows, "textDocument", "publishDiagnostics", "tagSupport"), nil).open("src/main.rs", text)
		for way, list := range map[string][]diagnostic{"pushed": push.pushed(), "pulled": pull.pull("").Items} {
			if got, want := codes(list), "idle bad-name"; got != want {
				t.Fatalf("%s: got %q, want %q", test.name, got, want)
			}
			if got := fmt.Sprint(list[0].Tags); got != test.want || len(list[1].Tags) > 0 {
				t.Errorf("%s, %s: got the tags %s and %v, want %s and none", test.name, way, got, list[1].Tags, test.want)
			}
		}
	}

	// The course that is built in has such hints.
	c := launch(t)
	c.initialize(puller(), nil)
	d := c.open("file:///nowhere/src/main.rs", "fn f() -> u8 {\n    // SAFETY: none\n    unsafe { std::mem::uninitialized() }\n}\n")
	if !slices.ContainsFunc(d.pull("").Items, func(one diagnostic) bool { return one.Code == "mem-uninitialized" && slices.Equal(one.Tags, []int{2}) }) {
		t.Error("an outdated function is not marked as such")
	}
}

// paired are two hints, each of which points at the other's findings with the same
// name in them.
var paired = pairedHint("opens", "closes") + pairedHint("closes", "opens")

func pairedHint(id, other string) string {
	return "\n-- course/basics/nested/" + id + ".md --\n---\ntitle: A call that " + id + "\nkind: concept\nseverity: information\nmessage: \"" + id + " `{name}`\"\n" +
		"related:\n  - {hint: " + other + ", same: \"@name\", message: \"" + other + " `{name}` too\"}\n---\nIt " + id + ".\n\n" +
		"```query\n((call_expression function: (identifier) @_f arguments: (arguments (identifier) @name)) @hint (#eq? @_f \"" + id + "\"))\n```\n"
}

// Pairs of sites point at each other, wherever edits move them, for clients that
// show such places; others get the same diagnostics without.
func TestRelatedSites(t *testing.T) {
	root := workspace(t, paired)
	const text = "fn one() { opens(a); }\nfn two() { closes(a); closes(b); }\n"
	places := func(d diagnostic) (list []span) {
		for _, r := range d.RelatedInformation {
			list = append(list, r.Location.Range)
			if r.Message != "opens `a` too" && r.Message != "closes `a` too" {
				t.Errorf("%s: got the message %q", d.Code, r.Message)
			}
		}
		return list
	}
	c := open(t, root, pusher(), nil)
	d := c.open("src/main.rs", text)
	list := d.pushed()
	if got, want := codes(list), "opens closes"; got != want {
		t.Fatalf("got %q, want %q: a concept is shown once", got, want)
	}
	opens, closes := list[0], list[1]
	if got, want := places(opens), []span{at(1, 11, 20)}; !slices.Equal(got, want) {
		t.Errorf("opens points at %v, want %v", got, want)
	}
	if got, want := places(closes), []span{at(0, 11, 19)}; !slices.Equal(got, want) {
		t.Errorf("closes points at %v, want %v", got, want)
	}
	// An edit between the two: the one did not change, but where it points at did.
	d.change(edit(at(1, 0, 0), "\n\n"))
	list = d.pushed()
	if got, want := places(list[0]), []span{at(3, 11, 20)}; !slices.Equal(got, want) {
		t.Errorf("after the edit: opens points at %v, want %v", got, want)
	}
	d.change(edit(at(3, 18, 19), "b"))
	if got := places(d.pushed()[0]); len(got) > 0 {
		t.Errorf("with another name: opens points at %v, want nothing", got)
	}

	plain := open(t, root, with(pusher(), nil, "textDocument", "publishDiagnostics", "relatedInformation"), nil).open("src/main.rs", text)
	for i, one := range plain.pushed() {
		if one.Code != list[i].Code || one.Message != list[i].Message || len(one.RelatedInformation) > 0 {
			t.Errorf("a plain client got %+v, want %s without other places", one, list[i].Code)
		}
	}
}
