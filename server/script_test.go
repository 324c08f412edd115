package server_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"

	"lectern/analysis/text"
)

// script is a person at work on a Rust file, the same one for each seed: goes to a
// statement, types some code letter by letter with typos taken back, leaves brackets,
// strings and comments open until their ends are typed, pastes, and deletes some of it.
type script struct {
	*rand.Rand
	text  *text.Text // as it is after the edits that next gave
	queue []text.Edit
	visit int
}

func newScript(content string, seed uint64) *script {
	return &script{Rand: rand.New(rand.NewPCG(seed, 0)), text: text.New([]byte(content))}
}

// next is the next key.
func (s *script) next() text.Edit {
	if len(s.queue) == 0 {
		s.plan()
	}
	e := s.queue[0]
	s.queue = s.queue[1:]
	s.text = s.text.Replace(e.Start, e.End, []byte(e.New))
	return e
}

var statement = regexp.MustCompile(`\n([ \t]+)[^\n/"]*;\n`)

// cursor is where one visit types.
type cursor struct {
	script    *script
	from, end int // what the visit has typed
	at        int
	indent    string
}

func (c *cursor) edit(start, end int, with string) {
	c.script.queue = append(c.script.queue, text.Edit{Start: start, End: end, New: with})
	c.at = start + len(with)
	c.end += len(with) - (end - start)
}

// paste puts a text in with one key.
func (c *cursor) paste(code string) { c.edit(c.at, c.at, code) }

// line begins a line, indented so much deeper than the statement.
func (c *cursor) line(deeper string) { c.paste("\n" + c.indent + deeper) }

func (c *cursor) keys(code string) {
	for _, r := range code {
		c.paste(string(r))
	}
}

func (c *cursor) back(n int) {
	for range n {
		c.edit(c.at-1, c.at, "")
	}
}

// plan queues the keys of one visit to a statement.
func (s *script) plan() {
	from := s.IntN(s.text.Len())
	found := statement.FindSubmatchIndex(s.text.Slice(from, s.text.Len()))
	if found == nil {
		from = 0
		found = statement.FindSubmatchIndex(s.text.Bytes())
	}
	end := from + found[1] - 1 // behind the semicolon
	c := &cursor{script: s, from: end, end: end, at: end, indent: string(s.text.Slice(from+found[2], from+found[3]))}
	s.visit++
	name := fmt.Sprintf("%s%d", []string{"count", "head", "slot", "ready"}[s.IntN(4)], s.visit)
	code := []string{
		"let " + name + " = self.state.load(Ordering::Acquire);",
		"self.head.store(" + name + ", Ordering::Release);",
		"let " + name + " = &raw const value as usize;",
		"while " + name + " < 4 { step(" + name + "); }",
		"if let Some(" + name + ") = self.next(\"" + name + "\") { return; }",
		"let all: Vec<_> = list.iter().map(|" + name + "| { " + name + " + 1 }).collect();",
		"match " + name + " { Some('{') => 1, _ => 0 };",
	}[s.IntN(7)]
	c.line("")
	stop := 3 + s.IntN(len(code)-5)
	c.keys(code[:stop])
	wrong := 1 + s.IntN(3)
	c.back(wrong)
	c.keys(code[stop-wrong:])
	c.line("")
	switch s.IntN(6) {
	case 0: // a brace that stays open for a line
		c.keys("if ok {")
		c.line("    ")
		c.keys("work(a[0], (b, c));")
		c.line("")
		c.keys("}")
	case 1: // a snippet of an editor, filled in
		c.paste("unsafe {  }")
		c.at -= 2
		c.keys("*ptr.add(1) = 2;")
	case 2:
		c.keys("let s = \"a { \\\" b\";")
	case 3:
		c.keys("/* later */")
	case 4:
		c.paste("static mut BUF: [u8; 16] = [0; 16];\n" + c.indent + "unsafe { BUF[0] = 1; }")
	default: // a closing brace too many, taken back
		c.keys("}")
		c.back(1)
		c.keys("println!(\"{}\", " + name + ");")
	}
	switch s.IntN(3) {
	case 0:
		c.edit(c.from, c.end, "")
	case 1:
		c.at = c.end
		c.back(5)
		c.edit(c.from, c.end, "")
	}
}
