// Package text holds source text and everything that is known about positions
// in it: bytes, lines, and columns in the units that editors count.
//
// A Text is an immutable rope. An edit copies one chunk and the list of chunks;
// the text before the edit stays valid and shares all other chunks with the
// text after it. A chunk carries the totals of everything in front of it (bytes,
// lines, code units), so that any conversion is a binary search and a scan of
// one chunk, however long the text or the line is.
//
// Invalid UTF-8 is kept as it is. Each byte that is not part of a valid sequence
// counts as one character of one unit in every encoding. A byte order mark is an
// ordinary character.
package text

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"
)

// The sizes of chunks in bytes. A text shorter than minChunk is a single chunk.
const (
	minChunk    = 1 << 10
	targetChunk = 4 << 10
	maxChunk    = 8 << 10
)

// The things that are counted.
const (
	inBytes = iota
	inLines // line ends: \n, \r\n or \r
	inRows  // \n alone
	inUTF16 // code units
	inRunes
	dimensions
)

type totals [dimensions]int

func (t *totals) add(o *totals) {
	for i := range t {
		t[i] += o[i]
	}
}

// chunk is a piece of the text. Its borders never separate \r from \n, nor the
// bytes of one valid UTF-8 sequence.
type chunk struct {
	data   []byte
	before totals // of everything in front of the chunk
}

// Text is an immutable text. It is safe for use by any goroutine. Make one with
// New.
type Text struct {
	chunks []chunk // at least one; empty only in an empty text
	total  totals
	whole  []byte // what the chunks are pieces of; nil after an edit
}

// New makes a Text of content, which must not be changed afterwards.
func New(content []byte) *Text {
	t := &Text{chunks: make([]chunk, 0, len(content)/targetChunk+1), whole: content}
	t.push(content)
	return t
}

// push adds content at the end, cut into chunks.
func (t *Text) push(content []byte) {
	if len(content) <= maxChunk {
		t.pushChunk(content)
		return
	}
	n := (len(content) + targetChunk - 1) / targetChunk
	start := 0
	for i := 1; i <= n; i++ {
		// In 64 bits: the product overflows an int where that has 32.
		end := int(int64(len(content)) * int64(i) / int64(n))
		for end < len(content) && joined(content[:end], content[end:]) {
			end--
		}
		t.pushChunk(content[start:end:end])
		start = end
	}
}

func (t *Text) pushChunk(data []byte) {
	t.chunks = append(t.chunks, chunk{data: data, before: t.total})
	m := measure(data)
	t.total.add(&m)
}

// joined reports that no border may stand between left and right.
func joined(left, right []byte) bool {
	if len(left) == 0 || len(right) == 0 {
		return false
	}
	if left[len(left)-1] == '\r' && right[0] == '\n' {
		return true
	}
	if utf8.RuneStart(right[0]) {
		return false
	}
	var window [2 * (utf8.UTFMax - 1)]byte
	l := copy(window[:utf8.UTFMax-1], left[max(0, len(left)-(utf8.UTFMax-1)):])
	n := l + copy(window[l:], right[:min(len(right), utf8.UTFMax-1)])
	return runeStart(window[:n], l) != l
}

// runeStart is the start of the character that byte i of b stands in, or i when
// it starts one.
func runeStart(b []byte, i int) int {
	if i >= len(b) || utf8.RuneStart(b[i]) {
		return i
	}
	for j := i - 1; j >= 0 && j > i-utf8.UTFMax; j-- {
		if utf8.RuneStart(b[j]) {
			if _, size := utf8.DecodeRune(b[j:]); size > i-j {
				return j
			}
			break
		}
	}
	return i
}

func measure(b []byte) totals {
	utf16, runes := units(b)
	rows := bytes.Count(b, []byte{'\n'})
	return totals{
		inBytes: len(b), inRows: rows, inLines: rows + loneReturns(b),
		inUTF16: utf16, inRunes: runes,
	}
}

// units counts the code units and the characters of b.
func units(b []byte) (utf16, runes int) {
	i := ascii(b)
	utf16, runes = i, i
	for i < len(b) {
		if b[i] < utf8.RuneSelf {
			n := ascii(b[i:])
			i, utf16, runes = i+n, utf16+n, runes+n
			continue
		}
		_, size := utf8.DecodeRune(b[i:])
		i += size
		runes++
		utf16++
		if size == utf8.UTFMax {
			utf16++ // a surrogate pair
		}
	}
	return utf16, runes
}

// ascii is the length of the ASCII that b starts with.
func ascii(b []byte) int {
	i := 0
	for i+8 <= len(b) && binary.NativeEndian.Uint64(b[i:])&0x8080808080808080 == 0 {
		i += 8
	}
	for i < len(b) && b[i] < utf8.RuneSelf {
		i++
	}
	return i
}

