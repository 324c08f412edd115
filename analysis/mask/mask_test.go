package mask

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"lectern/analysis/text"
)

func masked(m *Mask, t *text.Text) string {
	var b strings.Builder
	for off := 0; off < t.Len(); {
		c := m.Chunk(t, off)
		b.Write(c)
		off += len(c)
	}
	return b.String()
}

// Each case is a source and what the parser is to see of it. `_` in the second
// stands for a blank that hides something.
var cases = []struct {
	name, source, want string
	kinds              string
}{
	{"unsafe extern block", `unsafe extern "C" { fn f(); }`, `______ extern "C" { fn f(); }`, "UnsafeExtern"},
	{"without an ABI", `unsafe extern { }`, `______ extern { }`, "UnsafeExtern"},
	{"raw ABI string", `unsafe extern r#"C"# { }`, `______ extern r#"C"# { }`, "UnsafeExtern"},
	{"over comments and lines", "unsafe // {\n/* { */ extern\n\"C\"\n{ }", "______ // {\n/* { */ extern\n\"C\"\n{ }", "UnsafeExtern"},
	{"with attributes", `#[link(name = "m")] unsafe extern "C" { }`, `#[link(name = "m")] ______ extern "C" { }`, "UnsafeExtern"},
	{"unsafe extern fn", `unsafe extern "C" fn f() { }`, "", ""},
	{"unsafe extern fn pointer", `type F = unsafe extern "C" fn(i32) -> i32;`, "", ""},
	{"unsafe block, extern block", `fn f() { unsafe { } } extern "C" { }`, "", ""},
	{"extern crate", `extern crate alloc; unsafe { }`, "", ""},

	{"safe fn", `extern "C" { safe fn f(); }`, `extern "C" { ____ fn f(); }`, "SafeItem"},
	{"pub safe fn", `unsafe extern "C" { pub(crate) safe fn f(); }`, `______ extern "C" { pub(crate) ____ fn f(); }`, "UnsafeExtern SafeItem"},
	{"safe statics", `extern { safe static A: u8; pub safe static mut B: u8; }`, `extern { ____ static A: u8; pub ____ static mut B: u8; }`, "SafeItem SafeItem"},
	{"unsafe fn in an extern block", `extern { unsafe fn f(); pub unsafe fn g(); }`, "", ""},
	{"unsafe static", `extern { pub unsafe static A: u8; unsafe static mut B: u8; }`, `extern { pub ______ static A: u8; ______ static mut B: u8; }`, "UnsafeStatic UnsafeStatic"},
	{"safe as a name", `extern { fn safe(safe: i32); static safe: u8; }`, "", ""},
	{"safe outside", `mod m { safe fn f() {} } extern { } safe fn g();`, "", ""},
	{"safe deeper inside", `extern { m! { safe fn f(); } safe fn g(); }`, `extern { m! { safe fn f(); } ____ fn g(); }`, "SafeItem"},

	{"foreign type", `extern "C" { pub type X; }`, `extern "C" { ___ type X; }`, "ForeignTypeVisibility"},
	{"foreign type of the crate", `extern { pub(crate) type X; pub (in a::b) type Y<T = u8>; }`, `extern { __________ type X; ___ ___ _____ type Y<T = u8>; }`, "ForeignTypeVisibility ForeignTypeVisibility ForeignTypeVisibility ForeignTypeVisibility"},
	{"visibility over lines", "extern {\n\tpub(\n\t\tsuper // why\n\t) type X: Y; }", "extern {\n\t____\n\t\t_____ // why\n\t_ type X: Y; }", "ForeignTypeVisibility ForeignTypeVisibility ForeignTypeVisibility"},
	{"raw name", `extern { pub type r#type; }`, `extern { ___ type r#type; }`, "ForeignTypeVisibility"},
	{"private foreign type", `extern { type X; }`, "", ""},
	{"type alias in an extern block", `extern { pub type X = Y; }`, "", ""},
	{"type alias", `pub type X = Y; impl A for B { pub type X; }`, "", ""},
	{"visibility of something else", `extern { pub static X: T; pub(crate) fn f(); }`, "", ""},
	{"after the block", `extern { fn f(); } pub type X;`, "", ""},
	{"a second block behind an unfinished one", `extern { fn f(); extern "C" { pub type X; } pub type Y;`, `extern { fn f(); extern "C" { ___ type X; } pub type Y;`, "ForeignTypeVisibility"},
	{"long path", `extern { pub(in a::b::c::d::e::f::g::h::i::j::k) type X; pub type Y; }`, `extern { pub(in a::b::c::d::e::f::g::h::i::j::k) type X; ___ type Y; }`, "ForeignTypeVisibility"},

	{"const trait", `pub const trait T {}`, `pub _____ trait T {}`, "ConstTrait"},
	{"const unsafe trait", `const unsafe trait T {}`, `_____ unsafe trait T {}`, "ConstTrait"},
	{"const unsafe auto trait", `const unsafe auto trait T {}`, `_____ unsafe ____ trait T {}`, "ConstTrait AutoTrait"},
	{"auto trait", `pub auto trait T {}`, `pub ____ trait T {}`, "AutoTrait"},
	{"impl const", `impl const T for X {}`, `impl _____ T for X {}`, "ConstImpl"},
	{"impl const with generics", `impl<const N: usize, F: Fn(&u8) -> Vec<Vec<u8>>> const ::a::T<N> for X {}`, `impl<const N: usize, F: Fn(&u8) -> Vec<Vec<u8>>> _____ ::a::T<N> for X {}`, "ConstImpl"},
	{"const impl", `const impl<T> A for X {} const unsafe impl B for X {}`, `_____ impl<T> A for X {} _____ unsafe impl B for X {}`, "ConstImpl ConstImpl"},
	{"default impl", `default impl<T> A for T {} default unsafe impl B for X {}`, `_______ impl<T> A for T {} _______ unsafe impl B for X {}`, "DefaultImpl DefaultImpl"},
	{"default impl const", `default impl const A for X {}`, `_______ impl _____ A for X {}`, "DefaultImpl ConstImpl"},
	{"pointer to impl", `fn f(p: *const impl T, q: * const /* c */ impl T) {}`, "", ""},
	{"other consts", `const fn f() { const { 1 } } const X: u8 = 1; impl X { const Y: u8 = 2; const fn g() {} }`, "", ""},
	{"const unsafe fn", `pub const unsafe extern "C" fn f() {}`, "", ""},
	{"const generics", `impl<const N: usize> A for X<N> {} fn f<const N: usize>() -> X<{ N }> {}`, "", ""},
	{"names of later keywords", `fn f() { let default = auto; gen(safe); default.auto = gen; raw.x; }`, "", ""},

	{"bounds", `fn f<T: const A + const B, U: ~const C, V: ?Sized + [const] D>() where T: [const] E {}`,
		`fn f<T: _____ A + _____ B, U: ______ C, V: ?Sized + _______ D>() where T: _______ E {}`, "ConstBound ConstBound ConstBound ConstBound ConstBound"},
	{"impl const as a type", `fn f(x: impl const A) -> impl ~const B {}`, `fn f(x: impl _____ A) -> impl ______ B {}`, "ConstImpl ConstBound"},
	{"bounds in pieces", `fn f<T: ~ const A, U: [ const ] B>() {}`, `fn f<T: _ _____ A, U: _ _____ _ B>() {}`, "ConstBound ConstBound ConstBound ConstBound ConstBound"},
	{"dyn", `type X = dyn const A;`, `type X = dyn _____ A;`, "ConstBound"},
	{"no bounds", `fn f() { S { x: const { 1 } }; 1 + const { 2 }; let x: *const T = [const { 0 }; 4]; 'a: loop {} }`, "", ""},

	{"gen fn", `pub async gen fn f() {} gen fn g() {}`, `pub async ___ fn f() {} ___ fn g() {}`, "GenFn GenFn"},
	{"gen blocks", `fn f() { gen { yield 1; } }`, "", ""},

	{"variable raw", `f(&raw.x, &raw, & raw[0], &&raw); g = &raw;`, `f(&rav.x, &rav, & rav[0], &&rav); g = &rav;`, "RawVariable RawVariable RawVariable RawVariable RawVariable"},
	{"raw at the end", `&raw`, `&rav`, "RawVariable"},
	{"module raw", `&raw::X`, `&rav::X`, "RawVariable"},
	{"raw borrow", `&raw const x; &raw mut x; & raw /* c */ const x; &raw
		mut y;`, "", ""},
	{"raw elsewhere", `raw.x; &mut raw; &'a raw; &x.raw; &r#raw; &rawer; a & b; raw`, "", ""},

	{"in strings", `"unsafe extern {" b"&raw)" c"const trait" r"auto trait" br#""&raw" "# cr##"#"# &raw"## "\"&raw.x" "\\" x`, "", ""},
	{"in comments", "// unsafe extern {\n/* &raw /* const trait */ &raw.x */ /** gen fn */ //! auto trait\n", "", ""},
	{"after strings", `"\\" &raw; r"\" &raw; r#"""# &raw; b"" &raw; b'"' &raw; '"' &raw; "'" &raw`, `"\\" &rav; r"\" &rav; r#"""# &rav; b"" &rav; b'"' &rav; '"' &rav; "'" &rav`, "RawVariable RawVariable RawVariable RawVariable RawVariable RawVariable RawVariable"},
	{"after characters", `'\'' &raw; '\\' &raw; '\u{1F600}' &raw; '🦀' &raw; ' ' &raw; 'e' &raw; '(' &raw`, `'\'' &rav; '\\' &rav; '\u{1F600}' &rav; '🦀' &rav; ' ' &rav; 'e' &rav; '(' &rav`, "RawVariable RawVariable RawVariable RawVariable RawVariable RawVariable RawVariable"},
	{"characters", `['"', '&', 'r', '{']; '"' ; "{"`, "", ""},
	{"lifetimes", `fn f<'a, 'b: 'a>(x: &'a str) { 'l: loop { f(&raw) } }`, `fn f<'a, 'b: 'a>(x: &'a str) { 'l: loop { f(&rav) } }`, "RawVariable"},
	{"broken character", "let c = ';\nf(&raw); '\n\" &raw \"", "let c = ';\nf(&rav); '\n\" &raw \"", "RawVariable"},
	{"unterminated string", `f(&raw); "&raw)`, `f(&rav); "&raw)`, "RawVariable"},
	{"unterminated comment", `f(&raw); /* &raw /* */ &raw)`, `f(&rav); /* &raw /* */ &raw)`, "RawVariable"},
	{"raw string without an end", `r#" &raw " &raw`, "", ""},
	{"raw identifiers", `r#unsafe extern "C" {} r#const trait T {} r#"x"#; &raw;`, `r#unsafe extern "C" {} r#const trait T {} r#"x"#; &rav;`, "RawVariable"},
	{"prefix that is none", `r; b; br(&raw); c + r`, `r; b; br(&rav); c + r`, "RawVariable"},

	{"macro", `m! { unsafe extern "C" { pub type X; } f(&raw) }`, `m! { ______ extern "C" { ___ type X; } f(&rav) }`, "UnsafeExtern ForeignTypeVisibility RawVariable"},
	{"shebang", "#!/bin/sh '\"/*\nunsafe extern { }", "#!/bin/sh '\"/*\n______ extern { }", "UnsafeExtern"},
	{"inner attribute first", "#![a = \"&raw\"] unsafe extern { }", "#![a = \"&raw\"] ______ extern { }", "UnsafeExtern"},
	{"byte order mark", "\ufeffunsafe extern { }", "\ufeff______ extern { }", "UnsafeExtern"},
	{"not Rust", "\x00\xff\xfe '\\\n } } ) > ]] &raw", "\x00\xff\xfe '\\\n } } ) > ]] &rav", "RawVariable"},
	{"nothing", "", "", ""},
}

