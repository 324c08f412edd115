package example

import (
	"errors"
	"fmt"

	"lectern/analysis/course"
	"lectern/analysis/engine"
	"lectern/analysis/finding"
)

// Apply is an example of a hint after a fix in all findings of the hint; the fix is
// named by its place among those of the hint. A finding that the fix has nothing to
// do for is left alone; made tells whether there was another.
func Apply(rules *engine.Rules, hint *course.Hint, e course.Example, fix int) (after Source, made bool, err error) {
	r := &runner{rules: rules, hint: hint}
	after = SourceOf(e)
	s := newSheet(e.Text, e.Line, e.Indent, e.Language)
	for range 8 { // rounds, for fixes that are in each other's way
		result := r.check(e, s)
		if result == nil {
			return after, made, fmt.Errorf("checking an example of %s: %v", hint.ID, r.out.Problems)
		}
		var fixes []finding.Fix
		for _, f := range r.own(result) {
			one, err := hint.Fix(fix, f, result.Place())
			switch {
			case err == nil:
				fixes = append(fixes, one)
			case !errors.Is(err, course.ErrNoTarget) && !errors.Is(err, course.ErrNeedsStd):
				return after, made, err
			}
		}
		edits, skipped := finding.Merge(fixes)
		content, err := finding.Apply([]byte(s.text), edits)
		if err != nil {
			return after, made, fmt.Errorf("applying %q of %s: %w", hint.Fixes[fix].Title, hint.ID, err)
		}
		made = made || len(fixes) > 0
		s.text, after.Text = string(content), string(content)
		if skipped == 0 || skipped == len(fixes) {
			break
		}
	}
	return after, made, nil
}
