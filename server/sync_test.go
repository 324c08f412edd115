package server_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

// width counts the units of a string in an encoding, by the plainest means.
func width(s, encoding string) int {
	switch encoding {
	case "utf-8":
		return len(s)
	case "utf-16":
		return len(utf16.Encode([]rune(s)))
	default:
		return utf8.RuneCountInString(s)
	}
}

// hard is a document with everything that makes columns hard. Each line that
// ends in a name has it at a place that only counting right finds.
var hard = []string{
	"\ufeff/* a byte order mark stands in front of this */",
	"fn outer() { let _ = /* 😀😀 */ k0; }",
	"\tfn tabs() { let _ = \t/* é */ k1; }",
	"fn rtl() { let _ = (\"שלום עולם\", k2); }",
	"fn family() { let _ = (\"👨‍👩‍👧‍👦 e\u0301\", k0); }",
	"fn cjk() { let _ = (\"漢字🀄\", k1); }",
	"",
	"fn end() { let _ = k2; }",
}

func TestEncodings(t *testing.T) {
	titles := map[byte]string{'0': "Name alpha", '1': "Name beta", '2': "Name gamma"}
	for _, encoding := range []string{"utf-8", "utf-16", "utf-32"} {
		for _, ending := range []string{"\n", "\r\n", "\r"} {
			t.Run(fmt.Sprintf("%s %q", encoding, ending), func(t *testing.T) {
				caps := with(pusher(), []string{encoding}, "general", "positionEncodings")
				c := open(t, workspace(t), caps, nil)
				d := c.open("src/hard.rs", strings.Join(hard, ending))
				check := func(lines []string) {
					t.Helper()
					for n, line := range lines {
						i := strings.LastIndex(line, "k")
						if i < 0 || !strings.Contains("012", line[i+1:i+2]) {
							continue
						}
						from := width(line[:i], encoding)
						want := at(n, from, from+2)
						for character := from; character <= from+2; character++ {
							h := d.hoverAt(n, character)
							if h.title() != titles[line[i+1]] || h.Range != want {
								t.Errorf("line %d character %d: got %q at %v, want %q at %v", n, character, h.title(), h, titles[line[i+1]], want)
							}
						}
						for _, character := range []int{from - 1, from + 3} {
							if h := d.hoverAt(n, character); h != nil && strings.HasPrefix(h.title(), "Name") {
								t.Errorf("line %d character %d beside the name: got %q, want null", n, character, h.title())
							}
						}
					}
				}
				check(hard)

				// Typing behind wide characters, and taking it away.
				lines := slices.Clone(hard)
				for n, line := range lines {
					i := strings.LastIndex(line, "k")
					if i < 0 || n == 0 {
						continue
					}
					from := width(line[:i], encoding)
					d.change(edit(at(n, from, from), "/*🎈*/ "))
					lines[n] = line[:i] + "/*🎈*/ " + line[i:]
				}
				check(lines)
				d.change(edit(at(4, width("fn family() { let _ = (\"", encoding), width("fn family() { let _ = (\"👨‍👩‍👧‍👦", encoding)), ""))
				lines[4] = strings.Replace(lines[4], "👨‍👩‍👧‍👦", "", 1)
				check(lines)

				// The diagnostics of all that are the diagnostics of the text opened anew.
				fresh := c.open("src/fresh.rs", strings.Join(lines, ending))
				got, want := fmt.Sprint(d.finally()), fmt.Sprint(fresh.pushed())
				if got != strings.ReplaceAll(want, fresh.uri, d.uri) {
					t.Errorf("diagnostics: got %s\nwant %s", got, want)
				}
			})
		}
	}
}

