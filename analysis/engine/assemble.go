package engine

import (
	"slices"
	"sort"

	"lectern/analysis/allow"
	"lectern/analysis/finding"
	"lectern/analysis/text"
)

// shown is what a document's notes come to under its settings, before allow
// comments. It is kept from one version to the next: an edit changes the findings of
// few units, and moves those behind it.
type shown struct {
	filter   *filter
	findings []finding.Finding // in the order of finding.Compare
	sources  []source          // of the findings, one for each
	joined   bool              // a finding points at findings of other hints
}

// source is where a finding comes from.
type source struct {
	note *note
	rule *rule
}

// newResult puts the notes of a document's units together. With the frames of the
// units whose notes are new, the others' findings are taken over; without, all are
// made.
func newResult(d *Document, fresh []*note) *Result {
	r := &Result{
		Path: d.in.Path, Language: d.in.Language, Version: d.in.Version,
		Text: d.in.Text, rules: d.rules,
	}
	if d.parse == nil {
		d.shown = shown{}
		return r
	}
	r.Tree = d.parse.Tree
	a := &assembly{document: d, text: d.in.Text, filter: d.shown.filter}
	var kept shown
	if fresh == nil || a.filter == nil {
		a.filter, fresh = newFilter(d.rules, d.in.Settings), d.live
	} else {
		kept = d.shown
	}
	for _, n := range fresh {
		a.add(n)
	}
	d.shown = a.merge(kept)
	for rule := range d.checker.spent {
		r.Exhausted = append(r.Exhausted, rule.hint.ID)
	}
	sort.Strings(r.Exhausted)
	r.Findings = d.shown.findings
	if allows := a.allows(); len(allows) > 0 {
		r.Findings, r.Allows = allow.Apply(allows, r.Findings, func(id string) allow.State {
			if slices.Contains(r.Exhausted, id) {
				return allow.Inactive // nobody knows what it would have found
			}
			return a.filter.state(id)
		})
		first := map[string]bool{}
		r.Diagnostics = diagnostics(r.Findings, func(i int) bool {
			met := first[r.Findings[i].Hint]
			first[r.Findings[i].Hint] = true
			return !met
		})
		return r
	}
	first := make([]bool, d.checker.rs.hints)
	r.Diagnostics = diagnostics(r.Findings, func(i int) bool {
		met := &first[d.shown.sources[i].rule.number]
		defer func() { *met = true }()
		return !*met
	})
	return r
}

// diagnostics are the numbers of the findings to show without being asked; first
// reports the first one of a hint.
func diagnostics(findings []finding.Finding, first func(i int) bool) []int {
	var list []int
	for i := range findings {
		f := &findings[i]
		if f.Severity != finding.Off && (f.Kind == finding.Pitfall || first(i)) {
			list = append(list, i)
		}
	}
	return list
}

// assembly is a Result being put together.
type assembly struct {
	document *Document
	text     *text.Text
	filter   *filter
	findings []made
	room     []finding.Capture // for the captures of findings to come
}

// made is a finding that was made now.
type made struct {
	finding.Finding
	source
}

// add makes the findings of a note.
func (a *assembly) add(n *note) {
	n.made = a.document.gen
	if len(n.findings) == 0 {
		return
	}
	bases := a.document.bases(n)
	for i := range n.findings {
		u := &n.findings[i]
		h := u.rule.hint
		severity, ok := a.filter.severity(h)
		if !ok {
			continue
		}
		f := finding.Finding{
			Hint: h.ID, Kind: h.Kind, Severity: severity, Section: h.Section, Message: u.message,
			Captures: a.make(len(u.captures)),
		}
		for i, c := range u.captures {
			f.Captures[i] = finding.Capture{Name: c.name, Range: c.at(bases)}
		}
		f.Range = f.Captures[u.mark].Range
		for _, rel := range u.rule.related {
			if at, ok := f.Capture(rel.capture); ok && rel.hint == "" {
				f.Related = append(f.Related, finding.Related{Range: at, Message: rel.message.fill(a.texts(&f))})
			}
		}
		a.findings = append(a.findings, made{f, source{n, u.rule}})
	}
}

