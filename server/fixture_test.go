package server_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// workspace writes the files of a txtar archive in testdata, and those of more
// archives over it, to a new folder.
func workspace(t testing.TB, more ...string) string {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	base, err := txtar.ParseFile(filepath.Join("testdata", "workspace.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, root, base)
	for _, m := range more {
		write(t, root, txtar.Parse([]byte(m)))
	}
	return root
}

func write(t testing.TB, root string, a *txtar.Archive) {
	t.Helper()
	for _, f := range a.Files {
		writeFile(t, filepath.Join(root, f.Name), string(f.Data))
	}
}

func writeFile(t testing.TB, name, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// fileURI is the URI of a path that needs no escaping.
func fileURI(parts ...string) string { return "file://" + filepath.Join(parts...) }

// object is a JSON object.
type object = map[string]any

// Kinds of clients, by their capabilities.

// pusher is a client that cannot pull diagnostics, and much else.
func pusher() object {
	return object{
		"general": object{"positionEncodings": []string{"utf-16"}},
		"textDocument": object{
			"publishDiagnostics": object{"relatedInformation": true, "versionSupport": true, "codeDescriptionSupport": true, "dataSupport": true,
				"tagSupport": object{"valueSet": []int{1, 2}}},
			"hover": object{"contentFormat": []string{"markdown", "plaintext"}},
		},
	}
}

// puller is a client as VS Code is one.
func puller() object {
	return object{
		"general": object{"positionEncodings": []string{"utf-8", "utf-16"}},
		"workspace": object{
			"configuration":          true,
			"workspaceEdit":          object{"documentChanges": true},
			"diagnostics":            object{"refreshSupport": true},
			"didChangeConfiguration": object{"dynamicRegistration": true},
			"didChangeWatchedFiles":  object{"dynamicRegistration": true, "relativePatternSupport": true},
			"workspaceFolders":       true,
		},
		"window": object{"showDocument": object{"support": true}},
		"textDocument": object{
			"diagnostic":         object{"dynamicRegistration": true},
			"publishDiagnostics": object{"relatedInformation": true, "codeDescriptionSupport": true, "tagSupport": object{"valueSet": []int{1, 2}}},
			"hover":              object{"contentFormat": []string{"markdown", "plaintext"}},
			"codeAction": object{
				"codeActionLiteralSupport": object{"codeActionKind": object{"valueSet": []string{"quickfix", "source.fixAll"}}},
				"isPreferredSupport":       true, "dataSupport": true,
				"resolveSupport": object{"properties": []string{"edit"}},
			},
		},
	}
}

// with sets a capability: with(c, true, "window", "showDocument", "support").
func with(c object, value any, path ...string) object {
	at := c
	for _, p := range path[:len(path)-1] {
		next, ok := at[p].(object)
		if !ok {
			next = object{}
			at[p] = next
		}
		at = next
	}
	if value == nil {
		delete(at, path[len(path)-1])
	} else {
		at[path[len(path)-1]] = value
	}
	return c
}

// open starts a session in a folder; options may be nil.
func open(t testing.TB, root string, capabilities object, options any) *client {
	t.Helper()
	c := launch(t)
	c.root = root
	c.initialize(capabilities, options)
	return c
}

func (c *client) initialize(capabilities object, options any) (result object) {
	c.t.Helper()
	params := object{"processId": os.Getpid(), "capabilities": capabilities, "clientInfo": object{"name": "test"}, "rootUri": nil}
	if c.root != "" {
		params["rootUri"] = fileURI(c.root)
		params["workspaceFolders"] = []object{{"uri": fileURI(c.root), "name": "test"}}
	}
	if options != nil {
		params["initializationOptions"] = options
	}
	c.call("initialize", params, &result)
	c.notify("initialized", object{})
	return result
}

// doc is a document of the client.
type doc struct {
	*client
	uri     string
	version int
}

func (c *client) open(name, content string) *doc {
	d := &doc{client: c, uri: name, version: 1}
	if !strings.Contains(name, ":") {
		d.uri = fileURI(c.root, name)
	}
	language := "rust"
	if strings.HasSuffix(name, ".toml") {
		language = "toml"
	}
	c.notify("textDocument/didOpen", object{"textDocument": object{"uri": d.uri, "languageId": language, "version": 1, "text": content}})
	return d
}

// change makes changes: whole texts (a string) or edits of ranges.
func (d *doc) change(changes ...any) {
	d.version++
	list := []any{}
	for _, c := range changes {
		if s, ok := c.(string); ok {
			c = object{"text": s}
		}
		list = append(list, c)
	}
	d.notify("textDocument/didChange", object{"textDocument": object{"uri": d.uri, "version": d.version}, "contentChanges": list})
}

func (d *doc) close() {
	d.notify("textDocument/didClose", object{"textDocument": d.id()})
}

func (d *doc) id() object { return object{"uri": d.uri} }

type position struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

type span struct {
	Start position `json:"start"`
	End   position `json:"end"`
}

func at(line, from, to int) span { return span{position{line, from}, position{line, to}} }

func edit(r span, text string) object { return object{"range": r, "text": text} }

type hover struct {
	Contents struct{ Kind, Value string }
	Range    span
}

func (d *doc) hoverAt(line, character int) *hover {
	d.t.Helper()
	var h *hover
	d.call("textDocument/hover", object{"textDocument": d.id(), "position": position{line, character}}, &h)
	return h
}

// title is the first line of a hover without its marks, or "" for none.
func (h *hover) title() string {
	if h == nil {
		return ""
	}
	first, _, _ := strings.Cut(h.Contents.Value, "\n")
	return strings.Trim(first, "* ")
}

type diagnostic struct {
	Range              span
	Severity           int
	Code               string
	Source             string
	Message            string
	Tags               []int
	CodeDescription    *struct{ Href string }
	RelatedInformation []struct {
		Location struct {
			URI   string
			Range span
		}
		Message string
	}
	Data json.RawMessage
}

type published struct {
	URI         string
	Version     int
	Diagnostics []diagnostic
}

// publications are what was pushed for a URI so far.
func (c *client) publications(uri string) []published {
	var list []published
	for _, n := range c.notes {
		var p published
		if n.Method == "textDocument/publishDiagnostics" && json.Unmarshal(n.Params, &p) == nil && p.URI == uri {
			list = append(list, p)
		}
	}
	return list
}

// pushed waits for what is pushed for a document's present version.
func (d *doc) pushed() []diagnostic {
	d.t.Helper()
	var last published
	d.until("push for "+d.uri, func() bool {
		list := d.publications(d.uri)
		if len(list) == 0 {
			return false
		}
		last = list[len(list)-1]
		return last.Version == d.version
	})
	return last.Diagnostics
}

type report struct {
	Kind     string
	ResultID string
	Items    []diagnostic
}

func (d *doc) pull(previous string) (r report) {
	d.t.Helper()
	params := object{"textDocument": d.id()}
	if previous != "" {
		params["previousResultId"] = previous
	}
	d.call("textDocument/diagnostic", params, &r)
	return r
}

// codes are the codes of diagnostics, in order.
func codes(list []diagnostic) string {
	var out []string
	for _, d := range list {
		out = append(out, d.Code)
	}
	return strings.Join(out, " ")
}

func mustInt(id string) int {
	n, err := strconv.Atoi(id)
	if err != nil {
		panic(err)
	}
	return n
}

func itoa(n int) string { return strconv.Itoa(n) }
