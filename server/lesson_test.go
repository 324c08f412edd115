package server_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"
)

type opened struct {
	URI, Path, Title string
	Shown            bool
}

func command(name string, arguments ...any) object {
	return object{"command": name, "arguments": arguments}
}

func TestOpenLesson(t *testing.T) {
	c := launch(t)
	c.root = workspace(t)
	var shown struct{ URI string }
	c.reply["window/showDocument"] = func(params json.RawMessage) any {
		json.Unmarshal(params, &shown) //nolint:errcheck // then the URI is empty
		return object{"success": true}
	}
	c.initialize(puller(), nil)
	d := c.open("src/main.rs", "fn f() { bad(); }\n")
	a := find(t, d.actions(at(0, 9, 9)), "Open lesson: Calling names")

	var got opened
	c.call("workspace/executeCommand", a.Command, &got)
	c.mu.Lock()
	if shown.URI != got.URI || !got.Shown || got.URI != fileURI(got.Path) || got.Title != "Calling names" {
		t.Errorf("got %+v, and %q was shown", got, shown.URI)
	}
	c.mu.Unlock()
	content, err := os.ReadFile(got.Path)
	if err != nil || !strings.HasPrefix(string(content), "# Calling names\n") {
		t.Errorf("the page: got %q, %v", content, err)
	}
	if info, err := os.Stat(got.Path); err != nil || info.Mode().Perm()&0o222 != 0 {
		t.Errorf("the page can be written to: %v, %v", info.Mode(), err)
	}
	if !strings.HasPrefix(got.Path, c.cache) {
		t.Errorf("the page is at %s, want it in the cache folder %s", got.Path, c.cache)
	}
	// The link on that page leads to a page that is there in a moment.
	linked := strings.Replace(got.Path, "calls.md", "nested.md", 1)
	for start := time.Now(); ; time.Sleep(time.Millisecond) {
		if _, err := os.Stat(linked); err == nil {
			break
		} else if time.Since(start) > deadline {
			t.Fatalf("the page that is linked: %v", err)
		}
	}
}

// TestLessonIsHarmless: nothing on a page can act in an editor.
func TestLessonIsHarmless(t *testing.T) {
	c := open(t, workspace(t), puller(), nil)
	var got opened
	c.call("workspace/executeCommand", command("lectern.openLesson", "basics/nested"), &got)
	content, err := os.ReadFile(got.Path)
	if err != nil {
		t.Fatal(err)
	}
	want := "# Nested names\n\nA lesson about nesting, with &lt;script>alert(1)&lt;/script> and [a picture](https://example.com/x.png).\n\n" +
		"\\[Run\\]\\(command\\:workbench\\.action\\.quit\\) this\\.\n"
	if string(content) != want {
		t.Errorf("got  %q\nwant %q", content, want)
	}
}

func TestExplain(t *testing.T) {
	c := open(t, workspace(t), puller(), nil)
	var got opened
	c.call("workspace/executeCommand", command("lectern.explain", "bad-name"), &got)
	content, err := os.ReadFile(got.Path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"# A bad `name`\n", "## Why", "## What to do", "https://example.com/docs/bad.html"} {
		if !strings.Contains(string(content), want) {
			t.Errorf("the page has no %q:\n%s", want, content)
		}
	}
	if strings.Contains(string(content), "expression_statement") {
		t.Errorf("the page shows the query:\n%s", content)
	}
}

// TestLessonWithoutShowDocument: the client is told where the lesson is.
func TestLessonWithoutShowDocument(t *testing.T) {
	c := open(t, workspace(t), pusher(), nil)
	var got opened
	c.call("workspace/executeCommand", command("lectern.openLesson", "basics/calls"), &got)
	if got.Shown || got.Path == "" {
		t.Errorf("got %+v, want a path and nothing shown", got)
	}
	c.until("message with the path", func() bool {
		for _, n := range c.notes {
			if n.Method == "window/showMessage" && strings.Contains(string(n.Params), got.Path) {
				return true
			}
		}
		return false
	})
}

func TestCommandsThatAreNone(t *testing.T) {
	c := open(t, workspace(t), pusher(), nil)
	for _, params := range []any{
		command("lectern.fly"), command(""), command("lectern.openLesson"), command("lectern.openLesson", 7), command("lectern.openLesson", "no/such"),
		command("lectern.openLesson", "../../etc/passwd"), command("lectern.explain", "no-such"), command("lectern.explain", "bad-name", 7),
	} {
		c.refused(-32602, "workspace/executeCommand", params)
	}
}