// bases are where a note's unit and the containers around it start, the root first.
func (d *Document) bases(n *note) []int {
	if n.level == 0 {
		return []int{n.base}
	}
	bases := make([]int, n.level+1)
	i := n.level
	for f := d.parse.Tree.Find(n.unit, n.base); f != nil && i >= 0; f = f.Parent {
		bases[i] = f.Base
		i--
	}
	return bases
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

// merge puts the findings that were made now among those that are kept.
func (a *assembly) merge(kept shown) shown {
	slices.SortStableFunc(a.findings, func(x, y made) int { return finding.Compare(x.Finding, y.Finding) })
	s := shown{
		filter:   a.filter,
		findings: make([]finding.Finding, 0, len(kept.findings)+len(a.findings)),
		sources:  make([]source, 0, len(kept.findings)+len(a.findings)),
	}
	put := func(f finding.Finding, from source) {
		s.findings, s.sources = append(s.findings, f), append(s.sources, from)
		s.joined = s.joined || from.rule.joins
	}
	next := 0
	for i, from := range kept.sources {
		if !a.document.keeps(from.note) {
			continue
		}
		f := kept.findings[i]
		if from.note.moved != 0 {
			f = a.shift(f, from.note.moved)
		}
		for next < len(a.findings) && finding.Compare(a.findings[next].Finding, f) < 0 {
			put(a.findings[next].Finding, a.findings[next].source)
			next++
		}
		put(f, from)
	}
	for _, m := range a.findings[next:] {
		put(m.Finding, m.source)
	}
	if s.joined {
		a.join(&s)
	}
	return s
}

// keeps reports that the findings made of a note hold, but for where they are.
func (d *Document) keeps(n *note) bool {
	return n.gen == d.gen && n.index < len(d.live) && d.live[n.index] == n && n.made != d.gen
}

// shift is a finding that moved with its unit.
func (a *assembly) shift(f finding.Finding, by int) finding.Finding {
	f.Range = f.Range.Shift(by)
	captures := a.make(len(f.Captures))
	for i, c := range f.Captures {
		captures[i] = finding.Capture{Name: c.Name, Range: c.Range.Shift(by)}
	}
	f.Captures = captures
	if len(f.Related) > 0 {
		f.Related = slices.Clone(f.Related)
		for i := range f.Related {
			f.Related[i].Range = f.Related[i].Range.Shift(by)
		}
	}
	return f
}

// join fills in the places that findings point at where those are findings of other
// hints.
func (a *assembly) join(s *shown) {
	type key struct{ hint, capture, text string }
	sites := map[key][]text.Range{}
	rs := a.document.checker.rs
	for i, from := range s.sources {
		if !from.rule.sited {
			continue
		}
		o := &s.findings[i]
		for _, c := range o.Captures {
			if rs.sites[site{o.Hint, c.Name}] {
				k := key{o.Hint, c.Name, string(a.slice(c.Range))}
				sites[k] = append(sites[k], o.Range)
			}
		}
	}
	for i, from := range s.sources {
		if !from.rule.joins {
			continue
		}
		f := &s.findings[i]
		f.Related = nil // those of the version before are another finding's
		for _, rel := range from.rule.related {
			own, ok := f.Capture(rel.capture)
			if !ok {
				continue
			}
			if rel.hint == "" {
				f.Related = append(f.Related, finding.Related{Range: own, Message: rel.message.fill(a.texts(f))})
				continue
			}
			for _, at := range sites[key{rel.hint, rel.capture, string(a.slice(own))}] {
				if at != f.Range && len(f.Related) < maxRelated {
					f.Related = append(f.Related, finding.Related{Range: at, Message: rel.message.fill(a.texts(f))})
				}
			}
		}
	}
}

// maxRelated bounds the places that one finding points at.
const maxRelated = 8

// allows are the allow comments of all units, each with what it silences.
func (a *assembly) allows() []allow.Allow {
	var allows []allow.Allow
	for _, n := range a.document.live {
		if len(n.allows) == 0 {
			continue
		}
		f := a.document.parse.Tree.Find(n.unit, n.base)
		for _, c := range n.allows {
			allows = append(allows, allow.Resolve(f, c))
		}
	}
	return allows
}

func (a *assembly) slice(r text.Range) []byte { return a.text.Slice(r.Start, r.End) }

func (a *assembly) texts(f *finding.Finding) func(string) (string, bool) {
	return func(name string) (string, bool) {
		r, ok := f.Capture(name)
		return string(a.slice(r)), ok
	}
}
