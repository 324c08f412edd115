package text

import "bytes"

// Cursor finds the positions of offsets that are asked for in their order: it goes
// on from the last one. Others are found too, as OffsetToPosition finds them.
type Cursor struct {
	text     *Text
	encoding Encoding
	chunk    int // lines are counted up to byte at of this chunk
	at       int
	line     int
	start    int // of the line, or -1: in a chunk before
}

// Cursor is a Cursor at the text's start.
func (t *Text) Cursor(e Encoding) *Cursor { return &Cursor{text: t, encoding: e} }

// Position is OffsetToPosition.
func (c *Cursor) Position(off int) Position {
	t := c.text
	off = t.clamp(off)
	n := c.chunk
	if off < t.chunks[n].before[inBytes] || off >= t.end(n)[inBytes] {
		n = t.find(inBytes, off)
	}
	if !t.linear(n) || !t.noLoneReturns(n) {
		return t.OffsetToPosition(off, c.encoding)
	}
	base, data := t.chunks[n].before[inBytes], t.chunks[n].data
	i := off - base
	if i > 0 && i < len(data) && data[i] == '\n' && data[i-1] == '\r' {
		i--
	}
	if n != c.chunk || i < c.at {
		c.chunk, c.at, c.line, c.start = n, 0, t.chunks[n].before[inLines], -1
		if n == 0 {
			c.start = 0
		}
	}
	if passed := bytes.Count(data[c.at:i], []byte{'\n'}); passed > 0 {
		c.line += passed
		c.start = base + bytes.LastIndexByte(data[:i], '\n') + 1
	}
	c.at = i
	if c.start < 0 {
		c.start = 0
		if c.line > 0 {
			c.start = t.lineEnd(c.line).End
		}
	}
	if c.start >= base {
		return Position{c.line, base + i - c.start}
	}
	return Position{c.line, t.count(base+i, c.encoding) - t.count(c.start, c.encoding)}
}
