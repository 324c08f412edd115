package text

import "unicode/utf8"

// naive does what Text does in the plainest way: it is what the rope is held
// against.
type naive struct {
	text  []byte
	lines []Range // without their ends
}

func newNaive(n []byte) naive {
	var lines []Range
	start := 0
	for i := 0; i < len(n); i++ {
		switch {
		case n[i] == '\r' && i+1 < len(n) && n[i+1] == '\n':
			lines = append(lines, Range{start, i})
			i++
			start = i + 1
		case n[i] == '\r' || n[i] == '\n':
			lines = append(lines, Range{start, i})
			start = i + 1
		}
	}
	return naive{n, append(lines, Range{start, len(n)})}
}

func (n naive) lineOf(off int) int {
	line := 0
	for i, r := range n.lines {
		if r.Start <= off {
			line = i
		}
	}
	return line
}

func (n naive) row(off int) (row, column int) {
	for _, b := range n.text[:off] {
		column++
		if b == '\n' {
			row, column = row+1, 0
		}
	}
	return row, column
}

// characters calls yield for each character of a line: its range in bytes and
// the column of its start.
func (n naive) characters(line Range, e Encoding, yield func(r Range, column int)) (columns int) {
	for i := line.Start; i < line.End; {
		r, size := utf8.DecodeRune(n.text[i:line.End])
		yield(Range{i, i + size}, columns)
		i += size
		switch {
		case e == UTF8:
			columns += size
		case e == UTF16 && r > 0xFFFF:
			columns += 2
		default:
			columns++
		}
	}
	return columns
}

func (n naive) position(off int, e Encoding) Position {
	line := n.lineOf(off)
	column := -1
	end := n.characters(n.lines[line], e, func(r Range, c int) {
		if r.Contains(off) {
			column = c
		}
	})
	if column < 0 {
		column = end
	}
	return Position{line, column}
}

func (n naive) offset(p Position, e Encoding) int {
	lines := n.lines
	if p.Line < 0 {
		p.Line = 0
	}
	if p.Line >= len(lines) {
		return len(n.text)
	}
	line := lines[p.Line]
	off := line.Start
	end := n.characters(line, e, func(r Range, c int) {
		if c <= p.Column {
			off = r.Start
		}
	})
	if p.Column >= end {
		off = line.End
	}
	return off
}
