package server_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// requests and notifications are every method of the server's table.
var requests = []string{
	"textDocument/hover", "textDocument/codeAction", "textDocument/diagnostic", "codeAction/resolve", "workspace/executeCommand", "workspace/diagnostic",
	"textDocument/completion", "textDocument/documentLink", "textDocument/codeLens", "workspace/textDocumentContent", "initialize",
}

var notifications = []string{
	"textDocument/didOpen", "textDocument/didChange", "textDocument/didClose", "textDocument/didSave", "initialized", "$/cancelRequest", "$/setTrace",
	"workspace/didChangeConfiguration", "workspace/didChangeWatchedFiles", "workspace/didChangeWorkspaceFolders",
	"workspace/didCreateFiles", "workspace/didRenameFiles", "workspace/didDeleteFiles", "window/workDoneProgress/cancel",
}

// malformed are params, as JSON, in which something is wrong wherever a method
// looks: each field that LSP knows with each kind of value that it is not.
func malformed(uri string) []string {
	whole := map[string]string{
		"textDocument": fmt.Sprintf(`{"uri":%q,"version":7,"languageId":"rust","text":"x"}`, uri), "position": `{"line":0,"character":0}`,
		"range": `{"start":{"line":0,"character":0},"end":{"line":0,"character":1}}`, "context": `{"diagnostics":[]}`, "title": `"t"`, "command": `"lectern.openLesson"`,
		"arguments": `[]`, "data": `{}`, "contentChanges": `[{"text":"fn outer() {}\n"}]`, "id": `1`, "value": `"off"`, "settings": `{}`, "changes": `[]`, "event": `{"added":[],"removed":[]}`,
		"files": `[]`, "previousResultIds": `[]`, "identifier": `"x"`, "previousResultId": `"x"`, "uri": `"lectern:x"`, "token": `"x"`, "text": `"x"`,
	}
	wrong := []string{
		`null`, `true`, `-1`, `1e999`, `99999999999999999999`, `0.5`, `"text"`, `[]`, `[[]]`, `[null]`, `{}`, `{"uri":null}`, `{"uri":"file:///%zz"}`, `{"line":-1,"character":-1}`,
		`{"line":4294967296,"character":0}`, `{"start":null,"end":{"line":"0"}}`, `{"diagnostics":[null,{"range":7}],"only":3}`, `[{"range":{"start":{"line":-1}},"text":5}]`,
		`[{"uri":5,"type":"x"}]`, `{"added":[{"uri":7}],"removed":[null]}`, strings.Repeat("[", 200) + strings.Repeat("]", 200), `"\ud800"`,
	}
	list := []string{"", `null`, `[]`, `"text"`, `7`, `true`, `{}`, `{"":{}}`, strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000)}
	for _, field := range sortedKeys(whole) {
		for _, w := range wrong {
			if field == "textDocument" && w == whole[field] {
				continue
			}
			parts := []string{fmt.Sprintf("%q:%s", field, w)}
			for _, other := range sortedKeys(whole) {
				if other != field {
					parts = append(parts, fmt.Sprintf("%q:%s", other, whole[other]))
				}
			}
			list = append(list, "{"+strings.Join(parts, ",")+"}")
		}
		list = append(list, fmt.Sprintf(`{%q:%s}`, field, whole[field]))
	}
	return list
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	for i := range keys {
		for k := i; k > 0 && keys[k] < keys[k-1]; k-- {
			keys[k], keys[k-1] = keys[k-1], keys[k]
		}
	}
	return keys
}

// message is the frame of a request, or of a notification when id is "".
func frame(id, method, params string) string {
	body := fmt.Sprintf(`{"jsonrpc":"2.0","method":%q`, method)
	if id != "" {
		body += `,"id":` + id
	}
	if params != "" {
		body += `,"params":` + params
	}
	return framed(body + "}")
}

