package report

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// tabWidth is the number of columns that a tab takes wherever it stands, so that
// a line can be shown in part.
const tabWidth = 4

// cell is one character as a reader sees it: a cluster of code points that a
// terminal draws in so many columns.
type cell struct {
	start, end int // bytes of the line
	text       string
	width      int
}

// cells splits a piece of a line, which starts at byte base of it.
func cells(piece []byte, base int) []cell {
	var list []cell
	state := -1
	for len(piece) > 0 {
		var cluster []byte
		var width int
		cluster, piece, width, state = uniseg.FirstGraphemeCluster(piece, state)
		c := cell{start: base, end: base + len(cluster), text: string(cluster), width: width}
		if s, special := visible(cluster); special {
			c.text, c.width = s, utf8.RuneCountInString(s)
		}
		list = append(list, c)
		base = c.end
	}
	return list
}

// visible gives what to show for characters that would move the cursor, change
// the direction of what follows, or hide.
func visible(cluster []byte) (string, bool) {
	if string(cluster) == "\t" {
		return strings.Repeat(" ", tabWidth), true
	}
	special := !utf8.Valid(cluster)
	var b strings.Builder
	for _, r := range string(cluster) {
		switch {
		case r < 0x20:
			r, special = '␀'+r, true
		case r == 0x7f:
			r, special = '␡', true
		case r == '\ufeff':
			special = true
			continue
		case unicode.Is(unicode.Cc, r), unicode.Is(unicode.Bidi_Control, r):
			r, special = utf8.RuneError, true
		}
		b.WriteRune(r)
	}
	return b.String(), special
}

// Plain makes text that comes from a learner's file fit for a terminal, on one
// line.
func Plain(s string) string {
	clean := true
	for i := 0; i < len(s) && clean; i++ {
		clean = s[i] >= 0x20 && s[i] < 0x7f
	}
	if clean {
		return s
	}
	var b strings.Builder
	for _, c := range cells([]byte(s), 0) {
		b.WriteString(c.text)
	}
	return b.String()
}
