package server_test

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

type textEdit struct {
	Range   span
	NewText string
}

type workspaceEdit struct {
	Changes         map[string][]textEdit
	DocumentChanges []struct {
		TextDocument struct {
			URI     string
			Version *int
		}
		Edits []textEdit
	}
}

type action struct {
	Title       string
	Kind        string
	IsPreferred bool
	Diagnostics []diagnostic
	Edit        *workspaceEdit
	Command     *struct {
		Command   string `json:"command"`
		Arguments []any  `json:"arguments"`
	}
	raw json.RawMessage
}

// actions asks for the actions in a range.
func (d *doc) actions(r span, only ...string) []action {
	d.t.Helper()
	context := object{"diagnostics": []any{}}
	if len(only) > 0 {
		context["only"] = only
	}
	var raw []json.RawMessage
	d.call("textDocument/codeAction", object{"textDocument": d.id(), "range": r, "context": context}, &raw)
	list := make([]action, len(raw))
	for i, r := range raw {
		if err := json.Unmarshal(r, &list[i]); err != nil {
			d.t.Fatalf("action %s: %v", r, err)
		}
		list[i].raw = r
	}
	return list
}

func (d *doc) resolve(a action) action {
	d.t.Helper()
	var out action
	d.call("codeAction/resolve", a.raw, &out)
	return out
}

func titlesOf(list []action) string {
	var out []string
	for _, a := range list {
		out = append(out, a.Title)
	}
	return strings.Join(out, "\n")
}

func find(t *testing.T, list []action, title string) action {
	t.Helper()
	i := slices.IndexFunc(list, func(a action) bool { return a.Title == title })
	if i < 0 {
		t.Fatalf("no action %q among\n%s", title, titlesOf(list))
	}
	return list[i]
}

// apply is a text (of characters that are one unit each) after a workspace edit.
func apply(t *testing.T, text string, edits []textEdit) string {
	t.Helper()
	lines := strings.SplitAfter(text, "\n")
	offset := func(p position) int {
		n := p.Character
		for _, l := range lines[:p.Line] {
			n += len(l)
		}
		return n
	}
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b textEdit) int { return cmp.Compare(offset(b.Range.Start), offset(a.Range.Start)) })
	last := len(text)
	for _, e := range edits {
		if offset(e.Range.End) > last {
			t.Fatalf("edits overlap: %v", edits)
		}
		last = offset(e.Range.Start)
		text = text[:last] + e.NewText + text[offset(e.Range.End):]
	}
	return text
}

const twoBad = `fn outer() {
    bad();
    if true {
        bad();
    }
}
`

func TestCodeActions(t *testing.T) {
	c := open(t, workspace(t), puller(), nil)
	d := c.open("src/main.rs", twoBad)
	list := d.actions(at(1, 5, 5), "quickfix")
	want := strings.Join([]string{
		"Call good", "Remove the statement",
		"Open lesson: Calling names", "Open lesson: Nested names",
		"Explain: A bad name", "Explain: The inner one", "Explain: The outer one",
		"Allow here with a reason: bad-name", "Allow here with a reason: inner", "Allow here with a reason: outer",
	}, "\n")
	if got := titlesOf(list); got != want {
		t.Fatalf("got\n%s\nwant\n%s", got, want)
	}
	sure, unsure := list[0], list[1]
	if !sure.IsPreferred || unsure.IsPreferred {
		t.Errorf("preferred: got %v and %v, want the machine-applicable one alone", sure.IsPreferred, unsure.IsPreferred)
	}
	if sure.Edit != nil {
		t.Error("an edit in the list for a client that resolves")
	}
	if got := sure.Diagnostics; len(got) != 1 || got[0].Code != "bad-name" {
		t.Errorf("diagnostics of a fix: got %v, want the one of bad-name", got)
	}

	for _, test := range []struct{ title, want string }{
		{"Call good", strings.Replace(twoBad, "bad", "good", 1)},
		{"Remove the statement", strings.Replace(twoBad, "    bad();\n", "", 1)},
		{"Allow here with a reason: bad-name", strings.Replace(twoBad, "    bad();\n", "    // lectern: allow(bad-name): \n    bad();\n", 1)},
	} {
		a := d.resolve(find(t, list, test.title))
		if a.Edit == nil || len(a.Edit.DocumentChanges) != 1 {
			t.Errorf("%s: got the edit %v, want one of one document", test.title, a.Edit)
			continue
		}
		change := a.Edit.DocumentChanges[0]
		if change.TextDocument.URI != d.uri || change.TextDocument.Version == nil || *change.TextDocument.Version != d.version {
			t.Errorf("%s: got an edit of %v, want %s version %d", test.title, change.TextDocument, d.uri, d.version)
		}
		if got := apply(t, twoBad, change.Edits); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.title, got, test.want)
		}
	}

	open := find(t, list, "Open lesson: Calling names")
	if open.Command == nil || open.Command.Command != "lectern.openLesson" || open.Command.Arguments[0] != "basics/calls" {
		t.Errorf("open lesson: got %v", open.Command)
	}
	if got := d.actions(at(5, 1, 1)); len(got) == 0 { // behind the last brace the function ends
		t.Error("no actions where a finding ends")
	}
	if got := d.actions(span{position{6, 0}, position{6, 0}}, "quickfix"); len(got) != 0 {
		t.Errorf("where nothing is: got %s", titlesOf(got))
	}
}