// TestEveryMethodMalformed sends every method all kinds of wrong params. Each
// request is answered once, with one of the codes that the protocol has for it,
// and a document that was not meant stays what it was.
func TestEveryMethodMalformed(t *testing.T) {
	t.Parallel()
	c := open(t, workspace(t), puller(), nil)
	d := c.open("src/main.rs", "fn outer() {}\n")
	victim := fileURI(c.root, "src/victim.rs")
	var all strings.Builder
	var ids []string
	for _, params := range malformed(victim) {
		for _, m := range requests {
			id := fmt.Sprintf(`"m%d"`, len(ids))
			ids = append(ids, id)
			all.WriteString(frame(id, m, params))
		}
		for _, m := range notifications {
			all.WriteString(frame("", m, params))
		}
	}
	c.raw(all.String())
	codes := map[int]bool{-32600: true, -32601: true, -32602: true, -32603: true, -32700: true, -32800: true, -32801: true, -32803: true}
	for _, id := range ids {
		_, failed := c.await(id)
		if failed != nil && !codes[failed.Code] {
			t.Errorf("request %s: got code %d (%s)", id, failed.Code, failed.Message)
		}
	}
	d.alive("all that")
}

// TestIDs: an answer has the id of its question, whatever it looks like.
func TestIDs(t *testing.T) {
	t.Parallel()
	c := open(t, workspace(t), pusher(), nil)
	d := c.open("src/main.rs", "fn outer() {}\n")
	params := fmt.Sprintf(`{"textDocument":{"uri":%q},"position":{"line":0,"character":3}}`, d.uri)
	for _, id := range []string{`-5`, `0`, `9007199254740993`, `"a string"`, `""`, `"7"`, `"\u00e9\n"`} {
		c.raw(frame(id, "textDocument/hover", params))
		var want any
		json.Unmarshal([]byte(id), &want) //nolint:errcheck // they are valid
		c.until("answer to id "+id, func() bool {
			for got := range c.answers {
				var have any
				if json.Unmarshal([]byte(got), &have) == nil && have == want {
					return true
				}
			}
			return false
		})
	}
	// What is no id: it may be refused, but nothing else may come to harm.
	for _, id := range []string{`null`, `1.5`, `1e3`, `true`, `[]`, `{}`, `99999999999999999999999`} {
		c.raw(frame(id, "textDocument/hover", params))
	}
	// Cancels of nothing, of what is answered, and of no sense.
	for _, p := range []string{"", `null`, `[]`, `{}`, `{"id":null}`, `{"id":1.5}`, `{"id":[]}`, `{"id":{"id":1}}`, `{"id":"nobody's"}`, `{"id":0}`, `{"id":"a string"}`, `7`} {
		c.raw(frame("", "$/cancelRequest", p))
		c.raw(frame(`"cancel"`, "$/cancelRequest", p))
	}
	d.alive("ids of all kinds")
}

// TestOutsideOfASession: before initialize and after shutdown requests are refused
// with the codes that LSP names, and notifications are dropped.
func TestOutsideOfASession(t *testing.T) {
	t.Parallel()
	c := launch(t)
	c.root = workspace(t)
	for _, m := range append(requests, "shutdown", "no/such") {
		if m != "initialize" {
			c.refused(-32002, m, object{})
		}
	}
	for _, m := range notifications {
		c.notify(m, object{})
	}
	c.refused(-32602, "initialize", []any{7})
	c.initialize(puller(), nil)
	c.refused(-32600, "initialize", object{"capabilities": object{}})
	d := c.open("src/main.rs", "fn outer() {}\n")
	d.alive("a second initialize")
	c.call("shutdown", nil, nil)
	for _, m := range append(requests, "shutdown", "no/such") {
		c.refused(-32600, m, object{})
	}
	for _, m := range notifications {
		c.notify(m, object{})
	}
	c.notify("exit", nil)
	if got := c.code(); got != 0 {
		t.Errorf("exit code: got %d, want 0", got)
	}
}

