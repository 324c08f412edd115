package server_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

// plain is a document's text as LSP describes it, by the plainest means: it looks
// at every character from the start each time.
type plain struct{ text, encoding string }

// offset is where LSP says that a position is. Columns past a line's end are its
// end, lines past the last one are the end, and inside a character is its start.
func (p *plain) offset(line, character int) int {
	i := 0
	for ; line > 0; line-- {
		end := strings.IndexAny(p.text[i:], "\r\n")
		if end < 0 {
			return len(p.text)
		}
		i += end + 1
		if p.text[i-1] == '\r' && i < len(p.text) && p.text[i] == '\n' {
			i++
		}
	}
	for i < len(p.text) && p.text[i] != '\r' && p.text[i] != '\n' {
		r, size := utf8.DecodeRuneInString(p.text[i:])
		units := size
		switch p.encoding {
		case "utf-16":
			units = len(utf16.Encode([]rune{r}))
		case "utf-32":
			units = 1
		}
		if character < units {
			return i
		}
		character -= units
		i += size
	}
	return i
}

func (p *plain) replace(s span, with string) {
	start := p.offset(s.Start.Line, s.Start.Character)
	end := max(start, p.offset(s.End.Line, s.End.Character))
	p.text = p.text[:start] + with + p.text[end:]
}

// pieces are what edits insert: what is hard to count, and what hints fire on.
var pieces = []string{
	"", "x", "\n", "\r\n", "\r", "\t", "é", "e\u0301", "😀", "👨‍👩‍👧", "\u2028", "\ufeff", "\x00", "/*", "*/", "//", "\"", "r#\"", "{", "}", "fn outer() {", "k0;", "k1;", " bad();\n",
	"unsafe extern \"C\" {}", "m!(k2)", "'", "#[", "]",
}

// TestRandomSession sends valid and invalid messages in a random order, edits of
// all kinds among them, valid or not. In the end, the diagnostics of the document
// are those of the model's text, opened anew.
func TestRandomSession(t *testing.T) {
	t.Parallel()
	for seed := range uint64(9) {
		encoding := []string{"utf-8", "utf-16", "utf-32"}[seed%3]
		t.Run(fmt.Sprintf("seed %d %s", seed, encoding), func(t *testing.T) {
			t.Parallel()
			randomSession(t, rand.New(rand.NewPCG(seed, 7)), encoding)
		})
	}
}

func randomSession(t *testing.T, random *rand.Rand, encoding string) {
	c := open(t, workspace(t), with(puller(), []string{encoding}, "general", "positionEncodings"), nil)
	m := &plain{"fn outer() { bad(); k0; }\r\n/*😀*/ fn f() { k1; }\n", encoding}
	d := c.open("src/main.rs", m.text)
	bad := malformed(fileURI(c.root, "src/victim.rs"))
	number := func() int {
		switch random.IntN(6) {
		case 0:
			return 1<<31 - 1
		case 1:
			return random.IntN(200)
		}
		return random.IntN(20)
	}
	place := func() position { return position{number() % (1 << 20), number()} }
	for i := range 400 {
		switch random.IntN(8) {
		case 0: // a request with wrong params
			c.raw(frame(fmt.Sprintf(`"r%d"`, i), requests[random.IntN(len(requests))], bad[random.IntN(len(bad))]))
		case 1: // a notification with wrong params
			c.raw(frame("", notifications[random.IntN(len(notifications))], bad[random.IntN(len(bad))]))
		case 2: // what is no message
			c.raw(framed([]string{"", "{", "[]", "null", `{"jsonrpc":"2.0"}`, `[{"jsonrpc":"2.0","method":"exit"}]`, "\xff"}[random.IntN(7)]))
		case 3: // an edit that is late, and left out
			late := *d
			late.version = -100
			late.change(edit(span{place(), place()}, "late"))
		case 4: // a question, perhaps taken back
			id := c.ask("textDocument/hover", object{"textDocument": d.id(), "position": place()})
			if random.IntN(2) == 0 {
				c.notify("$/cancelRequest", object{"id": mustInt(id)})
			}
		default:
			var changes []any
			for range 1 + random.IntN(3) {
				s, with := span{place(), place()}, pieces[random.IntN(len(pieces))]
				if random.IntN(4) > 0 {
					s.End = s.Start
				}
				if random.IntN(60) == 0 {
					m.text = pieces[random.IntN(len(pieces))] + "\nfn outer() { bad(); }\n" + with
					changes = append(changes, m.text)
					continue
				}
				m.replace(s, with)
				changes = append(changes, edit(s, with))
			}
			d.change(changes...)
		}
	}
	// The tail ends whatever is open, and says where everything is.
	tail := "\n*/\"\"#\n}}}}}}\nfn outer() { bad(); k0; }\n"
	end := position{1 << 20, 0}
	d.change(edit(span{end, end}, tail))
	m.replace(span{end, end}, tail)
	fresh := c.open("src/fresh.rs", m.text)
	got, want := fmt.Sprint(places(d.pull("").Items)), fmt.Sprint(places(fresh.pull("").Items))
	if got != want {
		t.Errorf("the diagnostics are those of another text\n got %s\nwant %s\nof %q", got, want, m.text)
	}
	if !strings.Contains(got, "bad-name") {
		t.Errorf("%s says nothing about the text %q", got, m.text)
	}
	all := span{position{}, position{1<<31 - 1, 1<<31 - 1}}
	d.change(edit(all, "fn outer() {}\n"))
	d.alive("everything was replaced")
}

// places is where diagnostics stand.
func places(list []diagnostic) (out []string) {
	for _, d := range list {
		out = append(out, fmt.Sprint(d.Code, d.Range))
	}
	return out
}
