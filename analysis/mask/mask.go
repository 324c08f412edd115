// Package mask hides from the Rust grammar what it cannot take.
//
// The grammar (tree-sitter-rust 0.23.3) is older than edition 2024 and knows few
// unstable features. Where it meets one of the forms below it gives up on the
// whole item, and often on what follows. In most of them a single word is in the
// way; the parser is shown the text with that word blanked, byte for byte, so
// that all positions stay true:
//
//	UnsafeExtern           unsafe extern "C" { ... }              unsafe
//	SafeItem               in an extern block: safe fn, static    safe
//	UnsafeStatic           in an extern block: unsafe static      unsafe
//	ForeignTypeVisibility  in an extern block: pub(crate) type X; pub(crate)
//	ConstTrait             const trait, const unsafe trait        const
//	ConstImpl              impl const Trait for X, const impl     const
//	ConstBound             T: const A, T: ~const A, T: [const] A  const, ~const, [const]
//	AutoTrait              auto trait                             auto
//	DefaultImpl            default impl Trait for X               default
//	GenFn                  gen fn, async gen fn                   gen
//	RawVariable            &raw.x, &raw)                          raw
//
// The last is another matter: `&raw` is taken for the start of `&raw const x`
// even where a variable is called raw. There the name is replaced by another one
// of the same length, since a blank would leave an operator without operand.
//
// What was hidden is remembered as Spans: whoever asks whether an extern block
// was unsafe finds the answer there. Whatever stands in a string, in a character
// or in a comment is never touched. The bodies of macros are ordinary tokens.
//
// Forms that cannot be hidden by blanking words are left to the grammar's error
// recovery: `do yeet`, `become`, `1f16`, const closures, attributes on the fields
// of a pattern, default values of fields, `macro` items.
package mask

import (
	"slices"
	"sort"

	"lectern/analysis/text"
)

// Kind says what was hidden.
type Kind uint8

// The kinds; the package comment shows an example of each.
const (
	UnsafeExtern Kind = iota
	SafeItem
	UnsafeStatic
	ForeignTypeVisibility
	ConstTrait
	ConstImpl
	ConstBound
	AutoTrait
	DefaultImpl
	GenFn
	RawVariable
)

var kindNames = [...]string{
	"UnsafeExtern", "SafeItem", "UnsafeStatic", "ForeignTypeVisibility", "ConstTrait",
	"ConstImpl", "ConstBound", "AutoTrait", "DefaultImpl", "GenFn", "RawVariable",
}

// String is the kind's name in this package.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "Kind?"
}

// rawStandIn takes the place of a variable called raw.
const rawStandIn = "rav"

// Span is a stretch of hidden bytes [Start, End). It holds no line end. One form
// has several spans where space or a comment stands between its words.
type Span struct {
	Start, End int
	Kind       Kind
	// Head is where the keyword starts that the hidden word belonged to: `extern`,
	// `fn`, `static`, `type`, `trait` or `impl`. Where there is none it is Start.
	Head int
}

// Mask says which bytes of one text are hidden. It is immutable and safe for use
// by any goroutine. It does not hold the text.
type Mask struct {
	spans []Span
	// marks are places between two tokens from where the lexer can start again.
	// There is always one at 0.
	marks []mark
}

// mark is a place in the text that follows white space, where no form is half
// read. What is in front of it has no influence on what is hidden behind it, but
// for the extern block that it may stand in.
type mark struct {
	off     int
	foreign int // braces open since the start of the extern block around it, including its own; 0 outside of any
}

// New is the mask of t.
func New(t *text.Text) *Mask {
	m := &Mask{marks: make([]mark, 0, t.Len()/spacing+1)}
	m.marks = append(m.marks, mark{})
	l := lexer{text: t, mask: m}
	l.run(mark{}, nil)
	return m
}

// Spans is everything that is hidden, in order. It must not be changed.
func (m *Mask) Spans() []Span { return m.spans }

// At is the spans that share a byte with [start, end). It must not be changed.
func (m *Mask) At(start, end int) []Span {
	lo := sort.Search(len(m.spans), func(i int) bool { return m.spans[i].End > start })
	hi := lo
	for hi < len(m.spans) && m.spans[hi].Start < end {
		hi++
	}
	return m.spans[lo:hi:hi]
}

// Of is the spans that belonged to the keyword at head: `unsafe` of the extern
// block whose `extern` starts there. It must not be changed.
func (m *Mask) Of(head int) []Span {
	// Heads are in the order of spans, and a head is never in front of its spans
	// unless they follow it directly (`impl<T> const Trait`).
	lo := sort.Search(len(m.spans), func(i int) bool { return m.spans[i].Head >= head })
	hi := lo
	for hi < len(m.spans) && m.spans[hi].Head == head {
		hi++
	}
	return m.spans[lo:hi:hi]
}

// Chunk is the masked text from off to the end of the chunk of t that holds it,
// or nil at the end of the text. It is a copy only where something is hidden, and
// must not be changed.
func (m *Mask) Chunk(t *text.Text, off int) []byte {
	return m.Bytes(t.Chunk(off), max(off, 0))
}

// Bytes is the masked form of b, a piece of the text that starts at off: b itself
// where nothing in it is hidden, a copy otherwise.
func (m *Mask) Bytes(b []byte, off int) []byte {
	spans := m.At(off, off+len(b))
	if len(spans) == 0 {
		return b
	}
	b = slices.Clone(b)
	for _, s := range spans {
		for i := max(s.Start, off); i < min(s.End, off+len(b)); i++ {
			b[i-off] = ' '
			if s.Kind == RawVariable {
				b[i-off] = rawStandIn[i-s.Start]
			}
		}
	}
	return b
}