// TestURIsOfAllKinds opens documents by URIs of all kinds, and asks for them in another
// spelling of the same.
func TestURIsOfAllKinds(t *testing.T) {
	t.Parallel()
	c := open(t, workspace(t), puller(), nil)
	base := fileURI(c.root, "src/")
	for _, test := range []struct{ open, ask string }{
		{base + "/a%20b.rs", base + "/a b.rs"},
		{base + "/100%25.rs", base + "/100%25.rs"},
		{base + "/%25zz%252F.rs", base + "/%25zz%252F.rs"},
		{base + "/%C3%A9.rs", base + "/%c3%a9.rs"},
		{base + "/é1.rs", base + "/%C3%A91.rs"},
		{base + "/e\u0301.rs", base + "/e%CC%81.rs"},
		{base + "/😀.rs", base + "/%F0%9F%98%80.rs"},
		{base + "/a+b&c=d;e,f@g!.rs", base + "/a%2Bb%26c%3Dd%3Be%2Cf%40g%21.rs"},
		{"file:///c:/Users/x/main.rs", "file:///c%3A/Users/x/main.rs"},
		{"untitled:Untitled-1", "untitled:Untitled-1"},
		{"vscode-notebook-cell:/x/y.ipynb#W0sZmlsZQ%3D%3D", "vscode-notebook-cell:/x/y.ipynb#W0sZmlsZQ%3D%3D"},
		{"git:/x/main.rs?%7B%22ref%22%3A%22~%22%7D", "git:/x/main.rs?%7B%22ref%22%3A%22~%22%7D"},
		{"file://host/share/main.rs", "file://host/share/main.rs"},
		{"vscode-remote://wsl%2Bubuntu/home/x.rs", "vscode-remote://wsl%2Bubuntu/home/x.rs"},
		{"zipfile:///x/y.zip::a.rs", "zipfile:///x/y.zip::a.rs"},
		{strings.Repeat("x", 100_000) + ":y", strings.Repeat("x", 100_000) + ":y"},
	} {
		c.notify("textDocument/didOpen", object{"textDocument": object{"uri": test.open, "languageId": "rust", "version": 1, "text": "fn outer() {}\n"}})
		d := &doc{client: c, uri: test.ask, version: 1}
		d.alive(fmt.Sprintf("opening %.60s and asking for %.60s", test.open, test.ask))
		d.change(edit(at(0, 0, 0), "\n"))
		if got := d.hoverAt(1, 3).title(); got != "The outer one" {
			t.Errorf("%.60s after an edit: got %q", test.ask, got)
		}
		d.close()
	}
	// Names that differ are different documents.
	a, b := c.open(base+"/%C3%A9.rs", "fn outer() {}\n"), c.open(base+"/e%CC%81.rs", "\n")
	a.alive("opening the decomposed name")
	b.close()
	a.alive("closing it")
	// What is no URI may mean a file outside of the workspace, whose course it then
	// does not see; it is answered or refused.
	for _, u := range []string{"not a uri at all", "file:relative.rs", "%", "%zz", ":", "/a.rs", "a\x00b:c", "http://[::1"} {
		c.notify("textDocument/didOpen", object{"textDocument": object{"uri": u, "languageId": "rust", "version": 1, "text": "fn outer() {}\n"}})
		d := &doc{client: c, uri: u, version: 1}
		d.change(edit(at(0, 0, 0), "\n"))
		if _, failed := c.await(c.ask("textDocument/hover", object{"textDocument": d.id(), "position": position{1, 3}})); failed != nil && failed.Code != -32602 {
			t.Errorf("the URI %q: got %v, want a hover or code -32602", u, failed)
		}
		d.close()
		a.alive("the URI " + u)
	}
	// The root of all files is no document, and what an empty URI is read as.
	for _, u := range []string{"", "file:", "file://", "file:///"} {
		c.notify("textDocument/didOpen", object{"textDocument": object{"uri": u, "languageId": "rust", "version": 1, "text": "x"}})
		c.refused(-32602, "textDocument/hover", object{"textDocument": object{"uri": u}, "position": position{}})
		a.alive("the URI " + u)
	}
}

