package server_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// vscode keeps its books on diagnostics as VS Code's client does: class
// DiagnosticRequestor in lib/common/diagnostic.js of vscode-languageclient 11.0.0.
// A document is pulled when it is opened and changed; the workspace is pulled at the
// start, and again two seconds after each answer, with the ids of what is known.
type vscode struct {
	*client
	documents map[string]string // ids of what was pulled for open documents, by URI
	workspace map[string]string // ids of what workspace reports told
	shown     map[string]string // codes in the list of problems
	asked     string            // the workspace request that waits for its answer
	token     int
}

func newVSCode(t *testing.T, root string) *vscode {
	t.Helper()
	return &vscode{
		client: open(t, root, puller(), nil), documents: map[string]string{}, workspace: map[string]string{}, shown: map[string]string{},
	}
}

// show opens a document and pulls it.
func (v *vscode) show(name, text string) *doc {
	d := v.open(name, text)
	v.pullDocument(d)
	return d
}

func (v *vscode) pullDocument(d *doc) {
	v.t.Helper()
	r := d.pull(v.documents[d.uri])
	if r.Kind == "full" {
		v.shown[d.uri] = codes(r.Items)
	}
	v.documents[d.uri] = r.ResultID
}

// hide closes a document. The client pulls it once more, drops the answer, since
// nobody sees the document any more, and relies on the workspace report. Whether
// that pull or didClose is first on the wire differs from version to version.
func (v *vscode) hide(d *doc, pullFirst bool) {
	v.t.Helper()
	pull := func() string {
		return v.ask("textDocument/diagnostic", object{"textDocument": d.id(), "previousResultId": v.documents[d.uri]})
	}
	var last string
	if pullFirst {
		last = pull()
	}
	delete(v.workspace, d.uri)
	d.close()
	if !pullFirst {
		last = pull()
	}
	if _, failed := v.await(last); failed != nil {
		v.t.Errorf("the last pull of %s: %v", d.uri, failed)
	}
	delete(v.documents, d.uri)
}

// pullWorkspace is what the timer does.
func (v *vscode) pullWorkspace() {
	v.token++
	previous := []object{}
	for uri, id := range v.workspace {
		if own, ok := v.documents[uri]; ok {
			id = own
		}
		previous = append(previous, object{"uri": uri, "value": id})
	}
	v.asked = v.ask("workspace/diagnostic", object{"previousResultIds": previous, "partialResultToken": "part-" + itoa(v.token)})
}

// settle pulls the workspace until the server holds the request since nothing is
// new. That it has looked is known when it has counted the workspace, too, which
// it does one after the other.
func (v *vscode) settle() {
	v.t.Helper()
	for range 5 {
		v.pullWorkspace()
		v.command(nil, "lectern.occurrences")
		v.mu.Lock()
		_, answered := v.answers[v.asked]
		v.mu.Unlock()
		if !answered {
			return
		}
		v.answered()
	}
	v.t.Fatal("the workspace request is answered again and again although nothing is new")
}

// becomes takes answers until the list of problems is as it should be.
func (v *vscode) becomes(when, problems string) {
	v.t.Helper()
	for range 5 {
		v.answered()
		if v.problems() == problems {
			return
		}
		v.pullWorkspace()
	}
	v.want(when, problems)
}

// answered takes the answer of the workspace request, and says what of it is new:
// the files that it reports in full.
func (v *vscode) answered() string {
	v.t.Helper()
	last := v.awaitWorkspace(v.asked)
	var all []fileReport
	v.mu.Lock()
	for _, note := range v.notes {
		var p struct {
			Token string
			Value workspaceReport
		}
		if note.Method == "$/progress" && json.Unmarshal(note.Params, &p) == nil && p.Token == "part-"+itoa(v.token) {
			all = append(all, p.Value.Items...)
		}
	}
	v.mu.Unlock()
	var full []string
	for _, f := range append(all, last.Items...) {
		if f.Kind == "full" {
			full = append(full, strings.TrimPrefix(f.URI, fileURI(v.root)+"/"))
			if _, own := v.documents[f.URI]; !own {
				v.shown[f.URI] = codes(f.Items)
			}
		}
		v.workspace[f.URI] = f.ResultID
	}
	slices.Sort(full)
	return strings.Join(full, " ")
}