func TestMask(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			source := text.New([]byte(c.source))
			m := New(source)
			// Compared with the hidden bytes made visible.
			got := []byte(masked(m, source))
			var kinds []string
			for _, s := range m.Spans() {
				kinds = append(kinds, s.Kind.String())
				if s.Kind != RawVariable {
					copy(got[s.Start:s.End], strings.Repeat("_", s.End-s.Start))
				}
			}
			want := c.want
			if want == "" {
				want = c.source
			}
			if string(got) != want {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
			if got := strings.Join(kinds, " "); got != c.kinds {
				t.Errorf("got kinds %q, want %q", got, c.kinds)
			}
		})
	}
}

// The words may stand on both sides of a border between chunks.
func TestMaskAcrossChunks(t *testing.T) {
	for _, c := range cases[:12] {
		if strings.Contains(c.source, "//") {
			continue
		}
		for pad := range len(c.source) + 1 {
			// Chunks of New are as long as one another: a text of 12,288 bytes has
			// borders at 4,096 and 8,192.
			head := strings.Repeat(" ", 4096-pad)
			source := text.New([]byte(head + c.source + strings.Repeat(" ", 12288-len(head)-len(c.source))))
			var want []Span
			for _, s := range New(text.New([]byte(c.source))).Spans() {
				want = append(want, s.moved(len(head)))
			}
			got := New(source)
			if fmt.Sprint(got.Spans()) != fmt.Sprint(want) {
				t.Errorf("%s, %d bytes before a border: got %v, want %v", c.name, pad, got.Spans(), want)
			}
			if len(masked(got, source)) != source.Len() {
				t.Error("the masked text has another length")
			}
		}
	}
}

