package course

import "fmt"

// Readers of Markdown look back at the marks of a block (brackets, emphasis, list
// and quote marks) again and again: their time grows with the square of the marks
// in it. A page may have 20,000 in one block, for which half a second is enough,
// or, in several blocks, as many that the sum of their squares is not more. Pages
// that people write have hundreds.
const maxMarks = 20_000

// crowdedError is a place from which on a Markdown file has too many marks.
type crowdedError struct{ line, column int }

func (e crowdedError) Error() string {
	return fmt.Sprintf("more than %d Markdown marks without an empty line between them", maxMarks)
}

// crowded reports the place where a Markdown text has too many marks. Blocks are
// taken to end at empty lines, which is never too early.
func crowded(text string) (line, column int, found bool) {
	if len(text) < maxMarks {
		return 0, 0, false
	}
	marks, before, empty := 0, 0, true // in this block; squares of those before; this line
	for i := range len(text) {
		c := text[i]
		switch {
		case c == '\n':
			if empty {
				before += marks * marks
				marks = 0
			}
			empty = true
			continue
		case c == ' ' || c == '\t':
			continue
		case isMark(text, i):
			marks++
			if before+marks*marks > maxMarks*maxMarks {
				line, column = lineColumn(text, i)
				return line, column, true
			}
		}
		empty = false
	}
	return 0, 0, false
}

func isMark(text string, i int) bool {
	switch text[i] {
	case '[', ']', '*', '_', '<', '>', '`', '~':
		return true
	case '-', '+': // of a list
		return i+1 < len(text) && text[i+1] == ' ' && (i == 0 || text[i-1] == ' ' || text[i-1] == '\n' || text[i-1] == '\t')
	case '.', ')':
		return i > 0 && '0' <= text[i-1] && text[i-1] <= '9' && i+1 < len(text) && text[i+1] == ' '
	}
	return false
}
