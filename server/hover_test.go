package server_test

import (
	"strings"
	"testing"
)

func TestHover(t *testing.T) {
	c := open(t, workspace(t), pusher(), nil)
	//                          0         1         2
	//                          0123456789012345678901234567
	d := c.open("src/main.rs", "fn outer() { bad(); good() }\nfn other() { good(); }\n")
	for _, test := range []struct {
		line, character int
		want            string // titles, the innermost first
	}{
		{0, 0, "The outer one"},
		{0, 10, "The outer one"},
		{0, 11, "The inner one, The outer one"}, // the brace
		{0, 12, "The inner one, The outer one"},
		{0, 13, "A bad `name`, The inner one, The outer one"}, // its first character
		{0, 17, "A bad `name`, The inner one, The outer one"}, // its last
		{0, 18, "A bad `name`, The inner one, The outer one"}, // the cursor behind it
		{0, 19, "The inner one, The outer one"},
		{0, 20, "A good name, The inner one, The outer one"},
		{0, 28, "The inner one, The outer one"}, // behind the last brace
		{1, 0, ""},
		{1, 12, ""},
		{1, 13, "A good name"},
		{1, 18, "A good name"},
		{1, 19, "A good name"},
		{1, 20, ""},
		{2, 0, ""},
		{9, 9, ""},
	} {
		h := d.hoverAt(test.line, test.character)
		if got := titles(h); got != test.want {
			t.Errorf("%d:%d: got %q, want %q", test.line, test.character, got, test.want)
		}
		if h == nil {
			continue
		}
		if n := strings.Count(h.Contents.Value, "\n") + 1; n > 8 {
			t.Errorf("%d:%d: %d lines, want at most 8:\n%s", test.line, test.character, n, h.Contents.Value)
		}
	}
	if got, want := d.hoverAt(0, 13).Range, at(0, 13, 18); got != want {
		t.Errorf("range: got %v, want that of the innermost, %v", got, want)
	}
}

// titles are the bold lines of a hover.
func titles(h *hover) string {
	if h == nil {
		return ""
	}
	var out []string
	for line := range strings.Lines(h.Contents.Value) {
		line = strings.TrimSpace(line)
		if s, ok := strings.CutPrefix(line, "**"); ok {
			out = append(out, strings.TrimSuffix(s, "**"))
		}
	}
	if strings.Contains(h.Contents.Value, "and 1 more around it") {
		out = append(out, "The outer one")
	}
	return strings.Join(out, ", ")
}

func TestHoverText(t *testing.T) {
	t.Run("Markdown", func(t *testing.T) {
		c := open(t, workspace(t), pusher(), nil)
		got := c.open("src/main.rs", "fn f() { bad(); }").hoverAt(0, 9)
		lines := strings.Split(got.Contents.Value, "\n")
		want := []string{
			"**A bad `name`**",
			"",
			// Raw HTML is text, a link to a command its name, a link to a lesson its page.
			"Calling `bad` is &lt;b>never&lt;/b> good, as [the lesson](file://LESSON/basics/calls.md) and a command say.",
			"",
			"[Basics › Calling names](file://LESSON/basics/calls.md) · [example.com: bad](https://example.com/docs/bad.html)",
		}
		if got.Contents.Kind != "markdown" || len(lines) != len(want) {
			t.Fatalf("got %s %q, want markdown %q", got.Contents.Kind, lines, want)
		}
		for i, w := range want {
			if got := lessonPath(lines[i]); got != w {
				t.Errorf("line %d: got %q, want %q", i, got, w)
			}
		}
	})
	t.Run("plain text", func(t *testing.T) {
		caps := with(pusher(), []string{"plaintext"}, "textDocument", "hover", "contentFormat")
		c := open(t, workspace(t), caps, nil)
		got := c.open("src/main.rs", "fn f() { bad(); }").hoverAt(0, 9)
		lines := strings.Split(got.Contents.Value, "\n")
		want := "Calling bad is <b>never</b> good, as the lesson (file://LESSON/basics/calls.md) and a command say."
		if got.Contents.Kind != "plaintext" || len(lines) != 5 || lines[0] != "A bad name" || lessonPath(lines[2]) != want {
			t.Errorf("got %s %q, want %q", got.Contents.Kind, lines, want)
		}
	})
}

// lessonPath names the folder of lessons in a text LESSON.
func lessonPath(s string) string {
	for {
		start := strings.Index(s, "file:///")
		if start < 0 {
			return strings.ReplaceAll(s, "file:LESSON", "file://LESSON")
		}
		end := strings.Index(s[start:], "/basics/")
		if end < 0 {
			return s
		}
		s = s[:start] + "file:LESSON" + s[start+end:]
	}
}

// TestShippedCourse: the built-in course works without any settings. Its words
// are not looked at.
func TestShippedCourse(t *testing.T) {
	c := launch(t)
	c.initialize(pusher(), nil)
	d := c.open("file:///nowhere/src/main.rs", `use std::sync::atomic::{AtomicUsize, Ordering};

fn f(n: &AtomicUsize) -> usize {
    n.load(Ordering::Release)
}
`)
	if len(d.pushed()) == 0 {
		t.Error("an invalid ordering is not reported")
	}
	if d.hoverAt(3, 13) == nil {
		t.Error("no hover on an ordering")
	}
	if h := d.hoverAt(1, 0); h != nil {
		t.Errorf("hover on an empty line: got %v, want null", h)
	}
}
