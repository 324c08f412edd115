package main

import (
	"path/filepath"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/tools/txtar"
)

// TestPage reads testdata/page/*.txtar: Markdown and what a terminal of 40 columns
// shows of it.
func TestPage(t *testing.T) {
	files, err := filepath.Glob("testdata/page/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test data: %v", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+1 < len(archive.Files); i += 2 {
			in, want := archive.Files[i], archive.Files[i+1]
			t.Run(in.Name, func(t *testing.T) {
				p := &page{width: 40, link: func(target string) string { return target }}
				p.write(string(in.Data))
				if got := p.b.String(); got != string(want.Data) {
					t.Errorf("got\n%s\nwant\n%s", got, want.Data)
				}
			})
		}
	}
}

// FuzzPage holds the writer to lines that fit and to text without escapes.
func FuzzPage(f *testing.F) {
	f.Add("\x1b[31m \u009b31m &#27;[2J `\x07` \u202e [a\x1b](b\u0085 '\x7f') <http://\x1b> <b \x1b>\n\n    \x1b]0;t\x07\n\n|\x1b|\n|-|\n|\xff|\n")
	f.Add("# a\n\n- b\n  1. c\n\n> d `e` [f](g)\n\n|a|b|\n|-|-|\n|1|2|\n")
	f.Fuzz(func(t *testing.T, markdown string) {
		p := &page{width: 40, link: func(string) string { return "" }}
		p.write(markdown)
		// A terminal acts on control characters, those of 8 bits among them, and turns
		// lines around at others.
		for _, r := range p.b.String() {
			if unicode.IsControl(r) && r != '\n' || unicode.Is(unicode.Bidi_Control, r) {
				t.Fatalf("%U is written for %q", r, markdown)
			}
		}
		if !utf8.ValidString(p.b.String()) {
			t.Fatalf("what is written for %q is not UTF-8: %q", markdown, p.b.String())
		}
	})
}
