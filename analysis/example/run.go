package example

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lectern/analysis/course"
	"lectern/analysis/engine"
	"lectern/analysis/finding"
	"lectern/analysis/problem"
	"lectern/analysis/text"
)

// runner runs one example of a hint.
type runner struct {
	rules    *engine.Rules
	compiler *compiler
	hint     *course.Hint
	out      Outcome
}

func (r *runner) run(ctx context.Context, number int) Outcome {
	e := r.hint.Examples[number]
	r.out = Outcome{
		Hint: r.hint.ID, Section: r.hint.Section, Example: e.Kind.String(), File: r.hint.File, Line: e.Line,
	}
	s := newSheet(e.Text, e.Line, e.Indent, e.Language)
	switch e.Kind {
	case course.Fires:
		r.fires(e, s)
	case course.Silent:
		r.silent(e, s)
	case course.Fixed:
		r.fixed(e, s)
	}
	r.compile(ctx, e, s)
	return r.out
}

func (r *runner) fail(line, column int, message, help string) {
	r.out.Problems = append(r.out.Problems, problem.Problem{
		File: r.hint.File, Line: line, Column: column, Message: message, Help: help,
	})
}

// fires compares the findings with the marks: those of this hint exactly, and
// those of other hints that a mark names.
func (r *runner) fires(e course.Example, s *sheet) {
	result := r.check(e, s)
	if result == nil {
		return
	}
	marked, misspelt := r.marks(result, s)
	if len(marked) == 0 && !misspelt {
		r.fail(e.Line, 1, "the example marks no line", fmt.Sprintf("write `%s %s` behind each line where the hint is found", markOf(e.Language), r.hint.ID))
	}
	for _, f := range r.own(result) {
		if !marked[r.line(result, s, f)] {
			r.unexpected(result, s, f, "found on a line that is not marked")
		}
	}
}

// marks holds the marks of an example against its findings. The lines are those
// that a mark of the hint itself means; misspelt tells of a mark of no hint.
func (r *runner) marks(result *engine.Result, s *sheet) (lines map[int]bool, misspelt bool) {
	lines = map[int]bool{}
	for _, m := range s.marks {
		if m.hint == r.hint.ID {
			lines[m.line] = true
		}
		if _, ok := r.rules.Library().Hint(m.hint); !ok {
			misspelt = true
			help := ""
			if near, ok := problem.Nearest(m.hint, r.rules.Library().HintIDs()); ok {
				help = fmt.Sprintf("did you mean `%s`?", near)
			}
			r.fail(m.at, m.col, fmt.Sprintf("no hint `%s`", m.hint), help)
			continue
		}
		if !slices.ContainsFunc(result.Findings(), func(f finding.Finding) bool {
			return f.Hint == m.hint && r.line(result, s, f) == m.line
		}) {
			r.fail(m.at, m.col, fmt.Sprintf("`%s` is not found on line %d", m.hint, m.line), r.elsewhere(result, s, m.hint))
		}
	}
	return lines, misspelt
}

func markOf(language string) string {
	if language == "toml" {
		return "#~"
	}
	return "//~"
}

// elsewhere says where else a hint is found.
func (r *runner) elsewhere(result *engine.Result, s *sheet, hint string) string {
	var lines []string
	for _, f := range result.Findings() {
		if f.Hint == hint {
			lines = append(lines, strconv.Itoa(r.line(result, s, f)))
		}
	}
	lines = slices.Compact(lines)
	if len(lines) == 0 {
		return "it is not found anywhere in this example"
	}
	return "it is found on line " + strings.Join(lines, ", ")
}

func (r *runner) silent(e course.Example, s *sheet) {
	result := r.check(e, s)
	if result == nil {
		return
	}
	for _, m := range s.marks {
		if m.hint == r.hint.ID {
			r.fail(m.at, m.col, "a silent example has a mark of its own hint", "take it off, or make the example fire")
			return
		}
	}
	r.marks(result, s)
	for _, f := range r.own(result) {
		r.unexpected(result, s, f, "found in an example that is to be silent")
	}
	r.others(e, result, s)
}

// others complains about warnings of other hints of the course in a silent example:
// a reader takes it for a model. A mark says that one is meant to be there.
func (r *runner) others(e course.Example, result *engine.Result, s *sheet) {
	for _, f := range result.Findings() {
		if f.Hint == r.hint.ID || f.Severity < finding.Warning {
			continue
		}
		h, ok := r.rules.Library().Hint(f.Hint)
		if !ok || h.Course != r.hint.Course {
			continue
		}
		line := r.line(result, s, f)
		if slices.ContainsFunc(s.marks, func(m mark) bool { return m.hint == f.Hint && m.line == line }) {
			continue
		}
		at := result.Text.OffsetToPosition(f.Range.Start, text.UTF32)
		r.fail(line, at.Column+s.indent+1, fmt.Sprintf("the %s `%s` is found in a silent example", f.Severity, f.Hint),
			fmt.Sprintf("change the example, or write `%s %s` behind the line", markOf(e.Language), f.Hint))
	}
}