// TestOddPositions edits at positions that are none: LSP says where they are.
func TestOddPositions(t *testing.T) {
	for _, test := range []struct {
		name, before string
		edit         any
		after        string
	}{
		{"past the end of a line", "// x\nfn f() {}", edit(at(0, 99, 99), "y"), "// xy\nfn f() {}"},
		{"past the last line", "fn f() {}", edit(at(7, 3, 5), "\nfn outer() {}"), "fn f() {}\nfn outer() {}"},
		{"between CR and LF", "// x\r\nfn f() {}", edit(at(0, 5, 5), "y"), "// xy\r\nfn f() {}"},
		{"inside a surrogate pair", "/*😀*/fn f() {}", edit(at(0, 3, 3), "y"), "/*y😀*/fn f() {}"},
		{"from inside a surrogate pair", "/*😀*/fn f() {}", edit(at(0, 3, 4), "y"), "/*y*/fn f() {}"},
		{"end before start", "fn f() {}", edit(at(0, 5, 2), "oo"), "fn f(oo) {}"},
		{"everything", "fn f() {}", edit(span{position{0, 0}, position{1 << 30, 1 << 30}}, "fn outer() {}"), "fn outer() {}"},
		{"a whole text", "fn f() {}", "fn outer() { bad(); }", "fn outer() { bad(); }"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := open(t, workspace(t), pusher(), nil)
			// Something to find behind the edit says where everything is.
			tail := "\nfn outer() { bad(); k0; }\n"
			d := c.open("src/main.rs", test.before)
			d.change(test.edit)
			d.change(edit(span{position{1 << 20, 0}, position{1 << 20, 0}}, tail))
			want := c.open("src/want.rs", test.after+tail)
			if got, want := fmt.Sprint(d.finally()), strings.ReplaceAll(fmt.Sprint(want.pushed()), want.uri, d.uri); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

func TestVersions(t *testing.T) {
	c := open(t, workspace(t), pusher(), nil)
	d := c.open("src/main.rs", "fn outer() {}\n")
	d.version = 10
	d.change(edit(at(0, 0, 0), "\n"))
	d.version = 5
	d.change("fn stale() {}") // comes too late, and is left out
	if got, want := d.hoverAt(1, 3).title(), "The outer one"; got != want {
		t.Errorf("after a stale version: got %q, want %q", got, want)
	}
	d.version = 20
	d.change(edit(at(0, 0, 0), "\n"), edit(at(0, 0, 0), "\n"))
	if got, want := d.hoverAt(3, 3).title(), "The outer one"; got != want {
		t.Errorf("after a later version: got %q, want %q", got, want)
	}
}

func TestURIs(t *testing.T) {
	c := open(t, workspace(t), pusher(), nil)
	for _, uri := range []string{
		"untitled:Untitled-1",
		fileURI(c.root, "src/a%20b.rs"),
		fileURI(c.root, "src/100%25.rs"),
		fileURI(c.root, "src/%C3%BCber.rs"),
		fileURI(c.root, "src/über.rs"),
		fileURI(c.root, "src/@(x).rs"),
		"vscode-vfs://github/some/repository/main.rs",
	} {
		d := c.open(uri, "fn outer() { bad(); }\n")
		if got, want := codes(d.pushed()), "bad-name inner outer"; !sameWords(got, want) {
			t.Errorf("%s: got %q, want %q", uri, got, want)
		}
		if got, want := d.hoverAt(0, 3).title(), "The outer one"; got != want {
			t.Errorf("%s: got %q, want %q", uri, got, want)
		}
	}
	// Two spellings of one URI are one document.
	d := c.open(fileURI(c.root, "src/x%2Fy.rs"), "fn outer() {}\n")
	d.uri = fileURI(c.root, "src/x%2fy.rs")
	d.change(edit(at(0, 0, 0), "\n"))
	if got, want := d.hoverAt(1, 3).title(), "The outer one"; got != want {
		t.Errorf("another spelling: got %q, want %q", got, want)
	}
	// A file of another language is kept and left alone.
	other := c.open("notes.txt", "fn outer() { bad(); }\n")
	_ = other
	other.notify("textDocument/didClose", object{"textDocument": other.id()})
}

func sameWords(a, b string) bool {
	x, y := strings.Fields(a), strings.Fields(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

// TestTwoDocuments edits two documents in turns, without waiting.
func TestTwoDocuments(t *testing.T) {
	c := open(t, workspace(t), pusher(), nil)
	a, b := c.open("src/a.rs", "fn outer() {}\n"), c.open("src/b.rs", "fn outer() {}\n")
	for range 50 {
		a.change(edit(at(0, 0, 0), "\n"))
		b.change(edit(at(0, 0, 0), "\n\n"))
	}
	if got, want := a.hoverAt(50, 3).title(), "The outer one"; got != want {
		t.Errorf("first document: got %q, want %q", got, want)
	}
	if got, want := b.hoverAt(100, 3).title(), "The outer one"; got != want {
		t.Errorf("second document: got %q, want %q", got, want)
	}
	b.close()
	a.change(edit(at(0, 0, 0), "\n"))
	if got, want := a.hoverAt(51, 3).title(), "The outer one"; got != want {
		t.Errorf("first document after the second is closed: got %q, want %q", got, want)
	}
}