// TestFixesCleanUp applies fixes as an editor does and looks at what is left.
func TestFixesCleanUp(t *testing.T) {
	c := open(t, workspace(t), puller(), nil)
	d := c.open("src/main.rs", twoBad)
	a := d.resolve(find(t, d.actions(at(1, 4, 4)), "Call good"))
	d.change(apply(t, twoBad, a.Edit.DocumentChanges[0].Edits))
	if got, want := codes(d.pull("").Items), "outer inner good-name bad-name"; got != want {
		t.Errorf("after one fix: got %q, want %q", got, want)
	}
	d.change(twoBad)
	a = d.resolve(find(t, d.actions(at(3, 8, 8)), "Allow here with a reason: bad-name"))
	d.change(apply(t, twoBad, a.Edit.DocumentChanges[0].Edits))
	if got, want := codes(d.pull("").Items), "outer inner bad-name allow-without-reason"; got != want {
		t.Errorf("after an allow: got %q, want %q", got, want)
	}
}

func TestFixAll(t *testing.T) {
	c := open(t, workspace(t), puller(), nil)
	d := c.open("src/main.rs", twoBad)
	for _, only := range []string{"source.fixAll.lectern", "source.fixAll", "source"} {
		list := d.actions(at(0, 0, 0), only)
		if len(list) != 1 || list[0].Kind != "source.fixAll.lectern" {
			t.Fatalf("only %s: got %s", only, titlesOf(list))
		}
		// A later version is as good for it.
		d.change(edit(at(0, 0, 0), "\n"))
		a := d.resolve(list[0])
		change := a.Edit.DocumentChanges[0]
		if got, want := *change.TextDocument.Version, d.version; got != want {
			t.Errorf("version: got %d, want %d", got, want)
		}
		if got, want := apply(t, "\n"+twoBad, change.Edits), "\n"+strings.ReplaceAll(twoBad, "bad", "good"); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
		d.change(edit(span{position{0, 0}, position{1, 0}}, ""))
	}
	for _, only := range []string{"source.organizeImports", "refactor", "quickfix.other", "source.fixAll.rust-analyzer"} {
		if list := d.actions(at(1, 4, 4), only); len(list) != 0 {
			t.Errorf("only %s: got %s, want none", only, titlesOf(list))
		}
	}
	d.change("fn outer() { good(); }\n")
	if list := d.actions(at(0, 0, 0), "source.fixAll"); len(list) != 0 {
		t.Errorf("nothing to fix: got %s", titlesOf(list))
	}
}

// TestEditsAtOnce: a client that cannot resolve gets the edits with the list, and
// one that knows no versions gets them by URI.
func TestEditsAtOnce(t *testing.T) {
	c := open(t, workspace(t), pusher(), nil)
	d := c.open("src/main.rs", twoBad)
	a := find(t, d.actions(at(1, 4, 4)), "Call good")
	if a.Edit == nil || len(a.Edit.Changes[d.uri]) == 0 || len(a.Edit.DocumentChanges) > 0 {
		t.Fatalf("got %s, want an edit with changes", a.raw)
	}
	if got, want := apply(t, twoBad, a.Edit.Changes[d.uri]), strings.Replace(twoBad, "bad", "good", 1); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestStaleResolve(t *testing.T) {
	c := open(t, workspace(t), puller(), nil)
	d := c.open("src/main.rs", twoBad)
	a := find(t, d.actions(at(1, 4, 4)), "Call good")
	d.change(edit(at(0, 0, 0), "\n"))
	c.refused(-32801, "codeAction/resolve", a.raw)
	d.close()
	c.refused(-32801, "codeAction/resolve", a.raw)
}

// TestAllowInsideString: above a line that begins inside a string there is no
// place for a comment.
func TestAllowInsideString(t *testing.T) {
	text := "fn f() {\n    print(\"\n  \"); bad();\n}\n"
	c := open(t, workspace(t), puller(), nil)
	d := c.open("src/main.rs", text)
	a := d.resolve(find(t, d.actions(at(2, 6, 6)), "Allow here with a reason: bad-name"))
	want := strings.Replace(text, "bad();\n", "bad(); // lectern: allow(bad-name): \n", 1)
	if got := apply(t, text, a.Edit.DocumentChanges[0].Edits); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