// TestRoots: workspaces that are not there, no folders, links.
func TestRoots(t *testing.T) {
	t.Parallel()
	root := workspace(t)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(root, link); err != nil {
		t.Fatal(err)
	}
	loop := filepath.Join(t.TempDir(), "loop")
	if err := os.Symlink(loop, loop); err != nil {
		t.Fatal(err)
	}
	for _, params := range []object{
		{"rootUri": nil}, {}, {"workspaceFolders": nil}, {"workspaceFolders": []any{}}, {"rootUri": "file:///no/such/folder"}, {"rootPath": "/no/such"},
		{"rootUri": "untitled:x"}, {"rootUri": "%"}, {"rootUri": fileURI(loop)}, {"rootUri": "file:///dev/null"},
		{"workspaceFolders": []object{{"uri": "", "name": ""}, {"uri": "x", "name": "y"}, {"uri": fileURI(loop), "name": "z"}}},
	} {
		c := launch(t)
		params["capabilities"] = puller()
		params["processId"] = 1 << 22 // nobody's
		c.call("initialize", params, nil)
		c.notify("initialized", object{})
		d := c.open("file:///no/such/main.rs", "fn f() {}\n")
		d.hoverAt(0, 3)
		if got := c.exit(); got != 0 {
			t.Errorf("%v: exit code %d", params, got)
		}
	}
	// One file by its link and by where that leads: two documents, each checked.
	c := open(t, link, puller(), nil)
	through := c.open("src/main.rs", "fn outer() {}\n")
	target := c.open(fileURI(root, "src/main.rs"), "\nfn f() {}\n")
	through.alive("a root that is a link")
	target.hoverAt(0, 0)
	target.close()
	through.alive("the other name was closed")
}

// TestManyDocuments opens 500.
func TestManyDocuments(t *testing.T) {
	t.Parallel()
	c := open(t, workspace(t), puller(), nil)
	docs := make([]*doc, 500)
	for i := range docs {
		docs[i] = c.open("src/d"+itoa(i)+".rs", strings.Repeat("\n", i%50)+"fn outer() { bad(); }\n")
	}
	for i, d := range docs {
		d.change(edit(at(0, 0, 0), "\n"))
		if got := d.hoverAt(i%50+1, 3).title(); got != "The outer one" {
			t.Errorf("document %d: got %q", i, got)
		}
	}
	for _, d := range docs {
		d.close()
	}
	if peak := c.peak(); peak > maxPeak/4 {
		t.Errorf("500 small documents take %d KB", peak)
	}
}

// TestClientDiesMidMessage kills a client, a process between this one and the
// server, that has sent half a message.
func TestClientDiesMidMessage(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Fatal(err)
	}
	for _, half := range []string{"Content-Len", "Content-Length: 50\r\n\r\n{\"jsonrpc\":", greeting + "Content-Length: 900000\r\n\r\n{"} {
		out := filepath.Join(t.TempDir(), "pid")
		// The shell is the client: it holds the only end of the pipe that the server reads.
		script := `mkfifo "$0.pipe"; "$1" serve <"$0.pipe" >"$0.out" 2>/dev/null & server=$!; exec 3>"$0.pipe"; printf %s "$2" >&3; echo $server >"$0"; read forever`
		client := exec.Command("sh", "-c", script, out, binary, half)
		input, err := client.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		defer input.Close()
		if err := client.Start(); err != nil {
			t.Fatal(err)
		}
		var server int
		eventually(t, "the server starts", func() bool {
			b, _ := os.ReadFile(out)
			_, err := fmt.Sscan(string(b), &server)
			return err == nil && strings.HasSuffix(string(b), "\n")
		})
		client.Process.Kill() //nolint:errcheck // waited for below
		client.Wait()         //nolint:errcheck // it was killed
		eventually(t, "the server ends with its client", func() bool { return !running(server) })
	}
}

// running reports that a process is there and no zombie.
func running(pid int) bool {
	if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil {
		_, rest, _ := strings.Cut(string(stat), ") ")
		return !strings.HasPrefix(rest, "Z")
	}
	p, err := os.FindProcess(pid)
	return err == nil && p.Signal(syscall.Signal(0)) == nil
}

func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	late := time.After(deadline)
	for !condition() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("not within %v: %s", deadline, what)
		}
	}
}

// TestOutputClosed: a server whose output nobody will ever read ends.
func TestOutputClosed(t *testing.T) {
	t.Parallel()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary, "serve")
	cmd.Stdout = w
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	r.Close()
	ended := make(chan struct{})
	go func() { cmd.Wait(); close(ended) }() //nolint:errcheck // only its end is of interest
	in.Write([]byte(greeting))               //nolint:errcheck // it may have ended already
	defer in.Close()
	for i := 0; ; i++ {
		in.Write([]byte(frame(itoa(i), "textDocument/hover", "{}"))) //nolint:errcheck // until it ends
		select {
		case <-ended:
			return
		default:
		}
	}
}