// loneReturns counts the \r that no \n follows.
func loneReturns(b []byte) int {
	n := 0
	for {
		i := bytes.IndexByte(b, '\r')
		if i < 0 {
			return n
		}
		if i+1 == len(b) || b[i+1] != '\n' {
			n++
		}
		b = b[i+1:]
	}
}

// find is the last chunk in front of which at most v are counted.
func (t *Text) find(dimension, v int) int {
	lo, hi := 0, len(t.chunks)
	for hi-lo > 1 {
		mid := int(uint(lo+hi) >> 1)
		if t.chunks[mid].before[dimension] <= v {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

// at is the chunk that holds an offset, and the place in it. The text's end is
// in the last chunk.
func (t *Text) at(off int) (c *chunk, i int) {
	c = &t.chunks[t.find(inBytes, off)]
	return c, off - c.before[inBytes]
}

// end is the totals of everything up to the end of chunk i.
func (t *Text) end(i int) *totals {
	if i+1 < len(t.chunks) {
		return &t.chunks[i+1].before
	}
	return &t.total
}

func (t *Text) clamp(off int) int { return max(0, min(off, t.Len())) }

// Len is the length in bytes.
func (t *Text) Len() int { return t.total[inBytes] }

// Bytes is a copy of the whole text.
func (t *Text) Bytes() []byte {
	b := make([]byte, 0, t.Len())
	for i := range t.chunks {
		b = append(b, t.chunks[i].data...)
	}
	return b
}

// Whole is the whole text, which must not be changed: what New was given, or a
// copy of an edited text.
func (t *Text) Whole() []byte {
	if t.whole != nil {
		return t.whole
	}
	return t.Bytes()
}

// Slice is the text of [start, end), each clamped to the text. The result may be
// memory that the text holds: it must not be changed.
func (t *Text) Slice(start, end int) []byte {
	start, end = t.clamp(start), t.clamp(end)
	if start >= end {
		return nil
	}
	if t.whole != nil {
		return t.whole[start:end:end]
	}
	c, i := t.at(start)
	if n := i + end - start; n <= len(c.data) {
		return c.data[i:n:n]
	}
	b := make([]byte, 0, end-start)
	for start < end {
		piece := t.Chunk(start)
		piece = piece[:min(len(piece), end-start)]
		b = append(b, piece...)
		start += len(piece)
	}
	return b
}

// Chunk is the text from off to the end of the chunk that holds it: at least one
// byte, or nil at the end of the text. It must not be changed.
func (t *Text) Chunk(off int) []byte {
	off = max(off, 0)
	if off >= t.Len() {
		return nil
	}
	c, i := t.at(off)
	return c.data[i:len(c.data):len(c.data)]
}

// Replace is the text with [start, end), each clamped to the text, replaced by
// with. It copies the chunks that the range touches and the list of chunks.
func (t *Text) Replace(start, end int, with []byte) *Text {
	start = t.clamp(start)
	end = max(start, t.clamp(end))
	first, last := t.find(inBytes, start), t.find(inBytes, end)
	head := t.chunks[first].data[:start-t.chunks[first].before[inBytes]]
	tail := t.chunks[last].data[end-t.chunks[last].before[inBytes]:]
	middle := make([]byte, 0, len(head)+len(with)+len(tail))
	middle = append(append(append(middle, head...), with...), tail...)

	// The new piece swallows its neighbors while it is too short to stand alone
	// or a border would cut a character or a line end in two.
	last++
	for first > 0 && (len(middle) < minChunk || joined(t.chunks[first-1].data, middle)) {
		first--
		middle = append(bytes.Clone(t.chunks[first].data), middle...)
	}
	for last < len(t.chunks) && (len(middle) < minChunk || joined(middle, t.chunks[last].data)) {
		middle = append(middle, t.chunks[last].data...)
		last++
	}

	next := &Text{chunks: make([]chunk, 0, len(t.chunks)+len(middle)/targetChunk+1)}
	next.chunks = append(next.chunks, t.chunks[:first]...)
	next.total = t.chunks[first].before
	next.push(middle)
	was := *t.end(last - 1)
	var shift totals
	for i := range shift {
		shift[i] = next.total[i] - was[i]
	}
	n := len(next.chunks)
	next.chunks = append(next.chunks, t.chunks[last:]...)
	for i := n; i < len(next.chunks); i++ {
		next.chunks[i].before.add(&shift)
	}
	next.total = t.total
	next.total.add(&shift)
	return next
}
