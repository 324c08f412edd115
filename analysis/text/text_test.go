package text

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// compare holds every answer of a Text against the naive one, at the given
// offsets and around them.
func compare(t *testing.T, got *Text, want []byte, offsets []int) {
	t.Helper()
	n := newNaive(want)
	if got.Len() != len(want) || !bytes.Equal(got.Bytes(), want) {
		t.Fatalf("the text is %d bytes, want %d:\n got %.200q\nwant %.200q", got.Len(), len(want), got.Bytes(), want)
	}
	if got.Lines() != len(n.lines) {
		t.Fatalf("%d lines, want %d in %.200q", got.Lines(), len(n.lines), want)
	}
	var cursors [UTF32 + 1]*Cursor
	for e := range cursors {
		cursors[e] = got.Cursor(Encoding(e))
	}
	for _, off := range offsets {
		off = max(0, min(off, len(want)))
		line := n.lineOf(off)
		if g := got.LineOf(off); g != line {
			t.Errorf("LineOf(%d) = %d, want %d", off, g, line)
		}
		if g := got.LineRange(line); g != n.lines[line] {
			t.Errorf("LineRange(%d) = %v, want %v", line, g, n.lines[line])
		}
		row, column := n.row(off)
		if r, c := got.Row(off); r != row || c != column {
			t.Errorf("Row(%d) = %d, %d, want %d, %d", off, r, c, row, column)
		}
		for e := UTF8; e <= UTF32; e++ {
			p := n.position(off, e)
			if g := got.OffsetToPosition(off, e); g != p {
				t.Errorf("OffsetToPosition(%d, %v) = %v, want %v", off, e, g, p)
			}
			if g := cursors[e].Position(off); g != p {
				t.Errorf("a cursor gives %v at %d in %v, want %v", g, off, e, p)
			}
			for column := p.Column - 1; column <= p.Column+1; column++ {
				p := Position{line, column}
				if g, w := got.PositionToOffset(p, e), n.offset(p, e); g != w {
					t.Errorf("PositionToOffset(%v, %v) = %d, want %d", p, e, g, w)
				}
			}
		}
		if rest := got.Chunk(off); off < len(want) && (len(rest) == 0 || !bytes.HasPrefix(want[off:], rest)) {
			t.Errorf("Chunk(%d) = %q, want the start of %.50q", off, rest, want[off:])
		}
	}
}

// invariants checks what the chunks promise to one another.
func invariants(t *testing.T, text *Text) {
	t.Helper()
	var sum totals
	for i := range text.chunks {
		c := &text.chunks[i]
		if c.before != sum {
			t.Fatalf("in front of chunk %d of %d: totals %v, want %v", i, len(text.chunks), c.before, sum)
		}
		if len(text.chunks) > 1 && (len(c.data) < minChunk/2 || len(c.data) > maxChunk) {
			t.Errorf("chunk %d has %d bytes", i, len(c.data))
		}
		if i > 0 && joined(text.chunks[i-1].data, c.data) {
			t.Errorf("the border before chunk %d cuts %q from %q", i, text.chunks[i-1].data[max(0, len(text.chunks[i-1].data)-3):], c.data[:3])
		}
		m := measure(c.data)
		sum.add(&m)
	}
	if text.total != sum {
		t.Fatalf("totals %v, want %v", text.total, sum)
	}
}

func everywhere(n int) []int {
	all := make([]int, n+1)
	for i := range all {
		all[i] = i
	}
	return all
}

