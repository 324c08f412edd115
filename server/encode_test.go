package server_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
)

// What is told of a document that was typed is, to the byte, what is told of one
// that was opened with the same text.
func TestTypedIsToldAsOpened(t *testing.T) {
	capabilities := with(puller(), object{"relatedInformation": true, "codeDescriptionSupport": true, "dataSupport": true,
		"tagSupport": object{"valueSet": []int{1, 2}}}, "textDocument", "publishDiagnostics")
	for _, encoding := range []string{"utf-8", "utf-16"} {
		c := open(t, room(t, 0), with(capabilities, []string{encoding}, "general", "positionEncodings"), nil)
		content := long(t, 300)
		typed := c.open("src/typed.rs", content)
		lines := strings.Split(content, "\n")
		items := func(d *doc) (r struct{ Items json.RawMessage }) {
			d.call("textDocument/diagnostic", object{"textDocument": d.id()}, &r)
			return r
		}
		random := rand.New(rand.NewPCG(1, 1))
		told := 0
		for i := range 40 {
			n := random.IntN(len(lines))
			switch add := []string{"// é 😀", "static mut S: u8 = 0;", "// lectern: allow(static-mut)", ""}[i%4]; random.IntN(3) {
			case 0:
				typed.change(edit(at(n, 0, 0), add+"\n"))
				lines = append(lines[:n], append([]string{add}, lines[n:]...)...)
			case 1:
				typed.change(edit(at(n, 0, 0), "/* é😀 */ "))
				lines[n] = "/* é😀 */ " + lines[n]
			default:
				if n+1 < len(lines) {
					typed.change(edit(span{position{n, 0}, position{n + 1, 0}}, ""))
					lines = append(lines[:n], lines[n+1:]...)
				}
			}
			opened := c.open("src/opened.rs", strings.Join(lines, "\n"))
			got, want := string(items(typed).Items), strings.ReplaceAll(string(items(opened).Items), "opened.rs", "typed.rs")
			opened.close()
			if got != want {
				t.Fatalf("%s, edit %d: typed\n%s\nopened\n%s", encoding, i, got, want)
			}
			told += strings.Count(got, `"range"`)
		}
		if told < 100 {
			t.Errorf("only %d places were told", told)
		}
	}
}