func TestHead(t *testing.T) {
	tests := []struct {
		source string
		heads  []string // what stands at the head of each span
	}{
		{`unsafe /* c */ extern "C" { pub safe fn f(); pub(crate) type X; unsafe static Y: u8; }`, []string{"extern", "fn", "type", "static"}},
		{`pub const unsafe trait T {} default impl<T> const A for B {}`, []string{"trait", "impl", "impl"}},
		{`f(&raw); fn f<T: ~const A>() {}`, []string{"raw", "~const"}},
	}
	for _, test := range tests {
		m := New(text.New([]byte(test.source)))
		var got []string
		for _, s := range m.Spans() {
			for _, w := range append(test.heads, "?") {
				if strings.HasPrefix(test.source[s.Head:], w) {
					got = append(got, w)
					break
				}
			}
			found := false
			for _, o := range m.Of(s.Head) {
				found = found || o == s
			}
			if !found {
				t.Errorf("%s: Of(%d) lacks %v", test.source, s.Head, s)
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(test.heads) {
			t.Errorf("%s: got heads %v, want %v", test.source, got, test.heads)
		}
		if got := m.Of(len(test.source)); len(got) != 0 {
			t.Errorf("Of the end = %v, want none", got)
		}
	}
}

func TestAt(t *testing.T) {
	//                             0         1         2         3
	//                             0123456789012345678901234567890123456789
	m := New(text.New([]byte(`unsafe extern "C" { safe fn f(); } &raw;`)))
	tests := []struct {
		start, end int
		want       string
	}{
		{0, 40, "[{0 6 UnsafeExtern 7} {20 24 SafeItem 25} {36 39 RawVariable 36}]"},
		{0, 0, "[]"},
		{5, 6, "[{0 6 UnsafeExtern 7}]"},
		{6, 20, "[]"},
		{23, 37, "[{20 24 SafeItem 25} {36 39 RawVariable 36}]"},
		{39, 99, "[]"},
	}
	for _, test := range tests {
		if got := fmt.Sprint(m.At(test.start, test.end)); got != test.want {
			t.Errorf("At(%d, %d) = %s, want %s", test.start, test.end, got, test.want)
		}
	}
}

func TestBytes(t *testing.T) {
	source := []byte(`x; unsafe extern { } &raw.y`)
	m := New(text.New(bytes.Clone(source)))
	whole := m.Bytes(source, 0)
	if want := `x;        extern { } &rav.y`; string(whole) != want {
		t.Fatalf("got %q, want %q", whole, want)
	}
	for start := range source {
		for end := start; end <= len(source); end++ {
			if got := m.Bytes(source[start:end], start); !bytes.Equal(got, whole[start:end]) {
				t.Errorf("Bytes of %d to %d = %q, want %q", start, end, got, whole[start:end])
			}
		}
	}
	if string(source) != `x; unsafe extern { } &raw.y` {
		t.Error("Bytes changed its argument")
	}
	if piece := source[:2]; &m.Bytes(piece, 0)[0] != &piece[0] {
		t.Error("Bytes copied a piece in which nothing is hidden")
	}
}
