package problem

import (
	"strings"
	"unicode/utf8"
)

// Lines are the lengths of a text's lines, in code points. They keep places inside of
// the text that somebody else's reader of it has given.
type Lines []int

// NewLines measures a text, whose lines end in "\n", "\r\n" or "\r".
func NewLines(text string) Lines {
	if strings.Contains(text, "\r") {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	var l Lines
	for line := range strings.SplitSeq(text, "\n") {
		l = append(l, utf8.RuneCountInString(line))
	}
	return l
}

// Place is the nearest place to a line and a column, both from 1, that the text has.
// The last column of a line is right behind its end.
func (l Lines) Place(line, column int) (int, int) {
	line = min(max(line, 1), len(l))
	return line, min(max(column, 1), l[line-1]+1)
}