// fixed applies the fix to the fires example and compares.
func (r *runner) fixed(e course.Example, s *sheet) {
	before := r.hint.Examples[e.Of]
	from := newSheet(before.Text, before.Line, before.Indent, before.Language)
	after, ok := r.apply(e, before, from)
	if !ok {
		return
	}
	if after != s.text {
		r.fail(e.Line, 1, fmt.Sprintf("the fix %q gives another text", e.Fix), "")
		r.out.Diff = diff(s.text, after)
	}
	if result := r.check(e, s); result != nil {
		for _, f := range r.own(result) {
			r.unexpected(result, s, f, "still found after the fix")
		}
	}
}

// apply makes a fix in all findings of the example. Fixes that are in each
// other's way are made in rounds.
func (r *runner) apply(e, before course.Example, s *sheet) (string, bool) {
	number := slices.IndexFunc(r.hint.Fixes, func(f course.FixRule) bool { return f.Title == e.Fix })
	current := *s
	for range 8 {
		result := r.check(before, &current)
		if result == nil {
			return "", false
		}
		var fixes []finding.Fix
		for _, f := range r.own(result) {
			fix, err := r.hint.Fix(number, f, result.Place())
			if err != nil {
				r.fail(e.Line, 1, err.Error(), "")
				return "", false
			}
			fixes = append(fixes, fix)
		}
		if len(fixes) == 0 {
			r.fail(e.Line, 1, "there is nothing to fix: the example before it does not fire", "")
			return "", false
		}
		edits, skipped := finding.Merge(fixes)
		content, err := finding.Apply([]byte(current.text), edits)
		if err != nil {
			r.fail(e.Line, 1, err.Error(), "")
			return "", false
		}
		current.text = string(content)
		if skipped == 0 || skipped == len(fixes) {
			return current.text, true
		}
	}
	r.fail(e.Line, 1, "the fix is not done after 8 rounds", "its result fires again")
	return "", false
}

// check looks at the text with all rules; nil when that is not possible, which
// is written down.
func (r *runner) check(e course.Example, s *sheet) *engine.Result {
	in := engine.Input{Path: pathOf(e), Language: e.Language, Text: text.New([]byte(s.text))}
	if e.Language == "rust" {
		crate, err := crateOf(e, s.text)
		if err != nil {
			r.fail(e.Line, 1, err.Error(), "")
			return nil
		}
		in.Crate = crate
	}
	// An example must make sense to the parser even where no rule could match,
	// and Check does not parse such a text.
	d, err := engine.Open(r.rules, in)
	if err != nil {
		r.fail(e.Line, 1, err.Error(), "")
		return nil
	}
	defer d.Close()
	result := d.Result()
	if result.Tree == nil {
		r.fail(e.Line, 1, "the example could not be parsed", "")
		return nil
	}
	if e.Attr["no_compile"] == "" {
		r.unparsed(result, s)
	}
	if slices.Contains(result.Exhausted, r.hint.ID) {
		r.fail(e.Line, 1, "the hint costs too much to look for in this example", "simplify the query")
	}
	return result
}

// unparsed complains about the first place where the text makes no sense to the
// grammar: there, rules are blind.
func (r *runner) unparsed(result *engine.Result, s *sheet) {
	root := result.Tree.Root()
	if !root.HasError() {
		return
	}
	at := root.Start()
	for n := range root.Descendants {
		if n.IsError() || n.IsMissing() {
			at = n.Start()
			break
		}
	}
	p := result.Text.OffsetToPosition(at, text.UTF32)
	r.fail(s.fileLine(p.Line+1), p.Column+s.indent+1, "the grammar cannot parse the example here",
		"mend it, or say in the fence why it is wrong: no_compile=\"...\"")
}

// own are the findings of the hint itself.
func (r *runner) own(result *engine.Result) []finding.Finding {
	var out []finding.Finding
	for _, f := range result.Findings() {
		if f.Hint == r.hint.ID {
			out = append(out, f)
		}
	}
	return out
}

// line is the line in the file where a finding starts.
func (r *runner) line(result *engine.Result, s *sheet, f finding.Finding) int {
	return s.fileLine(result.Text.LineOf(f.Range.Start) + 1)
}

// unexpected complains about a finding.
func (r *runner) unexpected(result *engine.Result, s *sheet, f finding.Finding, message string) {
	at := result.Text.OffsetToPosition(f.Range.Start, text.UTF32)
	r.fail(r.line(result, s, f), at.Column+s.indent+1, fmt.Sprintf("`%s` is %s", f.Hint, message), f.Message)
}
