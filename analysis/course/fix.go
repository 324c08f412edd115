package course

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"lectern/analysis/finding"
	"lectern/analysis/text"
)

// ErrNoTarget says that none of a fix's targets was captured.
var ErrNoTarget = errors.New("none of the fix's targets was captured")

// Place is where a fix is to be made.
type Place struct {
	Text  *text.Text
	NoStd func() bool // whether the crate is no_std; it is asked when that matters
}

// ErrFixTooLarge says that a fix would write too much: its templates repeat what was
// captured.
var ErrFixTooLarge = fmt.Errorf("the fix writes more than %d KB", maxFix>>10)

// maxFix is how much one fix may write, in bytes.
const maxFix = 256 << 10

// Fix is the fix number i of the hint for one of its findings: its template filled
// in. An edit whose target the finding did not capture is left out; ErrNoTarget if
// that leaves none. Edits that overlap give a *finding.OverlapError.
func (h *Hint) Fix(i int, f finding.Finding, at Place) (finding.Fix, error) {
	if i < 0 || i >= len(h.Fixes) {
		return finding.Fix{}, fmt.Errorf("hint %s has no fix number %d", h.ID, i)
	}
	rule := h.Fixes[i]
	m := mender{hint: h, finding: f, src: at.Text, std: "std"}
	for _, e := range rule.Edits {
		for _, c := range f.Captures {
			if c.Name != e.Target || m.size > maxFix {
				continue
			}
			if e.std != stdUnused && at.NoStd() {
				if e.std == stdNeeded {
					return finding.Fix{}, fmt.Errorf("fix %q of %s: %w", rule.Title, h.ID, ErrNeedsStd)
				}
				m.std = "core"
			}
			m.edit(e, c.Range)
		}
	}
	if m.size > maxFix {
		return finding.Fix{}, fmt.Errorf("fix %q of %s: %w", rule.Title, h.ID, ErrFixTooLarge)
	}
	if len(m.edits) == 0 {
		return finding.Fix{}, fmt.Errorf("fix %q of %s: %w", rule.Title, h.ID, ErrNoTarget)
	}
	edits, err := finding.Sorted(m.edits)
	if err != nil {
		return finding.Fix{}, fmt.Errorf("fix %q of %s: %w", rule.Title, h.ID, err)
	}
	return finding.Fix{Title: rule.Title, Applicability: rule.Applicability, Edits: edits}, nil
}

// mender fills the edits of one fix in.
type mender struct {
	hint    *Hint
	finding finding.Finding
	src     *text.Text
	std     string // the name of the library that surely is there
	edits   []text.Edit
	size    int // of what is written
}

func (m *mender) edit(e EditRule, at text.Range) {
	switch e.Form {
	case Replace:
		open, close := m.parentheses(e.With, at)
		m.put(at.Start, at.End, open+m.fill(e.With, at)+close)
	case Delete:
		if e.WholeLine {
			at = m.wholeLine(at)
		} else {
			at = m.oneSpace(at)
		}
		m.put(at.Start, at.End, "")
	case InsertBefore:
		m.put(at.Start, at.Start, m.fill(e.With, at))
	case InsertAfter:
		m.put(at.End, at.End, m.fill(e.With, at))
	case Wrap:
		open, close := m.parentheses(e.Before, at)
		m.put(at.Start, at.Start, open+m.fill(e.Before, at))
		m.put(at.End, at.End, m.fill(e.After, at)+close)
	}
}

func (m *mender) put(start, end int, new string) {
	m.edits = append(m.edits, text.Edit{Start: start, End: end, New: new})
}

// fill fills a template in; its line ends become those of the line it goes to.
func (m *mender) fill(template string, at text.Range) string {
	m.size += len(template) + 1
	s := expand(template, func(name string) string {
		r, ok := m.finding.Capture(name)
		switch {
		case !ok && name == "indent":
			r, ok = m.indent(at.Start), true
		case !ok && name == "std":
			return m.std
		}
		if m.size += r.End - r.Start; !ok || m.size > maxFix { // Fix says so
			return ""
		}
		return string(m.src.Slice(r.Start, r.End))
	})
	if strings.Contains(template, "\n") && m.lineEnd(at.Start) == "\r\n" {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n")
	}
	return s
}

