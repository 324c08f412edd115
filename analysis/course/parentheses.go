package course

import (
	"bytes"
	"slices"
	"strings"

	"lectern/analysis/text"
)

// parentheses are those to put around what takes the place of a range, if it needs
// them. A block at the start of a statement is all of it: `unsafe { f() } + 1` is the
// block and then `+ 1`, which makes no sense. So a block gets them where nothing of
// its statement seems to be before it and an operator follows.
func (m *mender) parentheses(template string, at text.Range) (open, close string) {
	starts := func(s string, with ...string) bool {
		return slices.ContainsFunc(with, func(w string) bool { return strings.HasPrefix(s, w) })
	}
	if m.hint.Language == "toml" || !starts(template, "unsafe {", "const {", "async {", "async move {") {
		return "", ""
	}
	line := m.src.LineRange(m.src.LineOf(at.Start))
	if before := bytes.TrimRight(m.src.Slice(line.Start, at.Start), " \t"); len(before) > 0 && !strings.ContainsRune("{};", rune(before[len(before)-1])) {
		return "", ""
	}
	behind := strings.TrimLeft(string(m.src.Slice(at.End, at.End+maxBehind)), " \t\r\n")
	if starts(behind, "//", "/*") || !starts(behind, "+", "-", "*", "/", "%", "&", "|", "^", "<", ">", "[", "(", "==", "!=", "as ") {
		return "", ""
	}
	return "(", ")"
}

// maxBehind is how far behind a range an operator is looked for, in bytes.
const maxBehind = 1 << 10
