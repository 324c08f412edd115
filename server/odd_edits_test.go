package server_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// A hint whose fix writes what it found: it tells a test the text that the server
// has.
const echo = "\n-- course/basics/nested/echo.md --\n---\ntitle: Echo\nkind: concept\nmessage: \"echo\"\nfixes:\n  - title: Echo\n    applicability: maybe-incorrect\n    edits: [{replace: \"@hint\", with: \"{hint}\"}]\n---\nIt says what stands there.\n\n" +
	"```query\n((raw_string_literal) @hint)\n```\n"

// odd is text in which every place is hard: surrogate pairs, clusters of several
// code points, each kind of line end, characters that end no line, and empty lines.
const odd = "a😀e\u0301👨\u200d👩\r\nb\rc\u2028\u0085d\n\n\r\r\n\ufeffé漢🏴\U000E0067\U000E007F\r\n\x00\u0300"

// TestEditsEverywhere edits at every position of a hard text, and at many that are
// none: inside a character, behind the end of a line, between CR and LF, behind the
// last line, backwards. In each encoding the server has the text that the plain model
// has.
func TestEditsEverywhere(t *testing.T) {
	t.Parallel()
	for _, encoding := range []string{"utf-8", "utf-16", "utf-32"} {
		t.Run(encoding, func(t *testing.T) {
			t.Parallel()
			c := open(t, workspace(t, echo), with(puller(), []string{encoding}, "general", "positionEncodings"), nil)
			const before, behind = "static T: &str = r##\"", "\"##;\n"
			text := before + odd + behind
			d := c.open("src/main.rs", text)
			first := width(before, encoding)
			var places []position
			lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(before+odd), "\n")
			for line, content := range lines {
				from := 0
				if line == 0 {
					from = first
				}
				to := width(content, encoding)
				for character := from; character <= to; character++ {
					places = append(places, position{line, character})
				}
				if line < len(lines)-1 { // the last line ends behind the string
					places = append(places, position{line, to + 1}, position{line, to + 2}, position{line, 1<<31 - 1})
				}
			}
			var edits []object
			for i, p := range places {
				edits = append(edits, edit(span{p, p}, "X"), edit(span{p, p}, "\n"), edit(span{p, p}, "\r"), edit(span{p, p}, "🎈"))
				for _, n := range []int{1, 2, 5} {
					if i+n < len(places) {
						edits = append(edits, edit(span{p, places[i+n]}, ""), edit(span{places[i+n], p}, "Y")) // the second ends before it starts
					}
				}
			}
			for n, e := range edits {
				m := &plain{text, encoding}
				m.replace(e["range"].(span), e["text"].(string))
				end := position{1 << 30, 7} // behind the last line
				m.replace(span{end, end}, "// the end\n")
				d.change(text, e, edit(span{end, end}, "// the end\n"))
				got, ok := d.echo()
				want := m.text[len("static T: &str = ") : len(m.text)-len(";\n// the end\n")]
				if !ok || got != want {
					t.Fatalf("edit %d, %v of %q: got %q, want %q", n, e, text, got, want)
				}
			}
			t.Logf("%d edits", len(edits))
		})
	}
}

// echo is the text of the document's raw string, as the server has it.
func (d *doc) echo() (string, bool) {
	d.t.Helper()
	at := position{0, len("static T: &str = r")}
	for _, a := range d.actions(span{at, at}, "quickfix") {
		if a.Title != "Echo" {
			continue
		}
		if a.Edit == nil {
			a = d.resolve(a)
		}
		if a.Edit != nil && len(a.Edit.DocumentChanges) == 1 && len(a.Edit.DocumentChanges[0].Edits) == 1 {
			return a.Edit.DocumentChanges[0].Edits[0].NewText, true
		}
	}
	return "", false
}

// TestEditsOutside: ranges that are no places at all, by their numbers, change
// nothing but what LSP says that they mean, and what is no number is refused.
func TestEditsOutside(t *testing.T) {
	t.Parallel()
	c := open(t, workspace(t, echo), puller(), nil)
	const text = "static T: &str = r##\"a\"##;\n"
	d := c.open("src/main.rs", text)
	for _, r := range []string{
		`{"start":{"line":-1,"character":0},"end":{"line":0,"character":0}}`, `{"start":{"line":0,"character":-1},"end":{"line":0,"character":0}}`,
		`{"start":{"line":0.5,"character":0},"end":{"line":0,"character":0}}`, `{"start":{"line":4294967296,"character":0},"end":{"line":0,"character":0}}`,
		`{"start":{"line":"0","character":0},"end":{"line":0,"character":0}}`, `{"start":null,"end":null}`, `{"start":{"line":1e99,"character":0},"end":{"line":0,"character":0}}`,
	} {
		d.version++
		c.raw(frame("", "textDocument/didChange", fmt.Sprintf(`{"textDocument":{"uri":%q,"version":%d},"contentChanges":[{"range":%s,"text":"broken"}]}`, d.uri, d.version, r)))
		if got, ok := d.echo(); !ok || got != `r##"a"##` {
			t.Fatalf("after the range %s: got %q", r, got)
		}
	}
	// The largest numbers that there are stand behind the end.
	d.change(edit(span{position{1<<31 - 1, 1<<31 - 1}, position{1<<31 - 1, 1<<31 - 1}}, "// x\n"))
	far, err := json.Marshal(object{"line": uint32(1<<32 - 1), "character": uint32(1<<32 - 1)})
	if err != nil {
		t.Fatal(err)
	}
	d.version++
	c.raw(frame("", "textDocument/didChange", fmt.Sprintf(`{"textDocument":{"uri":%q,"version":%d},"contentChanges":[{"range":{"start":%s,"end":%s},"text":"static U: &str = r##\"b\"##;\n"}]}`, d.uri, d.version, far, far)))
	if got := len(d.actions(at(2, 20, 20), "quickfix")); got == 0 {
		t.Error("what was written behind the end is not there")
	}
	if got, ok := d.echo(); !ok || got != `r##"a"##` {
		t.Errorf("got %q", got)
	}
}
