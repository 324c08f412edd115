package engine

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"lectern/analysis/allow"
	"lectern/analysis/finding"
	"lectern/analysis/text"
)

// entry is a finding in a Result: one of a note's, at the place where its unit stands
// in that version. A long file has thousands and each key that is typed moves many of
// them, so they are no more than this until somebody looks.
type entry struct {
	note       *note
	number     int32 // among the note's findings
	base       int32 // where the unit stands
	start, end int32 // of @hint
	more       *more // nil for most
}

// more is what few entries have.
type more struct {
	bases   []int             // where the unit and the containers around it stand, the root first
	related []finding.Related // with those that are findings of other hints
}

func (e *entry) finding() *unitFinding { return &e.note.findings[e.number] }

// at is a captured range in the document.
func (e *entry) at(c unitCapture) text.Range {
	base := int(e.base)
	if c.up > 0 {
		base = e.more.bases[len(e.more.bases)-1-c.up]
	}
	return text.Range{Start: base + c.start, End: base + c.end}
}

// capture is the range of the first capture of that name.
func (e *entry) capture(name string) (text.Range, bool) {
	for _, c := range e.finding().captures {
		if c.name == name {
			return e.at(c), true
		}
	}
	return text.Range{}, false
}

// compareEntries is finding.Compare.
func compareEntries(a, b *entry) int {
	if d := cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end)); d != 0 {
		return d
	}
	x, y := a.finding(), b.finding()
	return cmp.Or(strings.Compare(x.rule.hint.ID, y.rule.hint.ID), strings.Compare(x.message, y.message))
}

// shown is what a document's notes come to under its settings, before allow comments
// are applied. It is kept from one version to the next: an edit changes the findings
// of few units, and moves those behind it.
type shown struct {
	filter  *filter
	entries []entry // in the order of finding.Compare
}

