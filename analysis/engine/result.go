package engine

import (
	"slices"

	"lectern/analysis/allow"
	"lectern/analysis/course"
	"lectern/analysis/finding"
	"lectern/analysis/text"
	"lectern/analysis/tree"
)

// Result is what is known of one version of a document. It is immutable.
type Result struct {
	Path     string
	Language string
	Version  int32
	Text     *text.Text
	Tree     *tree.Tree // nil when the text has no grammar or could not be parsed in time
	// Findings are all findings that settings and allow comments leave, in source
	// order, the outer before the inner. Those of severity Off are for hovers only.
	Findings []finding.Finding
	// Diagnostics are the numbers of the findings to show without being asked:
	// pitfalls, and of each concept and praise the first in the file.
	Diagnostics []int
	// Allows are the allow comments with what they silenced.
	Allows []allow.Use
	// Exhausted are the ids of hints that cost too much to look for in this text.
	Exhausted []string

	rules *Rules
}

// At gives the findings whose range has off in it or ends there, innermost first.
func (r *Result) At(off int) []finding.Finding {
	var at []finding.Finding
	for _, f := range r.Findings {
		if f.Range.Start > off {
			break
		}
		if off <= f.Range.End {
			at = append(at, f)
		}
	}
	slices.SortStableFunc(at, func(x, y finding.Finding) int { return x.Range.Len() - y.Range.Len() })
	return at
}

// Hint is the hint of a finding.
func (r *Result) Hint(f finding.Finding) (*course.Hint, bool) { return r.rules.library.Hint(f.Hint) }

// Fixes are the fixes that a finding's hint offers here; one that cannot be made
// here is left out.
func (r *Result) Fixes(f finding.Finding) []finding.Fix {
	h, ok := r.Hint(f)
	if !ok {
		return nil
	}
	var fixes []finding.Fix
	for i := range h.Fixes {
		if fix, err := h.Fix(i, f, r.Text); err == nil && len(fix.Edits) > 0 {
			fixes = append(fixes, fix)
		}
	}
	return fixes
}
