package text

import (
	"bytes"
	"unicode/utf8"
)

// Encoding says in what units a Position counts columns.
type Encoding uint8

// The encodings that LSP knows.
const (
	UTF8  Encoding = iota // bytes
	UTF16                 // UTF-16 code units
	UTF32                 // characters
)

// String is LSP's name of the encoding: "utf-8", "utf-16" or "utf-32".
func (e Encoding) String() string {
	switch e {
	case UTF8:
		return "utf-8"
	case UTF16:
		return "utf-16"
	default:
		return "utf-32"
	}
}

func (e Encoding) dimension() int {
	switch e {
	case UTF8:
		return inBytes
	case UTF16:
		return inUTF16
	default:
		return inRunes
	}
}

// Position is a place in a text as editors count it. Both parts start at 0; the
// column is in the units of an Encoding.
type Position struct{ Line, Column int }

// linear reports that every character of chunk i is a single byte, and so a
// single unit in every encoding.
func (t *Text) linear(i int) bool {
	return t.end(i)[inRunes]-t.chunks[i].before[inRunes] == len(t.chunks[i].data)
}

// noLoneReturns reports that every line of chunk i that ends there ends with \n.
func (t *Text) noLoneReturns(i int) bool {
	c, end := &t.chunks[i].before, t.end(i)
	return end[inLines]-c[inLines] == end[inRows]-c[inRows]
}

// Lines is the number of lines: one more than there are line ends.
func (t *Text) Lines() int { return t.total[inLines] + 1 }

// LineOf is the line that the offset, clamped to the text, stands in. A line
// end belongs to the line that it ends.
func (t *Text) LineOf(off int) int {
	off = t.clamp(off)
	n := t.find(inBytes, off)
	c := &t.chunks[n]
	head := c.data[:off-c.before[inBytes]]
	line := c.before[inLines] + bytes.Count(head, []byte{'\n'})
	if !t.noLoneReturns(n) {
		line += loneReturns(head)
		// Between \r and \n nothing has ended yet.
		if i := len(head); i > 0 && i < len(c.data) && head[i-1] == '\r' && c.data[i] == '\n' {
			line--
		}
	}
	return line
}

// lineEnd is the n-th line end, the first being number 1. There must be one.
func (t *Text) lineEnd(n int) Range {
	at := t.find(inLines, n-1)
	c := &t.chunks[at]
	n -= c.before[inLines]
	crlf := t.noLoneReturns(at)
	i := 0
	for {
		if crlf {
			i += bytes.IndexByte(c.data[i:], '\n')
		} else {
			i += bytes.IndexAny(c.data[i:], "\r\n")
		}
		r := Range{i, i + 1}
		switch {
		case c.data[i] == '\r' && i+1 < len(c.data) && c.data[i+1] == '\n':
			r.End++
		case c.data[i] == '\n' && i > 0 && c.data[i-1] == '\r':
			r.Start--
		}
		if n--; n == 0 {
			return r.Shift(c.before[inBytes])
		}
		i = r.End
	}
}

// LineRange is the range of a line without its line end. A line before the first
// is the first; one after the last is empty at the end of the text.
func (t *Text) LineRange(line int) Range {
	line = max(line, 0)
	if line >= t.Lines() {
		return Range{t.Len(), t.Len()}
	}
	r := Range{0, t.Len()}
	if line > 0 {
		r.Start = t.lineEnd(line).End
	}
	if line < t.total[inLines] {
		r.End = t.lineEnd(line + 1).Start
	}
	return r
}

// Row is the offset, clamped to the text, as tree-sitter counts: rows from 0,
// ended by \n only, and columns in bytes from the start of the row.
func (t *Text) Row(off int) (row, column int) {
	off = t.clamp(off)
	c, i := t.at(off)
	n := bytes.Count(c.data[:i], []byte{'\n'})
	row = c.before[inRows] + n
	switch {
	case row == 0:
		return 0, off
	case n == 0: // the row starts in an earlier chunk, after that one's last \n
		c = &t.chunks[t.find(inRows, row-1)]
		i = len(c.data)
	}
	return row, off - c.before[inBytes] - bytes.LastIndexByte(c.data[:i], '\n') - 1
}

// count is the number of units in front of an offset that starts a character.
func (t *Text) count(off int, e Encoding) int {
	d := e.dimension()
	if d == inBytes {
		return off
	}
	n := t.find(inBytes, off)
	c := &t.chunks[n]
	i := off - c.before[inBytes]
	if t.linear(n) {
		return c.before[d] + i
	}
	utf16, runes := units(c.data[:i])
	if e == UTF16 {
		return c.before[d] + utf16
	}
	return c.before[d] + runes
}

// seek is the offset of the character that the unit number v is part of.
func (t *Text) seek(v int, e Encoding) int {
	n := t.find(e.dimension(), v)
	c := &t.chunks[n]
	left := v - c.before[e.dimension()]
	if e == UTF8 || t.linear(n) {
		return c.before[inBytes] + runeStart(c.data, left)
	}
	i := 0
	for left > 0 && i < len(c.data) {
		if c.data[i] < utf8.RuneSelf {
			i, left = i+1, left-1
			continue
		}
		_, size := utf8.DecodeRune(c.data[i:])
		left--
		if size == utf8.UTFMax && e == UTF16 {
			left--
		}
		if left >= 0 {
			i += size
		}
	}
	return c.before[inBytes] + i
}

// OffsetToPosition is the position of an offset, which is clamped to the text.
// An offset inside a character has that character's position, and one between
// \r and \n the position of the line's end.
func (t *Text) OffsetToPosition(off int, e Encoding) Position {
	off = t.clamp(off)
	c, i := t.at(off)
	i = runeStart(c.data, i)
	if i > 0 && i < len(c.data) && c.data[i] == '\n' && c.data[i-1] == '\r' {
		i--
	}
	off = c.before[inBytes] + i
	line := t.LineOf(off)
	start := 0
	if line > 0 {
		start = t.lineEnd(line).End
	}
	return Position{line, t.count(off, e) - t.count(start, e)}
}

// PositionToOffset is the offset of a position. As LSP wants it, a column past
// the line's end is the line's end, and a line past the last one is the end of
// the text. A position inside a character (between the halves of a surrogate
// pair, or between bytes) is that character's start.
func (t *Text) PositionToOffset(p Position, e Encoding) int {
	if p.Line >= t.Lines() {
		return t.Len()
	}
	r := t.LineRange(p.Line)
	if p.Column <= 0 || r.Len() == 0 {
		return r.Start
	}
	start := t.count(r.Start, e)
	if p.Column >= t.count(r.End, e)-start {
		return r.End
	}
	return t.seek(start+p.Column, e)
}