var samples = []struct{ name, text string }{
	{"empty", ""},
	{"one line", "fn main() {}"},
	{"line feeds", "a\n\nbc\n"},
	{"CR LF", "a\r\n\r\nbc\r\n"},
	{"lone CR", "a\r\rbc\r"},
	{"mixed ends", "a\n\rb\r\n\nc\r\r\nd"},
	{"emoji", "let a = \"🦀x🦀\";\n🦀\n"},
	{"combining", "e\u0301 🧑‍🚀\n"},
	{"byte order mark", "\ufefffn f() {}\n\tg\n"},
	{"tabs", "\t\tx\n\ty\t\n"},
	{"right to left", "// שלום עולם\nlet مرحبا = 1;\n"},
	{"invalid", "a\xffb\xc3\n\xf0\x9f\xa6\n\x80\xed\xa0\x80"},
	{"separators that end no line", "a\u2028b\u0085c\vd\fe\n"},
}

func TestAgainstNaive(t *testing.T) {
	for _, s := range samples {
		t.Run(s.name, func(t *testing.T) {
			compare(t, New([]byte(s.text)), []byte(s.text), everywhere(len(s.text)))
		})
		t.Run(s.name+", long", func(t *testing.T) {
			// Every border falls into the sample at some place.
			for pad := range 4 {
				long := []byte(strings.Repeat("x", pad) + strings.Repeat(s.text+".", 3*maxChunk/(len(s.text)+1)))
				text := New(bytes.Clone(long))
				invariants(t, text)
				var near []int
				for i := range text.chunks {
					for d := -8; d <= 8; d++ {
						near = append(near, text.chunks[i].before[inBytes]+d)
					}
				}
				compare(t, text, long, near)
			}
		})
	}
}

func TestPositions(t *testing.T) {
	// Columns of the offsets of one line in the three encodings.
	tests := []struct {
		text                string
		off                 int
		utf8, utf16, utf32  Position
		back8, back16, back int // the offsets of these positions, -1 for off
	}{
		{"a🦀b", 5, Position{0, 5}, Position{0, 3}, Position{0, 2}, -1, -1, -1},
		{"a🦀b", 3, Position{0, 1}, Position{0, 1}, Position{0, 1}, 1, 1, 1},           // inside the crab
		{"x\r\ny", 2, Position{0, 1}, Position{0, 1}, Position{0, 1}, 1, 1, 1},        // between CR and LF
		{"x\r\ny", 3, Position{1, 0}, Position{1, 0}, Position{1, 0}, -1, -1, -1},     //
		{"x\ry", 2, Position{1, 0}, Position{1, 0}, Position{1, 0}, -1, -1, -1},       // CR alone ends a line
		{"\ufeffx", 3, Position{0, 3}, Position{0, 1}, Position{0, 1}, -1, -1, -1},    // the mark is a character
		{"\t\tx", 2, Position{0, 2}, Position{0, 2}, Position{0, 2}, -1, -1, -1},      // a tab is one
		{"שלום!", 8, Position{0, 8}, Position{0, 4}, Position{0, 4}, -1, -1, -1},      // logical order
		{"a\xff\xffb", 3, Position{0, 3}, Position{0, 3}, Position{0, 3}, -1, -1, -1}, // bad bytes count one each
		{"\xf0\x9f\xa6b", 3, Position{0, 3}, Position{0, 3}, Position{0, 3}, -1, -1, -1},
		{"ab", 99, Position{0, 2}, Position{0, 2}, Position{0, 2}, 2, 2, 2}, // past the end
		{"ab", -1, Position{0, 0}, Position{0, 0}, Position{0, 0}, 0, 0, 0},
		{"", 0, Position{0, 0}, Position{0, 0}, Position{0, 0}, -1, -1, -1},
	}
	for _, test := range tests {
		text := New([]byte(test.text))
		want := [...]Position{test.utf8, test.utf16, test.utf32}
		back := [...]int{test.back8, test.back16, test.back}
		for e := UTF8; e <= UTF32; e++ {
			if got := text.OffsetToPosition(test.off, e); got != want[e] {
				t.Errorf("%q: OffsetToPosition(%d, %v) = %v, want %v", test.text, test.off, e, got, want[e])
			}
			w := back[e]
			if w < 0 {
				w = test.off
			}
			if got := text.PositionToOffset(want[e], e); got != w {
				t.Errorf("%q: PositionToOffset(%v, %v) = %d, want %d", test.text, want[e], e, got, w)
			}
		}
	}
}

