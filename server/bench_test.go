package server_test

import (
	"fmt"
	"strings"
	"testing"

	"lectern/analysis/text"
)

// place is the position in front of the name that the middle `let` declares.
func place(t testing.TB, content string) position {
	t.Helper()
	half := len(content) / 2
	i := strings.Index(content[half:], "let ")
	if i < 0 {
		t.Fatal("the second half of the file has no let")
	}
	i += half + len("let ")
	start := strings.LastIndexByte(content[:i], '\n') + 1
	return position{strings.Count(content[:i], "\n"), i - start} // columns: only ASCII stands before it
}

// keystroke is the edit number i at a place: in turn a letter put in and taken out.
func keystroke(p position, i int) object {
	if i%2 == 0 {
		return edit(at(p.Line, p.Character, p.Character), "x")
	}
	return edit(at(p.Line, p.Character, p.Character+1), "")
}

// BenchmarkKeystroke types into an open file, from the edit to its diagnostics,
// beside tree-sitter's parse of the same edits; x-parse is the ratio of the medians.
func BenchmarkKeystroke(b *testing.B) {
	for _, hints := range []int{0, 296} { // beside the built-in ones
		for _, lines := range []int{2_000, 20_000} {
			b.Run(fmt.Sprintf("more-rules=%d/lines=%d", hints, lines), func(b *testing.B) {
				content := long(b, lines)
				p := place(b, content)
				d := open(b, room(b, hints), puller(), nil).open("src/long.rs", content)
				previous := d.pull("").ResultID
				var s series
				for i := 0; b.Loop(); i++ {
					s.time(func() {
						d.change(keystroke(p, i))
						previous = d.pull(previous).ResultID
					})
					d.forget()
				}
				s.report(b, "key")
				at := text.New([]byte(content)).PositionToOffset(text.Position{Line: p.Line, Column: p.Character}, text.UTF8)
				var edits []text.Edit
				for range min(max(b.N, 2), 500) / 2 {
					edits = append(edits, text.Edit{Start: at, End: at, New: "x"}, text.Edit{Start: at, End: at + 1})
				}
				parse := bared(b, content, edits)
				b.ReportMetric(milliseconds(parse.percentile(50)), "parse-p50-ms")
				b.ReportMetric(float64(s.percentile(50))/float64(parse.percentile(50)), "x-parse")
				b.ReportMetric(float64(d.process("VmHWM"))/1024, "peak-MB")
			})
		}
	}
}

// BenchmarkHover and code actions ask at the diagnostics of a file of 20,000 lines.
func BenchmarkHover(b *testing.B) {
	benchmarkQuestion(b, "hover", func(d *doc, r span) {
		d.call("textDocument/hover", object{"textDocument": d.id(), "position": r.Start}, nil)
	})
}

func BenchmarkCodeAction(b *testing.B) {
	benchmarkQuestion(b, "action", func(d *doc, r span) {
		d.call("textDocument/codeAction", object{"textDocument": d.id(), "range": r, "context": object{"diagnostics": []any{}}}, nil)
	})
}

func benchmarkQuestion(b *testing.B, name string, ask func(*doc, span)) {
	content := long(b, 20_000)
	d := open(b, room(b, 0), puller(), nil).open("src/long.rs", content)
	items := d.pull("").Items
	if len(items) == 0 {
		b.Fatal("the file has no diagnostics to ask about")
	}
	var s series
	for i := 0; b.Loop(); i++ {
		s.time(func() { ask(d, items[i%len(items)].Range) })
		d.forget()
	}
	s.report(b, name)
}

// BenchmarkStart starts the program: to the answer to initialize, and to the
// first diagnostics of a file of 2,000 lines.
func BenchmarkStart(b *testing.B) {
	content := long(b, 2_000)
	for _, hints := range []int{0, 296} {
		root := room(b, hints)
		b.Run(fmt.Sprintf("more-rules=%d", hints), func(b *testing.B) {
			var initialize, first series
			for b.Loop() {
				var c *client
				first.time(func() {
					initialize.time(func() {
						c = launch(b)
						c.root = root
						c.initialize(with(puller(), false, "workspace", "configuration"), nil)
					})
					c.open("src/long.rs", content).pull("")
				})
				if code := c.exit(); code != 0 {
					b.Fatalf("exit code %d", code)
				}
			}
			initialize.report(b, "initialize")
			first.report(b, "diagnostics")
		})
	}
}

// BenchmarkMemory opens documents of 2,000 lines and says by how much the process
// grows for each.
func BenchmarkMemory(b *testing.B) {
	content := long(b, 2_000)
	c := open(b, room(b, 0), puller(), nil)
	c.open("src/first.rs", content).pull("")
	const documents = 40
	for first := true; b.Loop(); first = false {
		before := c.process("VmRSS")
		var docs []*doc
		for i := range documents {
			d := c.open(fmt.Sprintf("src/d%d.rs", i), content)
			d.pull("")
			docs = append(docs, d)
		}
		if first { // what closed documents leave behind is used again
			b.ReportMetric(float64(c.process("VmRSS")-before)/documents, "RSS-KB/doc")
		}
		for _, d := range docs {
			d.close()
		}
		c.forget()
	}
}
