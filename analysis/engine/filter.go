package engine

import (
	"strings"

	"lectern/analysis/allow"
	"lectern/analysis/config"
	"lectern/analysis/course"
	"lectern/analysis/finding"
)

// filter is what settings say about hints.
type filter struct {
	rules    *Rules
	settings *config.Settings
	later    map[string]bool // chapters, as course/chapter, that come after upTo
	verdicts []verdict       // by number of the hint in a ruleset
}

// verdict is how a hint is shown, if it is.
type verdict struct {
	severity finding.Severity
	shown    bool
}

// filterFor is the filter for settings. The last one is kept: many texts have the
// same settings.
func (rs *ruleset) filterFor(rules *Rules, s *config.Settings) *filter {
	f := rs.filter.Load()
	if f == nil || f.settings != s {
		f = newFilter(rules, rs, s)
		rs.filter.Store(f)
	}
	return f
}

// newFilter is the filter for a ruleset, which may be nil.
func newFilter(rules *Rules, rs *ruleset, s *config.Settings) *filter {
	f := &filter{rules: rules, settings: s, later: later(rules.library, s.UpTo())}
	if rs != nil {
		f.verdicts = make([]verdict, rs.hints)
		for i := range rs.rules {
			r := &rs.rules[i]
			v := &f.verdicts[r.number]
			v.severity, v.shown = f.severity(r.hint)
		}
	}
	return f
}

// later gives the chapters behind the one that the class has reached, of every
// course that has it. A course without that chapter is shown whole.
func later(library *course.Library, upTo string) map[string]bool {
	if upTo == "" {
		return nil
	}
	chapters := map[string]bool{}
	for _, c := range library.Courses() {
		reached := false
		for _, ch := range c.Chapters {
			if reached {
				chapters[c.ID+"/"+ch.ID] = true
			}
			reached = reached || ch.ID == upTo
		}
	}
	return chapters
}

// severity is how a hint is shown, Off being for hovers only; false when it is
// not shown at all.
func (f *filter) severity(h *course.Hint) (finding.Severity, bool) {
	chapter, _, _ := strings.Cut(h.Section, "/")
	if f.settings.Disabled(h.ID) || f.later[h.Course+"/"+chapter] {
		return finding.Off, false
	}
	if s, ok := f.settings.Severity(h.ID, h.Kind); ok {
		return s, true
	}
	return h.Severity, true
}

// state tells allow comments whether a hint ran.
func (f *filter) state(id string) allow.State {
	h, ok := f.rules.library.Hint(id)
	if !ok {
		return allow.Unknown
	}
	if _, shown := f.severity(h); !shown || !f.rules.active[id] {
		return allow.Inactive
	}
	return allow.Active
}
