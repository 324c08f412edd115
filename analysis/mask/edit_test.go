package mask

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"lectern/analysis/text"
)

// session is a text and its mask through a number of edits, checked at each.
type session struct {
	text *text.Text
	mask *Mask
}

func open(source string) *session {
	t := text.New([]byte(source))
	return &session{t, New(t)}
}

func (s *session) apply(t *testing.T, edits ...text.Edit) []text.Range {
	t.Helper()
	next := s.text
	for _, e := range edits {
		next = next.Replace(e.Start, e.End, []byte(e.New))
	}
	m, changed := s.mask.Edit(s.text, next, edits)
	want := New(next)
	if !slices.Equal(m.Spans(), want.Spans()) {
		t.Fatalf("after %v of %q:\n got %v\nwant %v", edits, s.text.Bytes(), m.Spans(), want.Spans())
	}
	checkMarks(t, m, next)
	checkChanged(t, s.text, next, s.mask, m, edits, changed)
	s.text, s.mask = next, m
	return changed
}

// checkMarks checks that reading on from any mark finds what the mask has.
func checkMarks(t *testing.T, m *Mask, source *text.Text) {
	t.Helper()
	if m.marks[0] != (mark{}) {
		t.Fatalf("the first mark is %v, want one at 0", m.marks[0])
	}
	for i, k := range m.marks {
		if i > 0 && k.off <= m.marks[i-1].off {
			t.Fatalf("marks are out of order: %v", m.marks)
		}
		if i > 3 && i < len(m.marks)-3 {
			continue
		}
		rest := &Mask{}
		l := lexer{text: source, mask: rest}
		l.run(k, nil)
		from := len(m.spans) - len(rest.spans)
		if from < 0 || !slices.Equal(m.spans[from:], rest.spans) || from > 0 && m.spans[from-1].End > k.off {
			t.Fatalf("reading on from mark %v finds %v, want the end of %v in %q", k, rest.spans, m.spans, source.Bytes())
		}
	}
}

// checkChanged checks that the changed ranges are exactly the bytes that were not
// edited and that the parser sees otherwise.
func checkChanged(t *testing.T, old, new *text.Text, was, is *Mask, edits []text.Edit, changed []text.Range) {
	t.Helper()
	before, after := was.Bytes(old.Bytes(), 0), is.Bytes(new.Bytes(), 0)
	var want []text.Range
	check := func(from, to, n int) {
		for k := range n {
			if before[from+k] == after[to+k] {
				continue
			}
			if n := len(want); n > 0 && want[n-1].End == to+k {
				want[n-1].End++
			} else {
				want = append(want, text.Range{Start: to + k, End: to + k + 1})
			}
		}
	}
	from, to := 0, 0
	for _, c := range text.Changes(edits) {
		check(from, to, c.Old.Start-from)
		from, to = c.Old.End, c.New.End
	}
	check(from, to, old.Len()-from)
	if !slices.Equal(changed, want) {
		t.Fatalf("after %v of %q:\n got changed %v\nwant %v", edits, old.Bytes(), changed, want)
	}
}

