package report

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"lectern/analysis/finding"
	"lectern/analysis/text"
)

// The colors, as the numbers of the terminal's escape sequences.
const (
	bold   = "1"
	red    = "1;31"
	green  = "1;32"
	yellow = "1;33"
	blue   = "1;34"
	cyan   = "1;36"
)

// TextOptions say how Text writes.
type TextOptions struct {
	Color   bool
	Width   int      // columns of a source line before it is cut; 0 for 120
	Lessons []Lesson // all there are, in the order of the courses
	Brief   bool     // leave out the lessons and the count
}

// Text writes findings as rustc does, with the line of source, and in the end the
// lessons that the code touches and a count.
type Text struct {
	w       io.Writer
	err     error
	colored bool
	width   int
	color   string // of the item being written
	lessons []Lesson
	touched map[[2]string]bool // course and section
	brief   bool
	counts  [finding.Error + 1]int
	told    int // items shown that are no warnings: concepts and praise
	files   int
	hit     int // files with something shown
}

// NewText makes a writer.
func NewText(w io.Writer, o TextOptions) *Text {
	if o.Width <= 0 {
		o.Width = 120
	}
	return &Text{w: w, colored: o.Color, width: max(o.Width, 20), lessons: o.Lessons, brief: o.Brief, touched: map[[2]string]bool{}}
}

func (t *Text) printf(format string, args ...any) {
	if t.err == nil {
		_, t.err = fmt.Fprintf(t.w, format, args...)
	}
}

func (t *Text) paint(color, s string) string {
	if !t.colored || s == "" {
		return s
	}
	return "\x1b[" + color + "m" + s + "\x1b[0m"
}

// File writes the items of a file that are not hidden.
func (t *Text) File(f File) {
	t.files++
	any := false
	for _, it := range f.Items {
		if it.Silenced != nil {
			continue
		}
		if it.Section != "" {
			t.touched[[2]string{it.Course, it.Section}] = true
		}
		if it.Hidden {
			continue
		}
		any = true
		t.item(f, it)
	}
	if any {
		t.hit++
	}
}

// title is the word that opens an item, and its color.
func title(it Item) (word, color string) {
	switch it.Kind {
	case finding.Praise.String():
		return it.Kind, green
	case finding.Concept.String():
		return it.Kind, cyan
	}
	switch it.Severity {
	case finding.Error:
		color = red
	case finding.Warning:
		color = yellow
	default:
		color = cyan
	}
	return it.Severity.String(), color
}

func (t *Text) item(f File, it Item) {
	word, color := title(it)
	t.color = color
	if it.Kind == finding.Praise.String() || it.Kind == finding.Concept.String() {
		t.told++
	} else {
		t.counts[min(it.Severity, finding.Error)]++
	}
	marks := []mark{markOf(f.Text, it.Range, "", true)}
	last := marks[0].line
	for _, r := range it.Related {
		m := markOf(f.Text, r.Range, r.Message, false)
		marks = append(marks, m)
		last = max(last, m.line)
	}
	gutter := len(strconv.Itoa(last + 1))
	pad := strings.Repeat(" ", gutter)
	at := f.Text.OffsetToPosition(it.Range.Start, text.UTF32)

	t.printf("%s%s\n", t.paint(color, word+"["+it.Hint+"]"), t.paint(bold, ": "+Plain(it.Message)))
	t.printf("%s %s:%d:%d\n", t.paint(blue, pad+"-->"), Plain(f.Path), at.Line+1, at.Column+1)
	t.snippet(f.Text, marks, gutter)
	note := func(name, says string) {
		t.printf("%s %s %s\n", t.paint(blue, pad+" ="), t.paint(bold, name+":"), Plain(says))
	}
	if it.Help != "" {
		note("help", it.Help)
	}
	for _, fix := range it.Fixes {
		says := fix.Title
		if fix.Applicability != finding.MachineApplicable {
			says += " (" + fix.Applicability.String() + ")"
		}
		note("fix", says)
	}
	if it.Section != "" {
		says := it.Section
		if i := slices.IndexFunc(t.lessons, func(l Lesson) bool { return l.Course == it.Course && l.Section == it.Section }); i >= 0 {
			says += ", " + t.lessons[i].Title
		}
		if it.URL != "" {
			says += " <" + it.URL + ">"
		}
		note("lesson", says)
	}
	t.printf("\n")
}

// Close writes the lessons and the count.
func (t *Text) Close() error {
	if t.brief {
		return t.err
	}
	wide := 0
	var touched []Lesson
	for _, l := range t.lessons {
		if t.touched[[2]string{l.Course, l.Section}] {
			touched = append(touched, l)
			wide = max(wide, len(l.Section))
		}
	}
	if len(touched) > 0 {
		t.printf("%s\n", t.paint(bold, "Lessons about this code, to read with `lectern explain LESSON`:"))
		for _, l := range touched {
			t.printf("  %-*s  %s\n", wide, l.Section, Plain(l.Title))
		}
		t.printf("\n")
	}
	t.printf("%s\n", t.summary())
	return t.err
}

func (t *Text) summary() string {
	checked := count(t.files, "file") + " checked"
	var parts []string
	for s := finding.Error; s >= finding.Off; s-- {
		if n := t.counts[s]; n > 0 {
			switch s {
			case finding.Information: // has no plural
				parts = append(parts, fmt.Sprintf("%d information", n))
			default:
				parts = append(parts, count(n, s.String()))
			}
		}
		if s == finding.Off {
			break
		}
	}
	if t.told > 0 {
		parts = append(parts, count(t.told, "remark"))
	}
	if len(parts) == 0 {
		return "Nothing found, " + checked + "."
	}
	if t.files == 1 {
		return strings.Join(parts, ", ") + "."
	}
	return strings.Join(parts, ", ") + " in " + count(t.hit, "file") + ", " + checked + "."
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
