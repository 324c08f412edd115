package course

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"lectern/analysis/course/yaml"
	"lectern/analysis/problem"
)

// decoder turns YAML values into what they mean and writes down what is wrong
// with them.
type decoder struct {
	file     string
	hint     string // id of the hint that a problem disables, or ""
	problems []problem.Problem
}

func (d *decoder) fail(line, column int, message, help string) {
	d.problems = append(d.problems, problem.Problem{
		File: d.file, Line: line, Column: column, Message: message, Help: help, Hint: d.hint,
	})
}

// unknownKey complains about a key that is none of the known ones.
func (d *decoder) unknownKey(f yaml.Field, known []string) {
	d.fail(f.Line, f.Column, fmt.Sprintf("unknown key `%s`", f.Key), meant(f.Key, known))
}

// meant is "did you mean" with the nearest of the known words, or all of them.
func meant(word string, known []string) string {
	if near, ok := problem.Nearest(word, known); ok {
		return fmt.Sprintf("did you mean `%s`?", near)
	}
	return "known are " + list(known)
}

// list writes words as "`a`, `b` and `c`".
func list(words []string) string {
	var b strings.Builder
	for i, w := range words {
		switch {
		case i > 0 && i == len(words)-1:
			b.WriteString(" and ")
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString("`" + w + "`")
	}
	return b.String()
}

// line is the text of a field that must be one line of it.
func (d *decoder) line(f yaml.Field) string {
	s, ok := d.text(f)
	if !ok {
		return ""
	}
	trimmed := strings.TrimSpace(s)
	switch {
	case trimmed == "":
		d.fail(f.Value.Line, f.Value.Column, fmt.Sprintf("`%s` is empty", f.Key), "write something, or leave the key out")
	case strings.ContainsAny(trimmed, "\n\r\t"):
		d.fail(f.Value.Line, f.Value.Column, fmt.Sprintf("`%s` has more than one line", f.Key), "keep it to one line")
	case utf8.RuneCountInString(trimmed) > maxLine:
		d.fail(f.Value.Line, f.Value.Column, fmt.Sprintf("`%s` has more than %d characters", f.Key, maxLine), "it is shown with each finding; the rest belongs in the text")
		return ""
	}
	if r, found := unseen(trimmed); found {
		d.fail(f.Value.Line, f.Value.Column, fmt.Sprintf("`%s` has the character %U, which cannot be seen", f.Key, r), "leave it out")
		return ""
	}
	return trimmed
}

// What a field may hold. Each finding carries some of them, and there may be
// thousands of findings.
const (
	maxLine  = 1_000 // code points of one line
	maxField = 10_000
	maxItems = 100
)

// unseen finds a character that moves the cursor of a terminal, or changes the
// direction of what follows.
func unseen(s string) (rune, bool) {
	for _, r := range s {
		if unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' || unicode.Is(unicode.Bidi_Control, r) {
			return r, true
		}
	}
	return 0, false
}

// text is the text of a field.
func (d *decoder) text(f yaml.Field) (string, bool) {
	if f.Value.Kind != yaml.Scalar {
		d.wrong(f, "a text", "")
		return "", false
	}
	if len(f.Value.Text) > maxField {
		d.fail(f.Value.Line, f.Value.Column, fmt.Sprintf("`%s` has more than %d bytes", f.Key, maxField), "")
		return "", false
	}
	return f.Value.Text, true
}

// wrong complains about a value of another kind.
func (d *decoder) wrong(f yaml.Field, want, help string) {
	line, column := f.Value.Line, f.Value.Column
	if f.Value.Kind == yaml.Null {
		line, column = f.Line, f.Column
	}
	if help == "" && f.Value.Kind == yaml.Map {
		help = "a text that has `: ` or starts with `{` needs quotes"
	}
	d.fail(line, column, fmt.Sprintf("`%s` is %s where %s belongs", f.Key, f.Value.Kind, want), help)
}

// word is a field whose value is one of some words; the number of the word, or -1.
func (d *decoder) word(f yaml.Field, words []string) int {
	return d.wordOf(f, strings.ReplaceAll(f.Key, "-", " "), words)
}

// wordOf is word with another name for what the words are.
func (d *decoder) wordOf(f yaml.Field, what string, words []string) int {
	s, ok := d.text(f)
	if !ok {
		return -1
	}
	for i, w := range words {
		if s == w {
			return i
		}
	}
	d.fail(f.Value.Line, f.Value.Column, fmt.Sprintf("`%s` is no %s", s, what), meant(s, words))
	return -1
}

// truth is a field that is true or false.
func (d *decoder) truth(f yaml.Field) bool {
	if f.Value.Kind == yaml.Scalar && f.Value.Plain {
		switch f.Value.Text {
		case "true":
			return true
		case "false":
			return false
		}
	}
	d.wrong(f, "`true` or `false`", "")
	return false
}

// items are the values of a field that is a list of values of some kind, or of one
// of several.
func (d *decoder) items(f yaml.Field, kinds ...yaml.Kind) []yaml.Node {
	example := fmt.Sprintf("write `%s: [...]`, or each on its own line behind `- `", f.Key)
	if f.Value.Kind == yaml.Null {
		return nil
	}
	if f.Value.Kind != yaml.List {
		d.wrong(f, "a list", example)
		return nil
	}
	if n := len(f.Value.Items); n > maxItems {
		d.fail(f.Line, f.Column, fmt.Sprintf("`%s` has %d entries, %d are the most", f.Key, n, maxItems), "")
		return nil
	}
	var out []yaml.Node
	for _, item := range f.Value.Items {
		if !slices.Contains(kinds, item.Kind) {
			d.fail(item.Line, item.Column, fmt.Sprintf("%s in `%s`, where %s belongs", item.Kind, f.Key, kinds[0]), "")
			continue
		}
		out = append(out, item)
	}
	return out
}

// capture is the name of a capture, which is written with "@".
func (d *decoder) capture(f yaml.Field) string {
	s, ok := d.text(f)
	if !ok {
		return ""
	}
	name, at := strings.CutPrefix(s, "@")
	if !at || !isCapture(name) {
		d.fail(f.Value.Line, f.Value.Column, fmt.Sprintf("`%s` is no capture", s), "captures are written \"@name\", in quotes")
		return ""
	}
	return name
}

// isCapture reports a name that a capture can have.
func isCapture(name string) bool {
	for i := 0; i < len(name); i++ {
		c := name[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_'
		if !letter && (i == 0 || c != '-' && c != '.' && (c < '0' || c > '9')) {
			return false
		}
	}
	return name != ""
}
