package server_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"lectern/analysis/syntax/bare"
	"lectern/analysis/text"
)

// milliseconds of a duration.
func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// bared is how long tree-sitter alone takes for the very same edits.
func bared(t testing.TB, content string, edits []text.Edit) (s series) {
	t.Helper()
	p, err := bare.New(content)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for _, e := range edits {
		took, err := p.Edit(e)
		if err != nil {
			t.Fatal(err)
		}
		s = append(s, took)
	}
	return s
}

// spanOf is an edit's range in a text, for a client that counts bytes.
func spanOf(t *text.Text, e text.Edit) span {
	start, end := t.OffsetToPosition(e.Start, text.UTF8), t.OffsetToPosition(e.End, text.UTF8)
	return span{position{start.Line, start.Column}, position{end.Line, end.Column}}
}

// BenchmarkTyping is a person at work who leaves brackets, strings and comments open,
// from each key to its diagnostics, beside tree-sitter's parse of the very same edits;
// xN is the ratio of the N-th percentiles.
func BenchmarkTyping(b *testing.B) {
	for _, lines := range []int{2_000, 20_000} {
		b.Run(fmt.Sprintf("lines=%d", lines), func(b *testing.B) {
			content := long(b, lines)
			keys := newScript(content, 1)
			d := open(b, room(b, 0), puller(), nil).open("src/long.rs", content)
			previous := d.pull("").ResultID
			opened := d.process("VmRSS")
			var s series
			var edits []text.Edit
			for b.Loop() {
				before := keys.text
				e := keys.next()
				edits = append(edits, e)
				change := edit(spanOf(before, e), e.New)
				s.time(func() {
					d.change(change)
					previous = d.pull(previous).ResultID
				})
				d.forget()
			}
			s.report(b, "key")
			parse := bared(b, content, edits)
			parse.report(b, "parse")
			for _, p := range []int{50, 95, 99} {
				b.ReportMetric(float64(s.percentile(p))/float64(parse.percentile(p)), fmt.Sprintf("x%d", p))
			}
			b.ReportMetric(float64(opened)/1024, "opened-MB")
			b.ReportMetric(float64(d.process("VmHWM"))/1024, "peak-MB")
		})
	}
}

// pair is an edit that changes what most of a file is, and the one that takes it back.
type pair struct {
	name        string
	there, back text.Edit
}

// worst are the dearest keys: what is opened at the top stays open to the end, and
// so many lines are pasted.
func worst(t testing.TB, content string, pasted int) []pair {
	t.Helper()
	var pairs []pair
	for _, opened := range []struct{ name, code string }{{"comment", "/*"}, {"string", "\""}, {"brace", "{"}, {"function", "fn f() {"}} {
		pairs = append(pairs, pair{opened.name, text.Edit{New: opened.code}, text.Edit{End: len(opened.code)}})
	}
	at := len(content) / 2
	at += strings.Index(content[at:], "\n}\n") + len("\n}\n")
	code := long(t, pasted)
	return append(pairs, pair{"paste", text.Edit{Start: at, End: at, New: code}, text.Edit{Start: at, End: at + len(code)}})
}

// BenchmarkWorst makes the dearest edits in a file of 20,000 lines and takes them back,
// each with tree-sitter's parse beside it, and with how long a hover in another document
// takes that is sent right behind.
func BenchmarkWorst(b *testing.B) {
	content := long(b, 20_000)
	for _, p := range worst(b, content, 5_000) {
		b.Run(p.name, func(b *testing.B) {
			c := open(b, room(b, 0), puller(), nil)
			other := c.open("src/other.rs", "fn f() { unsafe { g() } }\n")
			other.pull("")
			d := c.open("src/long.rs", content)
			d.pull("")
			before := text.New([]byte(content))
			after := before.Replace(p.there.Start, p.there.End, []byte(p.there.New))
			var edits []text.Edit
			var keys, hovers [2]series
			for b.Loop() {
				for i, e := range []text.Edit{p.there, p.back} {
					change := edit(spanOf([]*text.Text{before, after}[i], e), e.New)
					edits = append(edits, e)
					start := time.Now()
					d.change(change)
					pull := c.ask("textDocument/diagnostic", object{"textDocument": d.id()})
					hovers[i].time(func() {
						if other.hoverAt(0, 10) == nil {
							b.Fatal("no hover")
						}
					})
					if _, failed := c.await(pull); failed != nil {
						b.Fatal(failed)
					}
					keys[i] = append(keys[i], time.Since(start))
					c.forget()
				}
			}
			parse := bared(b, content, edits)
			for i, way := range []string{"there", "back"} {
				var alone series
				for k := i; k < len(parse); k += 2 {
					alone = append(alone, parse[k])
				}
				b.ReportMetric(milliseconds(keys[i].percentile(50)), way+"-ms")
				b.ReportMetric(milliseconds(alone.percentile(50)), way+"-parse-ms")
				b.ReportMetric(milliseconds(hovers[i].percentile(50)), way+"-hover-ms")
			}
			b.ReportMetric(float64(d.process("VmHWM"))/1024, "peak-MB")
		})
	}
}