func TestEdit(t *testing.T) {
	tests := []struct {
		name   string
		source string // the edit replaces what is between « and »
		with   string
		want   string // the changed ranges
	}{
		{"nothing to do with it", "fn f() { «a» } unsafe extern { }", "b", "[]"},
		{"in front of it", "«» unsafe extern { }", "fn f() {}", "[]"},
		{"becomes one", `unsafe extern "C" «»`, "{", "[{0 6}]"},
		{"is no longer one", `unsafe extern "C" «{» }`, "fn f() {", "[{0 6}]"},
		{"into a string", `«»unsafe extern "C" { }`, `"`, "[{1 7}]"},
		{"into a comment", `«»&raw; unsafe extern { }`, `/*`, "[{5 6} {8 14}]"},
		{"out of a comment", `«/*» &raw; unsafe extern { }`, ``, "[{4 5} {7 13}]"},
		{"typed as a whole", `f(«»)`, `&raw`, "[]"},
		{"typed in part", `f(&ra«»)`, `w`, "[]"}, // r and a stay what they are
		{"typed in part from the left", `f(&r«»w)`, `a`, "[{5 6}]"},
		{"deleted in part", `«uns»afe extern { }`, ``, "[{0 3}]"},
		{"deleted as a whole", `f(«&raw»)`, ``, "[]"},
		{"word inside of it", `«unsafe» extern { }`, `unsafe unsafe`, "[]"},
		{"an extern block opens", `mod «»m { pub type X; }`, `a; extern { `, "[]"},
		{"an extern block begins", `«mod m» { pub type X; pub type Y; } pub type Z;`, `extern`, "[{9 12} {21 24}]"},
		{"an extern block ends", `extern { pub type X; «»pub type Y; }`, `} mod m {`, "[{30 33}]"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			start := strings.Index(test.source, "«")
			end := strings.Index(test.source, "»") - len("«")
			s := open(strings.NewReplacer("«", "", "»", "").Replace(test.source))
			if got := fmt.Sprint(s.apply(t, text.Edit{Start: start, End: end, New: test.with})); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// With edits that are not those that made the new text, the mask is still right.
func TestEditWithWrongEdits(t *testing.T) {
	old, now := text.New([]byte("unsafe extern { }")), text.New([]byte("a; unsafe extern { } &raw"))
	got, changed := New(old).Edit(old, now, []text.Edit{{Start: 0, End: 0, New: "a"}})
	if want := New(now); !slices.Equal(got.Spans(), want.Spans()) {
		t.Errorf("got %v, want %v", got.Spans(), want.Spans())
	}
	if want := []text.Range{{Start: 0, End: now.Len()}}; !slices.Equal(changed, want) {
		t.Errorf("got %v, want %v", changed, want)
	}
	if same, changed := got.Edit(now, now, nil); same != got || changed != nil {
		t.Error("no edits make a new mask")
	}
}

// program is a large file with something to hide here and there.
func program(items int) string {
	var b strings.Builder
	for i := range items {
		fmt.Fprintf(&b, "/// Item %d isn't \"safe\".\npub fn item_%d(x: &'static str) -> Option<u32> {\n    let c = '{'; // {\n    x.parse::<u32>().ok().map(|n| n + %d)\n}\n\n", i, i, i)
		if i%50 == 0 {
			fmt.Fprintf(&b, "unsafe extern \"C\" {\n    pub safe fn f_%d();\n    pub(crate) type T_%d;\n}\n\n", i, i)
		}
	}
	return b.String()
}

// An edit is read on from no further than needed.
func TestEditIsLocal(t *testing.T) {
	s := open(program(4000))
	for _, at := range []int{0, s.text.Len() / 3, s.text.Len() / 2, s.text.Len()} {
		for _, with := range []string{"x", "{", "}", "fn f() { g(", "//", "unsafe "} {
			next := s.text.Replace(at, at, []byte(with))
			changes := []text.Change{{Old: text.Range{Start: at, End: at}, New: text.Range{Start: at, End: at + len(with)}}}
			scratch := &Mask{marks: []mark{{}}}
			i := len(s.mask.marks) - 1
			for s.mask.marks[i].off > at {
				i--
			}
			l := lexer{text: next, mask: scratch}
			converged := l.run(s.mask.marks[i], &resume{old: s.mask, changes: changes, mark: max(i, 1)})
			read := l.off() - s.mask.marks[i].off
			if (!converged && at < s.text.Len()) || read > 4*spacing {
				t.Errorf("after %q at %d the lexer reads %d bytes, converging: %v", with, at, read, converged)
			}
		}
	}
}

// Typing and deleting in one place leaves no crowd of marks.
func TestMarksStayApart(t *testing.T) {
	s := open(program(200))
	before := len(s.mask.marks)
	for i := range 600 {
		at := (i * 7919) % s.text.Len()
		s.apply(t, text.Edit{Start: at, End: min(at+40, s.text.Len())})
	}
	if got := len(s.mask.marks); got > before || got > 2+2*s.text.Len()/spacing {
		t.Errorf("%d marks over %d bytes, %d before", got, s.text.Len(), before)
	}
}

var fragments = []string{
	"unsafe ", "extern ", `"C" `, "{ ", "} ", "safe ", "fn f(); ", "static X: u8; ", "pub", "(crate) ", " type X", "; ", "= ",
	"const ", "trait T ", "impl", "<T> ", "auto ", "default ", "gen ", "&", "raw", ".x ", "*", "~", "[", "]", ": ", "+ ", "mut ",
	"\"", "'", "\\", "r#\"", "\"#", "r", "b", "#", "/", "*", "//", "/*", "*/", "\n", "\r\n", " ", "é", "🦀", "\xf0", "->", ">", "<",
	"#!", "\ufeff", "unsafe extern \"C\" { pub safe fn f(); pub(in a) type X; }\n", "f(&raw, &raw mut x);\n", "'a'", "'\\''", "b'x' ",
	strings.Repeat("let x = 1;\n", 300), strings.Repeat(" ", spacing), strings.Repeat("// &raw\n", 400), strings.Repeat("y", spacing+3),
}

func soup(r *rand.Rand, n int) string {
	var b strings.Builder
	for range n {
		// The long ones last: they are rarer.
		i := r.IntN(len(fragments))
		if i >= len(fragments)-4 && r.IntN(3) > 0 {
			i = r.IntN(len(fragments) - 4)
		}
		b.WriteString(fragments[i])
	}
	return b.String()
}

func randomEdits(r *rand.Rand, n int) (edits []text.Edit) {
	for range 1 + r.IntN(4) {
		e := text.Edit{Start: r.IntN(n + 1)}
		e.End = e.Start
		switch r.IntN(4) {
		case 0:
			e.End = min(n, e.Start+r.IntN(8))
		case 1:
			e.End = min(n, e.Start+r.IntN(3*spacing))
		}
		if r.IntN(3) > 0 {
			e.New = soup(r, r.IntN(4))
		}
		n += e.Delta()
		edits = append(edits, e)
	}
	return edits
}

func TestRandomEdits(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		s := open(soup(r, 60))
		for range 6 {
			s.apply(t, randomEdits(r, s.text.Len())...)
		}
	}
}

func FuzzEdit(f *testing.F) {
	for i, c := range cases {
		f.Add([]byte(c.source), uint64(i))
	}
	f.Fuzz(func(t *testing.T, source []byte, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 2))
		if seed%3 == 0 {
			source = append(bytes.Clone(source), soup(r, 40)...)
		}
		if seed%5 == 0 {
			source = append([]byte(soup(r, 40)), source...)
		}
		s := open(string(source))
		for range 3 {
			edits := randomEdits(r, s.text.Len())
			if len(source) > 0 && r.IntN(2) == 0 {
				a, b := r.IntN(len(source)), r.IntN(len(source))
				edits[0].New = string(source[min(a, b):max(a, b)])
				edits = edits[:1]
			}
			s.apply(t, edits...)
		}
	})
}