// problems are what is shown, by file.
func (v *vscode) problems() string {
	var list []string
	for uri, codes := range v.shown {
		if codes != "" {
			list = append(list, strings.TrimPrefix(uri, fileURI(v.root)+"/")+": "+codes)
		}
	}
	slices.Sort(list)
	return strings.Join(list, "; ")
}

func (v *vscode) want(when, problems string) {
	v.t.Helper()
	if got := v.problems(); got != problems {
		v.t.Errorf("%s: got %q, want %q", when, got, problems)
	}
}

// TestVSCodePolls is a session of VS Code with a workspace of three files: one with
// a warning, one with concepts alone, one with nothing.
func TestVSCodePolls(t *testing.T) {
	const a, b = "fn outer() { bad(); }\n", "fn outer() {}\n"
	for _, pullFirst := range []bool{true, false} {
		root := workspace(t, "-- src/a.rs --\n"+a+"-- src/b.rs --\n"+b+"-- src/c.rs --\nfn c() {}\n")
		v := newVSCode(t, root)
		v.pullWorkspace()
		if got := v.answered(); got != "src/a.rs" {
			t.Errorf("the first answer has %q", got)
		}
		v.want("at the start", "src/a.rs: bad-name")

		// Nothing is new: the next request of the timer waits. So it does while
		// documents are typed in, which are pulled by themselves.
		v.settle()
		da, db := v.show("src/a.rs", a), v.show("src/b.rs", b)
		v.want("with documents", "src/a.rs: outer inner bad-name; src/b.rs: outer inner")
		db.change(edit(at(0, 0, 0), "fn f() { good(); }\n"))
		v.pullDocument(db)
		v.want("while typing", "src/a.rs: outer inner bad-name; src/b.rs: good-name outer inner")
		db.change(edit(span{position{0, 0}, position{1, 0}}, ""))
		v.pullDocument(db)
		v.answered() // that they are open is news
		v.settle()

		// Closed unchanged, their files have what they had before: a warning, and
		// nothing. Both are told, although the one is what the request may have named.
		v.hide(da, pullFirst)
		v.becomes("a.rs closed", "src/a.rs: bad-name; src/b.rs: outer inner")
		v.settle()
		v.hide(db, pullFirst)
		v.becomes("b.rs closed", "src/a.rs: bad-name")
		v.settle()

		// A document that is opened and closed while one request is held.
		dc := v.show("src/c.rs", "fn outer() { good(); }\n")
		v.answered()
		v.settle()
		v.hide(dc, pullFirst)
		v.becomes("c.rs closed without being saved", "src/a.rs: bad-name")

		// One that is no file of the workspace.
		v.settle()
		other := v.show("file:///nowhere/x.rs", "fn f() { good(); }\n")
		v.hide(other, pullFirst)
		v.becomes("a file of elsewhere, closed", "src/a.rs: bad-name")

		// A file that changes on disk, and one that goes.
		v.settle()
		writeFile(t, filepath.Join(root, "src/c.rs"), "fn c() { bad(); bad(); }\n")
		v.notify("workspace/didChangeWatchedFiles", object{"changes": []object{{"uri": fileURI(root, "src/c.rs"), "type": 2}}})
		v.becomes("c.rs written", "src/a.rs: bad-name; src/c.rs: bad-name bad-name")
		v.settle()
		if err := os.Remove(filepath.Join(root, "src/a.rs")); err != nil {
			t.Fatal(err)
		}
		v.notify("workspace/didChangeWatchedFiles", object{"changes": []object{{"uri": fileURI(root, "src/a.rs"), "type": 3}}})
		v.becomes("a.rs deleted", "src/c.rs: bad-name bad-name")

		// The client gives up a request and asks anew.
		v.settle()
		v.notify("$/cancelRequest", object{"id": mustInt(v.asked)})
		if _, failed := v.await(v.asked); failed == nil || failed.Code != -32800 {
			t.Errorf("canceled: got %v, want error -32800", failed)
		}
		v.settle()
	}
}