func TestPositionsOutside(t *testing.T) {
	text := New([]byte("ab🦀\r\ncd\n"))
	tests := []struct {
		p    Position
		e    Encoding
		want int
	}{
		{Position{0, 100}, UTF8, 6},   // the line's end, in front of CR
		{Position{0, 7}, UTF8, 6},     // would be between CR and LF
		{Position{0, 4}, UTF8, 2},     // inside the bytes of the crab
		{Position{0, 3}, UTF16, 2},    // between the halves of its surrogate pair
		{Position{0, 4}, UTF16, 6},    //
		{Position{0, 3}, UTF32, 6},    //
		{Position{1, 100}, UTF32, 10}, //
		{Position{2, 0}, UTF16, 11},   // the empty line after the last line end
		{Position{2, 5}, UTF16, 11},   //
		{Position{3, 0}, UTF16, 11},   // no such line
		{Position{99, 99}, UTF8, 11},  //
		{Position{-1, 1}, UTF8, 1},    // taken as line 0
		{Position{1, -1}, UTF8, 8},    // taken as column 0
		{Position{0, 1<<31 - 1}, UTF16, 6},
	}
	for _, test := range tests {
		if got := text.PositionToOffset(test.p, test.e); got != test.want {
			t.Errorf("PositionToOffset(%v, %v) = %d, want %d", test.p, test.e, got, test.want)
		}
	}
}

func TestSlice(t *testing.T) {
	content := []byte(strings.Repeat("0123456789", 3000))
	text := New(bytes.Clone(content))
	for _, r := range []Range{{0, 0}, {0, 10}, {4090, 9000}, {0, 30000}, {29999, 30000}, {-5, 5}, {29990, 99999}, {10, 5}} {
		want := content[min(max(r.Start, 0), 30000):max(min(r.End, 30000), min(max(r.Start, 0), 30000))]
		if got := text.Slice(r.Start, r.End); !bytes.Equal(got, want) {
			t.Errorf("Slice(%d, %d) is %d bytes, want %d", r.Start, r.End, len(got), len(want))
		}
	}
	if got := text.Chunk(30000); got != nil {
		t.Errorf("Chunk at the end = %q, want nil", got)
	}
	// What is handed out may be appended to without harm to the text.
	_ = append(text.Slice(0, 5), "XXXX"...)
	_ = append(text.Chunk(7), "XXXX"...)
	if !bytes.Equal(text.Bytes(), content) {
		t.Error("appending to a slice changed the text")
	}
}

func TestReplaceLeavesTheOldText(t *testing.T) {
	old := New([]byte(strings.Repeat("line\r\n", 5000)))
	before := old.Bytes()
	next := old.Replace(9, 20000, []byte("x")).Replace(0, 1, nil)
	if !bytes.Equal(old.Bytes(), before) {
		t.Error("Replace changed the text that it was called on")
	}
	if got, want := next.Len(), len(before)-19991+1-1; got != want {
		t.Errorf("the new text has %d bytes, want %d", got, want)
	}
	invariants(t, old)
}

// A border that was sound becomes unsound when what stands beside it is cut.
func TestReplaceAtBorders(t *testing.T) {
	for _, s := range []string{"\r\n", "🦀", "é", "\r", "\n", "a"} {
		plain := []byte(strings.Repeat(s, 3*maxChunk))
		text := New(bytes.Clone(plain))
		for i := 1; i < len(text.chunks); i++ {
			border := text.chunks[i].before[inBytes]
			for _, cut := range []Range{{border, border + 1}, {border - 1, border}, {border - 1, border + 1}, {border - 2, border + 3}} {
				for _, with := range []string{"", "\n", "\r", "\x9f", "\xf0"} {
					got := text.Replace(cut.Start, cut.End, []byte(with))
					want := slices.Concat(plain[:cut.Start], []byte(with), plain[cut.End:])
					invariants(t, got)
					if !bytes.Equal(got.Bytes(), want) {
						t.Fatalf("Replace(%v, %q) near %q gives another text", cut, with, s)
					}
				}
			}
		}
	}
}

