package course

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"lectern/analysis/problem"
)

// Piece is a piece of a template: text, or a capture whose text belongs there.
type Piece struct {
	Text    string
	Capture string // "" for Text
}

// longestName is how far behind a `{` its `}` may be: no capture's name is longer.
const longestName = 200

// Template cuts a template at its captures. `{name}` is the text of a capture;
// any other brace is itself, so that `unsafe { {call} }` is what it looks like.
// `{{name}}` is the text "{name}".
func Template(s string) []Piece {
	var out []Piece
	text := 0
	for i := 0; i < len(s); i++ {
		if s[i] != '{' {
			continue
		}
		end := strings.IndexByte(s[i:min(len(s), i+longestName)], '}')
		if end < 0 {
			continue
		}
		name := s[i+1 : i+end]
		if strings.HasPrefix(name, "{") && isCapture(name[1:]) && strings.HasPrefix(s[i+end:], "}}") {
			out = append(out, Piece{Text: s[text:i] + s[i+1:i+end+1]})
			text = i + end + 2
			i = text - 1
			continue
		}
		if !isCapture(name) {
			continue
		}
		if text < i {
			out = append(out, Piece{Text: s[text:i]})
		}
		out = append(out, Piece{Capture: name})
		text = i + end + 1
		i = text - 1
	}
	if text < len(s) {
		out = append(out, Piece{Text: s[text:]})
	}
	return out
}

// expand fills a template in; a capture that is absent is nothing.
func expand(template string, captured func(name string) string) string {
	var b strings.Builder
	for _, p := range Template(template) {
		if p.Capture != "" {
			b.WriteString(captured(p.Capture))
			continue
		}
		b.WriteString(p.Text)
	}
	return b.String()
}

// CheckCaptures compares the captures that the hint's templates name with those
// that its queries have, given without "@".
func (h *Hint) CheckCaptures(names []string) []problem.Problem {
	c := captureCheck{hint: h, names: names}
	c.template(h.Message, h.places["message"], 1)
	for _, r := range h.Related {
		c.target(r.Capture, r.Line, r.Column)
		c.target(r.Same, r.Line, r.Column)
		c.template(r.Message, r.Line, r.Column)
	}
	for _, f := range h.Fixes {
		for _, e := range f.Edits {
			c.target(e.Target, e.Line, e.Column)
			for _, t := range []string{e.With, e.Before, e.After} {
				c.template(t, e.Line, e.Column, "indent", "std")
			}
		}
	}
	return c.problems
}

type captureCheck struct {
	hint     *Hint
	names    []string
	problems []problem.Problem
}

// template checks the captures of a template that stands at or behind a place.
func (c *captureCheck) template(s string, line, column int, also ...string) {
	for _, p := range Template(s) {
		if p.Capture != "" && !slices.Contains(also, p.Capture) {
			c.check(p.Capture, "{"+p.Capture+"}", line, column)
		}
	}
}

// target checks a capture that is written with "@".
func (c *captureCheck) target(name string, line, column int) {
	if name != "" {
		c.check(name, "@"+name, line, column)
	}
}

func (c *captureCheck) check(name, written string, line, column int) {
	if slices.Contains(c.names, name) {
		return
	}
	line, column = c.hint.find(written, line, column)
	p := problem.Problem{
		File: c.hint.File, Line: line, Column: column, Hint: c.hint.ID,
		Message: fmt.Sprintf("no query of this hint captures `@%s`", name),
	}
	if len(c.names) > 0 {
		p.Help = meant(name, c.names)
	}
	c.problems = append(c.problems, p)
}

// find is the place where something is written in the file, from a line and
// column on; those themselves if it is written otherwise (with an escape, say).
func (h *Hint) find(written string, line, column int) (int, int) {
	rest := h.source
	for n := 1; n < line; n++ {
		_, after, ok := strings.Cut(rest, "\n")
		if !ok {
			return line, column
		}
		rest = after
	}
	for n := 1; n < column && rest != "" && rest[0] != '\n'; n++ {
		_, size := utf8.DecodeRuneInString(rest)
		rest = rest[size:]
	}
	at := strings.Index(rest, written)
	if at < 0 {
		return line, column
	}
	before := rest[:at]
	if i := strings.LastIndexByte(before, '\n'); i >= 0 {
		return line + strings.Count(before, "\n"), utf8.RuneCountInString(before[i+1:]) + 1
	}
	return line, column + utf8.RuneCountInString(before)
}