// newResult puts the notes of a document's units together. With the notes that are
// new, the others' findings are taken over; without, all are made.
func newResult(d *Document, fresh []*note) *Result {
	r := &Result{
		Path: d.in.Path, Language: d.in.Language, Version: d.in.Version,
		Text: d.in.Text, rules: d.rules, crate: d.in.Crate,
	}
	if d.parse == nil {
		d.shown = shown{}
		return r
	}
	r.Tree = d.parse.Tree
	a := &assembly{document: d, text: d.in.Text, filter: d.shown.filter}
	var kept shown
	if fresh == nil || a.filter == nil {
		a.filter, fresh = d.checker.rs.filterFor(d.rules, d.in.Settings), d.live
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
	r.filter, r.entries = a.filter, d.shown.entries
	a.silence(r)
	first := make([]bool, d.checker.rs.hints)
	for i := range r.entries {
		rule := r.entries[i].finding().rule
		switch {
		case a.filter.verdicts[rule.number].severity == finding.Off:
		case rule.hint.Kind == finding.Pitfall || !first[rule.number]:
			r.Diagnostics = append(r.Diagnostics, i)
			fallthrough
		default:
			first[rule.number] = true
		}
	}
	return r
}

// assembly is a Result being put together.
type assembly struct {
	document *Document
	text     *text.Text
	filter   *filter
	entries  []entry // of notes that are new
}

// add makes the entries of a note.
func (a *assembly) add(n *note) {
	n.made = a.document.gen
	var m *more
	if n.up {
		m = &more{bases: a.document.bases(n)}
	}
	for i := range n.findings {
		u := &n.findings[i]
		if !a.filter.verdicts[u.rule.number].shown {
			continue
		}
		e := entry{note: n, number: int32(i), base: int32(n.base), more: m}
		at := e.at(u.captures[u.mark])
		e.start, e.end = int32(at.Start), int32(at.End)
		a.entries = append(a.entries, e)
	}
}

// bases are where a note's unit and the containers around it start, the root first.
func (d *Document) bases(n *note) []int {
	bases := make([]int, n.level+1)
	i := n.level
	for f := d.parse.Tree.Find(n.unit, n.base); f != nil && i >= 0; f = f.Parent {
		bases[i] = f.Base
		i--
	}
	return bases
}

// merge puts the entries that were made now among those that are kept.
func (a *assembly) merge(kept shown) shown {
	slices.SortStableFunc(a.entries, func(x, y entry) int { return compareEntries(&x, &y) })
	s := shown{filter: a.filter, entries: make([]entry, 0, len(kept.entries)+len(a.entries))}
	next := 0
	for i := range kept.entries {
		e := kept.entries[i]
		if !a.document.keeps(e.note) {
			continue
		}
		if by := int32(e.note.moved); by != 0 {
			e.base, e.start, e.end = e.base+by, e.start+by, e.end+by
		}
		for next < len(a.entries) && compareEntries(&a.entries[next], &e) < 0 {
			s.entries = append(s.entries, a.entries[next])
			next++
		}
		s.entries = append(s.entries, e)
	}
	s.entries = append(s.entries, a.entries[next:]...)
	a.join(&s)
	return s
}

// keeps reports that the findings made of a note hold, but for where they are.
func (d *Document) keeps(n *note) bool {
	return n.gen == d.gen && n.index < len(d.live) && d.live[n.index] == n && n.made != d.gen
}

// maxRelated bounds the places that one finding points at.
const maxRelated = 8

// join fills in the places that findings point at where those are findings of other
// hints.
func (a *assembly) join(s *shown) {
	type key struct{ hint, capture, text string }
	var sites map[key][]text.Range
	rs := a.document.checker.rs
	for i := range s.entries {
		e := &s.entries[i]
		rule := e.finding().rule
		if !rule.joins {
			continue
		}
		if sites == nil {
			sites = map[key][]text.Range{}
			for k := range s.entries {
				o := &s.entries[k]
				u := o.finding()
				if !u.rule.sited {
					continue
				}
				for _, c := range u.captures {
					if rs.sites[site{u.rule.hint.ID, c.name}] {
						k := key{u.rule.hint.ID, c.name, string(slice(a.text, o.at(c)))}
						sites[k] = append(sites[k], text.Range{Start: int(o.start), End: int(o.end)})
					}
				}
			}
		}
		m := &more{}
		if e.more != nil {
			m.bases = e.more.bases
		}
		e.more = m
		for _, rel := range rule.related {
			if rel.hint == "" {
				m.related = e.point(m.related, &rel, a.text)
				continue
			}
			own, ok := e.capture(rel.capture)
			if !ok {
				continue
			}
			for _, at := range sites[key{rel.hint, rel.capture, string(slice(a.text, own))}] {
				if (at != text.Range{Start: int(e.start), End: int(e.end)}) && len(m.related) < maxRelated {
					m.related = append(m.related, finding.Related{Range: at, Message: rel.message.fill(e.texts(a.text))})
				}
			}
		}
	}
}

// point adds the place of one of the entry's captures.
func (e *entry) point(list []finding.Related, rel *related, t *text.Text) []finding.Related {
	if at, ok := e.capture(rel.capture); ok {
		list = append(list, finding.Related{Range: at, Message: rel.message.fill(e.texts(t))})
	}
	return list
}

// texts gives the texts of the entry's captures.
func (e *entry) texts(t *text.Text) func(string) (string, bool) {
	return func(name string) (string, bool) {
		r, ok := e.capture(name)
		return string(slice(t, r)), ok
	}
}

func slice(t *text.Text, r text.Range) []byte { return t.Slice(r.Start, r.End) }

// silence takes out the findings that allow comments cover.
func (a *assembly) silence(r *Result) {
	var allows []allow.Allow
	named := map[string]bool{}
	for _, n := range a.document.live {
		if len(n.allows) == 0 {
			continue
		}
		f := a.document.parse.Tree.Find(n.unit, n.base)
		for _, c := range n.allows {
			allows = append(allows, allow.Resolve(f, c))
			for _, id := range c.IDs {
				named[id.Name] = true
			}
		}
	}
	if len(allows) == 0 {
		return
	}
	var about []int // entries of hints that a comment names
	var findings []finding.Finding
	for i := range r.entries {
		if named[r.entries[i].finding().rule.hint.ID] {
			about, findings = append(about, i), append(findings, r.Finding(i))
		}
	}
	silenced, uses := allow.Silence(allows, findings, func(id string) allow.State {
		if slices.Contains(r.Exhausted, id) {
			return allow.Inactive // nobody knows what it would have found
		}
		return a.filter.state(id)
	})
	r.Allows = uses
	if !slices.Contains(silenced, true) {
		return
	}
	left := make([]entry, 0, len(r.entries))
	next := 0
	for i := range r.entries {
		if next < len(about) && about[next] == i {
			next++
			if silenced[next-1] {
				continue
			}
		}
		left = append(left, r.entries[i])
	}
	r.entries = left
}
