package engine

import (
	"slices"
	"sync"

	"lectern/analysis/allow"
	"lectern/analysis/course"
	"lectern/analysis/finding"
	"lectern/analysis/rust"
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
	// Diagnostics are the numbers of the findings to show without being asked:
	// pitfalls, and of each concept and praise the first in the file.
	Diagnostics []int
	// Allows are the allow comments with what they silenced.
	Allows []allow.Use
	// Exhausted are the ids of hints that cost too much to look for in this text.
	Exhausted []string

	rules   *Rules
	crate   *rust.Crate
	filter  *filter
	entries []entry
	once    sync.Once
	all     []finding.Finding // of the entries, once they have been asked for
}

// Findings are all findings that settings and allow comments leave, in source
// order, the outer before the inner. Those of severity Off are for hovers only.
func (r *Result) Findings() []finding.Finding {
	r.once.Do(func() {
		r.all = make([]finding.Finding, len(r.entries))
		for i := range r.entries {
			r.all[i] = r.Finding(i)
		}
	})
	return r.all
}

// Finding is the finding number i.
func (r *Result) Finding(i int) finding.Finding {
	f, e := r.Head(i), &r.entries[i]
	captures := e.finding().captures
	f.Captures = make([]finding.Capture, len(captures))
	for i, c := range captures {
		f.Captures[i] = finding.Capture{Name: c.name, Range: e.at(c)}
	}
	return f
}

// Head is the finding number i without its captures, for who looks at many.
func (r *Result) Head(i int) finding.Finding {
	e := &r.entries[i]
	u := e.finding()
	h := u.rule.hint
	f := finding.Finding{
		Hint: h.ID, Kind: h.Kind, Severity: r.filter.verdicts[u.rule.number].severity, Section: h.Section,
		Range: text.Range{Start: int(e.start), End: int(e.end)}, Message: u.message,
	}
	if e.more != nil && e.more.related != nil {
		f.Related = e.more.related
		return f
	}
	for i := range u.rule.related {
		if rel := &u.rule.related[i]; rel.hint == "" {
			f.Related = e.point(f.Related, rel, r.Text)
		}
	}
	return f
}

// At gives the findings whose range has off in it or ends there, innermost first.
func (r *Result) At(off int) []finding.Finding { return r.Touching(text.Range{Start: off, End: off}) }

// Touching gives the findings in or around a range, the innermost first.
func (r *Result) Touching(at text.Range) []finding.Finding {
	var list []finding.Finding
	for i := range r.entries {
		e := &r.entries[i]
		if int(e.start) > at.End {
			break
		}
		if (text.Range{Start: int(e.start), End: int(e.end)}).Touches(at) {
			list = append(list, r.Finding(i))
		}
	}
	slices.SortStableFunc(list, func(x, y finding.Finding) int { return x.Range.Len() - y.Range.Len() })
	return list
}

// Of gives the findings of the hints that are wanted.
func (r *Result) Of(wanted func(*course.Hint) bool) []finding.Finding {
	var list []finding.Finding
	for i := range r.entries {
		if wanted(r.entries[i].finding().rule.hint) {
			list = append(list, r.Finding(i))
		}
	}
	return list
}

// Marked reports a finding that is among the Diagnostics.
func (r *Result) Marked(f *finding.Finding) bool {
	return slices.ContainsFunc(r.Diagnostics, func(i int) bool {
		e := &r.entries[i]
		return int(e.start) == f.Range.Start && int(e.end) == f.Range.End && e.finding().rule.hint.ID == f.Hint
	})
}

// Place is what a fix of a finding is made for.
func (r *Result) Place() course.Place {
	return course.Place{Text: r.Text, NoStd: func() bool { return rust.NoStd(r.crate, r.Path, r.Text) }}
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
		if fix, err := h.Fix(i, f, r.Place()); err == nil && len(fix.Edits) > 0 {
			fixes = append(fixes, fix)
		}
	}
	return fixes
}