// indent is the white space that the line of an offset starts with.
func (m *mender) indent(off int) text.Range {
	r := m.src.LineRange(m.src.LineOf(off))
	line := m.src.Slice(r.Start, min(r.End, off))
	return text.Range{Start: r.Start, End: r.Start + len(line) - len(bytes.TrimLeft(line, " \t"))}
}

// lineEnd is how the line of an offset ends.
func (m *mender) lineEnd(off int) string {
	end := m.src.LineRange(m.src.LineOf(off)).End
	if string(m.src.Slice(end, end+2)) == "\r\n" {
		return "\r\n"
	}
	return "\n"
}

// oneSpace widens a range that is to be deleted by the space behind it where a
// space, a bracket or nothing is before it too: `pub async fn` becomes `pub fn`.
func (m *mender) oneSpace(at text.Range) text.Range {
	line := m.src.LineRange(m.src.LineOf(at.Start))
	if before := m.src.Slice(line.Start, at.Start); len(before) > 0 && !strings.ContainsRune(" \t([{<", rune(before[len(before)-1])) {
		return at
	}
	behind := string(m.src.Slice(at.End, m.src.LineRange(m.src.LineOf(at.End)).End))
	if rest := strings.TrimLeft(behind, " \t"); rest != "" {
		at.End += len(behind) - len(rest)
	}
	return at
}

// wholeLine widens a range that is to be deleted to what goes with it: the `;`
// or `,` behind it, and, where nothing else stands on them, its lines with the
// comment at the end.
func (m *mender) wholeLine(at text.Range) text.Range {
	first := m.src.LineOf(at.Start)
	start := m.src.LineRange(first).Start
	before := strings.TrimRight(string(m.src.Slice(start, at.Start)), " \t")
	// A `;` behind a statement is part of it; behind the value of a `let` it is
	// not.
	code := m.withoutComments(before)
	opens := code == "" || strings.ContainsRune("{};,([", rune(code[len(code)-1]))
	if opens {
		at.End = m.separator(at.End)
	}
	last := m.src.LineOf(at.End)
	end := m.src.LineRange(last).End
	after := string(m.src.Slice(at.End, end))
	rest := strings.TrimLeft(after, " \t")
	comment := "//"
	if m.hint.Language == "toml" {
		comment = "#"
	}
	if strings.TrimLeft(before, " \t") != "" || rest != "" && !strings.HasPrefix(rest, comment) {
		if rest != "" && opens {
			at.End += len(after) - len(rest) // the space between two statements
		}
		return at
	}
	if last+1 < m.src.Lines() {
		return text.Range{Start: start, End: m.src.LineRange(last + 1).Start}
	}
	if first > 0 { // the last line: the line end in front of it goes
		return text.Range{Start: m.src.LineRange(first - 1).End, End: end}
	}
	return text.Range{Start: start, End: end}
}

// withoutComments takes block comments and white space off the end of a line.
func (m *mender) withoutComments(line string) string {
	for m.hint.Language != "toml" && strings.HasSuffix(line, "*/") {
		at := strings.LastIndex(line, "/*")
		if at < 0 {
			return "" // it begins on a line above
		}
		line = strings.TrimRight(line[:at], " \t")
	}
	return line
}

// separator is the end of the `;` or `,` behind what ends at off, or off without one.
// A comma may stand behind a comment or on a line of its own.
func (m *mender) separator(off int) int {
	at := off
	for {
		line := m.src.LineRange(m.src.LineOf(at))
		rest := strings.TrimLeft(string(m.src.Slice(at, line.End)), " \t\r")
		here := line.End - len(rest)
		switch {
		case strings.HasPrefix(rest, ","), strings.HasPrefix(rest, ";") && at == off:
			return here + 1
		case m.hint.Language == "toml":
			return off
		case rest == "" || strings.HasPrefix(rest, "//"):
			if m.src.LineOf(at)+1 >= m.src.Lines() {
				return off
			}
			at = m.src.LineRange(m.src.LineOf(at) + 1).Start
		case strings.HasPrefix(rest, "/*"):
			closes := strings.Index(rest, "*/")
			if closes < 0 { // it goes on for lines: nobody writes an entry so
				return off
			}
			at = here + closes + len("*/")
		default:
			return off
		}
	}
}