// FuzzMask checks what holds of every mask.
func FuzzMask(f *testing.F) {
	for _, c := range cases {
		f.Add([]byte(c.source))
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		rope := text.New(bytes.Clone(source))
		m := New(rope)
		end := 0
		for i, s := range m.Spans() {
			if s.Start < end || s.End <= s.Start || s.End > len(source) {
				t.Fatalf("span %v after %d in %q", s, end, source)
			}
			end = s.End
			if i > 0 && s.Head < m.spans[i-1].Head {
				t.Fatalf("heads are out of order: %v", m.Spans())
			}
			if bytes.ContainsAny(source[s.Start:s.End], "\r\n\"'/ ") {
				t.Fatalf("span %v hides %q", s, source[s.Start:s.End])
			}
			if s.Kind == RawVariable && string(source[s.Start:s.End]) != "raw" {
				t.Fatalf("span %v hides %q", s, source[s.Start:s.End])
			}
		}
		if got := masked(m, rope); len(got) != len(source) || strings.Count(got, "\n") != bytes.Count(source, []byte("\n")) {
			t.Fatalf("masked %q is %q", source, got)
		}
	})
}

func BenchmarkNew(b *testing.B) {
	t := text.New([]byte(program(3300)))
	b.SetBytes(int64(t.Len()))
	for b.Loop() {
		New(t)
	}
}

func BenchmarkEdit(b *testing.B) {
	source := program(3300) // about 20,000 lines
	at := strings.Index(source[len(source)/2:], "parse") + len(source)/2
	old := text.New([]byte(source))
	now := old.Replace(at, at, []byte("x"))
	m := New(old)
	edits := []text.Edit{{Start: at, End: at, New: "x"}}
	b.ReportAllocs()
	for b.Loop() {
		m.Edit(old, now, edits)
	}
}
