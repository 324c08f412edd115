package syntax

import (
	"bytes"
	"slices"
	"sort"

	"lectern/analysis/text"
	"lectern/analysis/tree"
)

// former is the tree before an edit. Units are looked up in it by where they
// stood, in whatever container: broken code makes items change hands from one
// list to another and back.
type former struct {
	root     *tree.Unit
	damage   *damage      // by the edits
	remasked []text.Range // what the parser sees otherwise without an edit
	lost     []lost       // units that the edits reached into
	looked   bool         // lost is filled in
	hint     struct {     // where the last unit was found
		around *tree.Unit
		base   int
		index  int
	}
}

// lost is a unit that an edit reached into. What an edit does another may undo.
type lost struct {
	unit, around *tree.Unit
	found        bool // again: a unit stands at one place, its Note may say which
}

// fewUnits is how many lost units are compared with each new one.
const fewUnits = 8

// again is the unit of a run's length that stood where the run stands now, if no
// edit reached into it and it fits, and the unit around it.
func (f *former) again(r *run, fits func(*tree.Unit) bool) (u, around *tree.Unit) {
	pos := f.damage.back(r.start)
	if pos < 0 || r.length == 0 || f.damage.within(r.start, r.start+r.length) {
		return nil, nil
	}
	return f.find(pos, func(u *tree.Unit) bool { return int(u.Len) == r.length && fits(u) })
}

// container is the container that stood where a run stands now, and the unit
// around it.
func (f *former) container(r *run) (u, around *tree.Unit) {
	pos := f.damage.back(r.start)
	if pos < 0 {
		return nil, nil
	}
	return f.find(pos, func(u *tree.Unit) bool { return u.Gap >= 0 })
}

// find is the outermost unit that starts at a place of the old text and fits, and
// the unit around it.
func (f *former) find(pos int, fits func(*tree.Unit) bool) (u, around *tree.Unit) {
	// Most are asked for in their order.
	if h := &f.hint; h.around != nil && h.index+1 < len(h.around.Kids) {
		if k := h.around.Kids[h.index+1]; h.base+int(k.Start) == pos && fits(k.Unit) {
			h.index++
			return k.Unit, h.around
		}
	}
	around, base := f.root, 0
	for {
		kids := around.Kids
		// The last of those that start there: those before it have no bytes.
		i := sort.Search(len(kids), func(i int) bool { return base+int(kids[i].Start) > pos }) - 1
		if i < 0 {
			return nil, nil
		}
		k := kids[i]
		start := base + int(k.Start)
		if start == pos && fits(k.Unit) {
			f.hint.around, f.hint.base, f.hint.index = around, base, i
			return k.Unit, around
		}
		if pos >= start+int(k.Unit.Len) {
			return nil, nil
		}
		around, base = k.Unit, start
	}
}

// undone is a unit with a text that edits reached into and that one of them put
// back, and the unit around it.
func (f *former) undone(content []byte, r *run, fits func(*tree.Unit) bool) (u, around *tree.Unit) {
	if !f.damage.within(r.start, r.start+r.length) && f.damage.back(r.start) >= 0 {
		return nil, nil // no edit reached into it: it would have been found again
	}
	if slices.ContainsFunc(f.remasked, func(m text.Range) bool { return m.Start < r.start+r.length && m.End > r.start }) {
		return nil, nil
	}
	if !f.looked {
		f.looked = true
		f.lose(f.root, 0)
	}
	if len(f.lost) > fewUnits {
		return nil, nil
	}
	for i := range f.lost {
		l := &f.lost[i]
		if !l.found && bytes.Equal(l.unit.Text, content) && fits(l.unit) {
			l.found = true
			return l.unit, l.around
		}
	}
	return nil, nil
}

// lose notes the units inside another that edits reached into, up to a few.
func (f *former) lose(around *tree.Unit, base int) {
	kids := around.Kids
	for _, r := range f.damage.ranges {
		i := sort.Search(len(kids), func(i int) bool { return base+int(kids[i].Start+kids[i].Unit.Len) > r.oldStart })
		for ; i < len(kids) && base+int(kids[i].Start) < r.oldEnd && len(f.lost) <= fewUnits; i++ {
			u := kids[i].Unit
			switch {
			case u.Gap >= 0:
				f.lose(u, base+int(kids[i].Start))
			case !slices.ContainsFunc(f.lost, func(l lost) bool { return l.unit == u }):
				f.lost = append(f.lost, lost{unit: u, around: around})
			}
		}
	}
}
