package example

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"lectern/analysis/course"
	"lectern/analysis/problem"
)

// lesson compiles a piece of code of a lesson: as it stands, or, when it is no
// whole program, inside a main function as rustdoc does.
func lesson(ctx context.Context, c *compiler, s *course.Section, code course.Code) Outcome {
	out := Outcome{Section: s.ID, Example: "lesson", File: s.File, Line: code.Line}
	if c.rustc == "" {
		out.Note = "not compiled: no rustc"
		return out
	}
	source := unhide(code.Text)
	edition := strconv.Itoa(defaultEdition)
	for _, e := range []string{"2015", "2018", "2021", "2024"} {
		if code.Has("edition" + e) {
			edition = e
		}
	}
	v, outside, err := compileCode(ctx, c, source, edition)
	if err != nil {
		out.Problems = []problem.Problem{{File: s.File, Line: code.Line, Column: 1, Message: err.Error()}}
		return out
	}
	if outside != "" {
		out.Note = "not compiled: " + outside
		return out
	}
	out.Compiled = true
	for _, e := range v.Errors {
		out.Problems = append(out.Problems, problem.Problem{
			File: s.File, Line: code.Line + max(e.Line, 1) - 1, Column: max(e.Column+code.Indent, 1),
			Message: "rustc: " + withCode(e), Help: e.Help,
		})
	}
	return out
}

// compileCode compiles code as a crate and, if that fails, as the body of main;
// outside is why its errors say nothing, or "".
func compileCode(ctx context.Context, c *compiler, source, edition string) (v verdict, outside string, err error) {
	v, err = c.compile(ctx, unit{Edition: edition, Kind: crateType(source), Source: source})
	if err != nil || len(v.Errors) == 0 {
		return v, "", err
	}
	if outside = v.outside(source); outside != "" || hasMain(source) {
		return v, outside, nil
	}
	wrapped, shift := wrap(source)
	w, err := c.compile(ctx, unit{Edition: edition, Kind: "bin", Source: wrapped})
	if err != nil || len(w.Errors) >= len(v.Errors) && !startsWithStatement(v) {
		return v, "", err
	}
	outside = w.outside(wrapped)
	errors := slices.Clone(w.Errors)
	for i := range errors {
		errors[i].Line = max(errors[i].Line-shift, 1)
	}
	return verdict{Errors: errors}, outside, nil
}

// startsWithStatement reports code that is no list of items.
func startsWithStatement(v verdict) bool {
	for _, e := range v.Errors {
		if strings.HasPrefix(e.Message, "expected item") || strings.Contains(e.Message, "cannot be used for global variables") ||
			strings.Contains(e.Message, "non-item") {
			return true
		}
	}
	return false
}

// unhide takes the marks off that hide a line from the reader: "# " in front.
func unhide(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		inner := strings.TrimLeft(line, " ")
		switch {
		case inner == "#\n" || inner == "#":
			b.WriteString(strings.TrimLeft(inner, "#"))
		case strings.HasPrefix(inner, "# "):
			b.WriteString(inner[2:])
		case strings.HasPrefix(inner, "##"):
			b.WriteString(inner[1:])
		default:
			b.WriteString(line)
		}
	}
	return b.String()
}

// wrap puts code into a main function, its inner attributes in front; shift is
// the number of lines that this adds before the code.
func wrap(source string) (wrapped string, shift int) {
	var attributes, body strings.Builder
	for line := range strings.Lines(source) {
		if strings.HasPrefix(line, "#![") {
			attributes.WriteString(line)
			body.WriteString("\n")
			shift++
			continue
		}
		body.WriteString(line)
	}
	return attributes.String() + "fn main() {\n" + body.String() + "\n}\n", shift + 1
}
