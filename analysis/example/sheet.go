package example

import (
	"strings"
	"unicode/utf8"
)

// sheet is an example's text without its marks, with the way back to the file.
type sheet struct {
	text  string
	lines []int // number in the file of each line of text
	marks []mark
	// indent is what the fence took from the start of each line.
	indent int
}

// mark says that a hint is found on a line.
type mark struct {
	hint string
	line int // in the file, that is meant
	at   int // in the file, where the mark stands
	col  int // of the hint's id, from 1 in code points
}

// newSheet reads an example whose first line is line first of its file.
func newSheet(text string, first, indent int, language string) *sheet {
	open := "//~"
	if language == "toml" {
		open = "#~"
	}
	s := &sheet{indent: indent}
	var b strings.Builder
	before := 0 // the line that the mark before meant
	n := first
	for line := range strings.Lines(text) {
		at := strings.LastIndex(line, open)
		if at < 0 || isAnnotation(line[at+len(open):]) {
			b.WriteString(line)
			s.lines = append(s.lines, n)
			n++
			continue
		}
		m := readMark(line[at+len(open):], n, before)
		m.col = utf8.RuneCountInString(line[:strings.LastIndex(line, m.hint)]) + indent + 1
		before = m.line
		s.marks = append(s.marks, m)
		if rest := strings.TrimRight(line[:at], " \t"); rest != "" {
			b.WriteString(rest + "\n")
			s.lines = append(s.lines, n)
		}
		n++
	}
	s.text = b.String()
	return s
}

// readMark reads what follows `//~` on line n.
func readMark(s string, n, before int) mark {
	m := mark{at: n, line: n}
	rest := s
	switch {
	case strings.HasPrefix(s, "^"):
		rest = strings.TrimLeft(s, "^")
		m.line = n - (len(s) - len(rest))
	case strings.HasPrefix(s, "|"):
		rest = s[1:]
		m.line = before
	case strings.HasPrefix(s, "v"):
		// A hint's id may start with v: the arrow stands apart from it.
		if arrow := strings.TrimLeft(s, "v"); strings.HasPrefix(arrow, " ") {
			rest = arrow
			m.line = n + (len(s) - len(arrow))
		}
	}
	if words := strings.Fields(rest); len(words) > 0 {
		m.hint = words[0]
	}
	return m
}

// isAnnotation reports what follows `//~` in rustc's own tests: an example about
// them has such comments, and no hint is called like that.
func isAnnotation(s string) bool {
	words := strings.Fields(strings.TrimLeft(s, "^|v?"))
	if len(words) == 0 {
		return false
	}
	switch strings.TrimSuffix(words[0], ":") {
	case "ERROR", "WARN", "WARNING", "NOTE", "HELP", "SUGGESTION", "RAW":
		return true
	}
	return false
}

// fileLine is the number in the file of a line of the text, both from 1.
func (s *sheet) fileLine(line int) int {
	if len(s.lines) == 0 {
		return 1
	}
	return s.lines[max(0, min(line-1, len(s.lines)-1))]
}
