package engine

import (
	"slices"
	"sort"

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

// newResult puts the notes of a document's units together.
func newResult(d *Document) *Result {
	r := &Result{
		Path: d.in.Path, Language: d.in.Language, Version: d.in.Version,
		Text: d.in.Text, rules: d.rules,
	}
	if d.parse == nil {
		return r
	}
	r.Tree = d.parse.Tree
	a := &assembly{Result: r, filter: newFilter(d.rules, d.in.Settings)}
	a.unit(r.Tree.RootFrame().Unit, 0)
	for rule := range d.checker.spent {
		r.Exhausted = append(r.Exhausted, rule.hint.ID)
	}
	sort.Strings(r.Exhausted)
	a.relate(d.checker.rs)
	slices.SortStableFunc(a.found, func(x, y found) int { return finding.Compare(x.Finding, y.Finding) })
	r.Findings = make([]finding.Finding, len(a.found))
	for i, f := range a.found {
		r.Findings[i] = f.Finding
	}
	r.Findings, r.Allows = allow.Apply(a.allows, r.Findings, func(id string) allow.State {
		if slices.Contains(r.Exhausted, id) {
			return allow.Inactive // nobody knows what it would have found
		}
		return a.filter.state(id)
	})
	first := map[string]bool{}
	for i, f := range r.Findings {
		if f.Severity == finding.Off {
			continue
		}
		if f.Kind != finding.Pitfall {
			if first[f.Hint] {
				continue
			}
			first[f.Hint] = true
		}
		r.Diagnostics = append(r.Diagnostics, i)
	}
	return r
}

// found is a finding with the rule that made it.
type found struct {
	finding.Finding
	rule *rule
}

// assembly is a Result being put together.
type assembly struct {
	*Result
	filter *filter
	bases  []int // where the unit and the containers around it start, the root first
	found  []found
	allows []allow.Allow
	room   []finding.Capture // for the captures of findings to come
}

func (a *assembly) unit(u *tree.Unit, base int) {
	a.bases = append(a.bases, base)
	if n, ok := u.Note.(*note); ok {
		for i := range n.findings {
			a.add(&n.findings[i])
		}
		if len(n.allows) > 0 {
			f := a.Tree.Find(u, base)
			for _, c := range n.allows {
				a.allows = append(a.allows, allow.Resolve(f, c))
			}
		}
	}
	for _, k := range u.Kids {
		a.unit(k.Unit, base+int(k.Start))
	}
	a.bases = a.bases[:len(a.bases)-1]
}

func (a *assembly) add(u *unitFinding) {
	h := u.rule.hint
	severity, ok := a.filter.severity(h)
	if !ok {
		return
	}
	f := finding.Finding{
		Hint: h.ID, Kind: h.Kind, Severity: severity, Section: h.Section, Message: u.message,
		Captures: a.make(len(u.captures)),
	}
	for i, c := range u.captures {
		f.Captures[i] = finding.Capture{Name: c.name, Range: c.at(a.bases)}
	}
	f.Range = f.Captures[u.mark].Range
	a.found = append(a.found, found{f, u.rule})
}

// make gives room for n captures: many findings share one piece of memory.
func (a *assembly) make(n int) []finding.Capture {
	if len(a.room) < n {
		a.room = make([]finding.Capture, max(n, 256))
	}
	captures := a.room[:n:n]
	a.room = a.room[n:]
	return captures
}

// relate fills in the places that findings point at.
func (a *assembly) relate(rs *ruleset) {
	type key struct{ hint, capture, text string }
	var sites map[key][]text.Range
	for i := range a.found {
		f := &a.found[i]
		for _, rel := range f.rule.related {
			if rel.hint == "" {
				if at, ok := f.Capture(rel.capture); ok {
					f.Related = append(f.Related, finding.Related{Range: at, Message: rel.message.fill(a.texts(f.Finding))})
				}
				continue
			}
			own, ok := f.Capture(rel.capture)
			if !ok {
				continue
			}
			if sites == nil {
				sites = map[key][]text.Range{}
				for _, o := range a.found {
					for _, c := range o.Captures {
						if !rs.sites[site{o.Hint, c.Name}] {
							continue
						}
						k := key{o.Hint, c.Name, string(a.slice(c.Range))}
						sites[k] = append(sites[k], o.Range)
					}
				}
			}
			for _, at := range sites[key{rel.hint, rel.capture, string(a.slice(own))}] {
				if at != f.Range && len(f.Related) < maxRelated {
					f.Related = append(f.Related, finding.Related{Range: at, Message: rel.message.fill(a.texts(f.Finding))})
				}
			}
		}
	}
}

// maxRelated bounds the places that one finding points at.
const maxRelated = 8

func (a *assembly) slice(r text.Range) []byte { return a.Text.Slice(r.Start, r.End) }

func (a *assembly) texts(f finding.Finding) func(string) (string, bool) {
	return func(name string) (string, bool) {
		r, ok := f.Capture(name)
		return string(a.slice(r)), ok
	}
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