// randomEdit is an edit somewhere in n bytes, of a size that sometimes spans
// chunks.
func randomEdit(r *rand.Rand, n int) Edit {
	start := r.IntN(n + 1)
	end := start
	switch r.IntN(6) {
	case 0, 1:
		end = min(n, start+r.IntN(4))
	case 2:
		end = min(n, start+r.IntN(3*maxChunk))
	}
	pieces := []string{"", "a", "\n", "\r", "\r\n", "🦀", "é", "\xf0", "\x9f", "\xa6\x80", "fn f() {}\n"}
	var with strings.Builder
	count := r.IntN(3)
	if r.IntN(8) == 0 {
		count = r.IntN(3000)
	}
	for range count {
		with.WriteString(pieces[r.IntN(len(pieces))])
	}
	return Edit{start, end, with.String()}
}

func TestRandomEdits(t *testing.T) {
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 1))
		var plain []byte
		text := New(nil)
		for range 40 {
			e := randomEdit(r, len(plain))
			plain = slices.Concat(plain[:e.Start], []byte(e.New), plain[e.End:])
			text = text.Replace(e.Start, e.End, []byte(e.New))
			invariants(t, text)
		}
		var offsets []int
		for range 20 {
			offsets = append(offsets, r.IntN(len(plain)+1))
		}
		compare(t, text, plain, offsets)
		if t.Failed() {
			t.Fatalf("with seed %d", seed)
		}
	}
}

func FuzzEdits(f *testing.F) {
	for i, s := range samples {
		f.Add([]byte(s.text), uint16(i), uint64(i))
	}
	f.Fuzz(func(t *testing.T, content []byte, repeat uint16, seed uint64) {
		if len(content) > 0 {
			content = bytes.Repeat(content, min(int(repeat)+1, 1+20000/len(content)))
		}
		plain := bytes.Clone(content)
		text := New(content)
		r := rand.New(rand.NewPCG(seed, 2))
		for range 4 {
			e := randomEdit(r, len(plain))
			if r.IntN(2) == 0 {
				e.New = string(plain[:min(len(plain), r.IntN(9))])
			}
			plain = slices.Concat(plain[:e.Start], []byte(e.New), plain[e.End:])
			text = text.Replace(e.Start, e.End, []byte(e.New))
		}
		invariants(t, text)
		compare(t, text, plain, []int{0, r.IntN(len(plain) + 1), r.IntN(len(plain) + 1), len(plain)})
	})
}

// large is about as long as the largest files that people write: 20,000 lines.
func large() *Text {
	var b bytes.Buffer
	for i := range 20000 {
		fmt.Fprintf(&b, "    let value_%d = compute(%d); // é\n", i, i)
	}
	return New(b.Bytes())
}

func BenchmarkNew(b *testing.B) {
	content := large().Bytes()
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		New(content)
	}
}

func BenchmarkReplace(b *testing.B) {
	text := large()
	x := []byte("x")
	b.ReportAllocs()
	for b.Loop() {
		text.Replace(text.Len()/2, text.Len()/2, x)
	}
}

func BenchmarkTyping(b *testing.B) {
	text := large()
	at := text.Len() / 2
	for b.Loop() {
		text = text.Replace(at, at, []byte("x"))
		at++
	}
}

func BenchmarkOffsetToPosition(b *testing.B) {
	text := large()
	for b.Loop() {
		text.OffsetToPosition(text.Len()/2, UTF16)
	}
}

func BenchmarkPositionToOffset(b *testing.B) {
	text := large()
	for b.Loop() {
		text.PositionToOffset(Position{10000, 30}, UTF16)
	}
}
