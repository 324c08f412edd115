package report

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"lectern/analysis/text"
)

// mark is a range to underline.
type mark struct {
	line       int // zero-based
	start, end int // bytes in the line; the whole rest of it when the range goes on
	label      string
	primary    bool
}

// markOf is the mark of a range: a range over several lines is marked on its
// first.
func markOf(t *text.Text, r text.Range, label string, primary bool) mark {
	line := t.LineOf(r.Start)
	at := t.LineRange(line)
	end := r.End
	if end > at.End {
		// Look no further back for the last letter than a line shows.
		tail := t.Slice(max(at.End-1<<10, r.Start), at.End)
		end = at.End - len(tail) + len(bytes.TrimRight(tail, " \t"))
	}
	return mark{line, r.Start - at.Start, max(end, r.Start) - at.Start, label, primary}
}

// snippet writes the lines that the marks stand in, each with its underlines. The
// gutter is so wide; lines longer than width columns are shown in part.
func (t *Text) snippet(src *text.Text, marks []mark, gutter int) {
	slices.SortStableFunc(marks, func(a, b mark) int { return a.line - b.line })
	bar := t.paint(blue, strings.Repeat(" ", gutter)+" |")
	t.printf("%s\n", bar)
	for i := 0; i < len(marks); {
		line := marks[i].line
		if i > 0 && line > marks[i-1].line+1 {
			t.printf("%s\n", t.paint(blue, "..."))
		}
		j := i
		for j < len(marks) && marks[j].line == line {
			j++
		}
		shown, columns := t.window(src, line, marks[i:j])
		t.printf("%s %s\n", t.paint(blue, fmt.Sprintf("%*d |", gutter, line+1)), shown)
		for k, m := range marks[i:j] {
			color, sign := blue, "-"
			if m.primary {
				color, sign = t.color, "^"
			}
			c := columns[k]
			under := strings.Repeat(sign, c.end-c.start)
			if m.label != "" {
				under += " " + Plain(m.label)
			}
			t.printf("%s %s%s\n", bar, strings.Repeat(" ", c.start), t.paint(color, under))
		}
		i = j
	}
}

// columns is a range of columns of a line as shown.
type columns struct{ start, end int }

// window is a line as shown, and where the marks are in it. A line that is too
// wide is cut around the marks, the primary one before all.
func (t *Text) window(src *text.Text, line int, marks []mark) (string, []columns) {
	main := marks[0]
	for _, m := range marks {
		if m.primary {
			main = m
		}
	}
	whole := src.LineRange(line)
	// Bytes bound columns from above: do not take a line of megabytes apart.
	from, to := 0, whole.Len()
	if to > 16*t.width {
		from, to = max(main.start-4*t.width, 0), min(main.start+12*t.width, to)
	}
	piece := src.Slice(whole.Start+from, whole.Start+to)
	for from > 0 && len(piece) > 0 && !utf8.RuneStart(piece[0]) {
		piece, from = piece[1:], from+1
	}
	list := cells(piece, from)
	first, last := cut(list, main, t.width)

	var b strings.Builder
	lead, column := 0, 0
	if first > 0 || from > 0 {
		b.WriteString("... ")
		lead, column = 4, 4
	}
	at := make([]columns, len(marks))
	for i := range at {
		at[i] = columns{-1, -1}
	}
	for _, c := range list[first:last] {
		for i, m := range marks {
			if m.start < c.end && (c.start < m.end || c.start <= m.start) {
				if at[i].start < 0 {
					at[i].start = column
				}
				at[i].end = column + c.width
			}
		}
		b.WriteString(c.text)
		column += c.width
	}
	for i, m := range marks {
		switch {
		case at[i].start >= 0:
		case len(list) > 0 && first < last && m.start < list[first].start:
			at[i] = columns{lead, lead + 1} // in the part that was cut off
		default:
			at[i] = columns{column, column + 1} // at the end of the line, or behind what is shown
		}
		at[i].end = max(at[i].end, at[i].start+1)
	}
	shown := strings.TrimRight(b.String(), " ")
	if last < len(list) || to < whole.Len() {
		shown += " ..."
	}
	return shown, at
}

// cut chooses the cells to show of a line: all that fits into the width, with the
// mark's beginning in it and something before it.
func cut(list []cell, m mark, width int) (first, last int) {
	total, before, marked := 0, 0, 0
	for _, c := range list {
		total += c.width
		switch {
		case c.end <= m.start:
			before += c.width
		case c.start < m.end:
			marked += c.width
		}
	}
	if total <= width {
		return 0, len(list)
	}
	// The mark in the middle if it is short, at a quarter if it is long; never
	// more room at the right than the line has.
	left := before - max((width-marked)/2, width/4)
	left = max(min(left, total-width), 0)
	column := 0
	for first < len(list) && column < left {
		column += list[first].width
		first++
	}
	last = first
	for shown := 0; last < len(list) && shown+list[last].width <= width; last++ {
		shown += list[last].width
	}
	return first, last
}
