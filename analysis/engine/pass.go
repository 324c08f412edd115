package engine

import (
	"lectern/analysis/query"
	"maps"
	"slices"

	"lectern/analysis/rust"
	"lectern/analysis/syntax"
	"lectern/analysis/tree"
)

// pass brings the notes of all units up to date after an edit, or makes them
// when delta is nil. It goes through the list of units, which is cheap, and
// checks those that are new or that depend on something that changed.
//
// A unit's findings depend on its own rows and text, and beyond them on what the
// last check of it was seen to use:
//   - the containers around it, when the check looked up;
//   - the units inside it, when it looked down or has captured what spans them, and
//     in any case on which kinds of items they are;
//   - units beside it: those that it looked at, or any beside a container around it:
//     then it is checked after every edit;
//   - whether a pattern means a container around it: query.Asked;
//   - names that the rest of the file declares: rust.Record;
//   - that items are called by their own names: query.Matcher.File;
//   - masked words, which stand outside any unit, in front of it or of a container;
//   - facts of the crate.
type pass struct {
	*Document
	crate   bool                      // the facts of the crate changed
	all     bool                      // every unit is to be checked
	renewed map[*tree.Unit]*tree.Unit // and what they were
	fresh   map[*tree.Unit]bool       // fresh containers: what is below may see another header
	moved   map[*tree.Unit]bool       // into another container
	dirty   []*tree.Frame
	gone    []rust.Placed
	came    []rust.Placed
	live    []*note
}

func (d *Document) pass(delta *syntax.Delta, crate bool) {
	d.gen++
	c, root := d.checker, d.parse.Tree.RootFrame()
	p := &pass{Document: d, crate: crate, live: make([]*note, 0, len(d.live)+16)}
	if delta == nil {
		root.Tree().Frames(func(f *tree.Frame) bool {
			level := 0
			for up := f.Parent; up != nil; up = up.Parent {
				level++
			}
			p.meet(c.declare(f), f.Unit, f.Base, level)
			p.dirty = append(p.dirty, f)
			return true
		})
	} else {
		p.prepare(delta)
		p.visit(root.Unit, 0, false, nil, 0)
	}
	before := d.live
	d.live = p.live
	if c.facts != nil {
		for _, n := range before {
			if n.gen != d.gen {
				p.gone = append(p.gone, rust.Placed{Summary: n.summary, Place: n.place})
			}
		}
		changes := c.facts.Context.Update(p.gone, p.came)
		c.facts.Reset()
		if delta != nil && !changes.Empty() {
			// Where an item has got another name, code that did not spell its own
			// may mean it now, which the matcher took for granted that it does not.
			p.all = c.rename(slices.Values(changes.Renamed()))
			p.affected(root.Unit, 0, changes)
		}
		c.rename(c.facts.Context.Renamed())
		c.matcher.File(d.words, maps.Keys(c.renamed))
	} else {
		c.matcher.File(d.words, nil)
	}
	fresh := []*note{}
	for _, f := range p.dirty {
		if n := f.Unit.Note.(*note); n.checked && n.pass == d.gen {
			continue // twice on the list
		}
		c.check(f)
		n := f.Unit.Note.(*note)
		n.pass = d.gen
		if n.record.Masked {
			n.masked = d.maskedAround(f)
		}
		d.live[n.index] = n
		fresh = append(fresh, n)
		d.Checked++
	}
	for _, n := range d.live {
		if n.up && n.pass != d.gen {
			fresh = append(fresh, n) // what it points at may have moved by something else
		}
	}
	if delta == nil {
		fresh = nil
	}
	d.result = newResult(d, fresh)
}

// prepare sorts the units that an edit made.
func (p *pass) prepare(delta *syntax.Delta) {
	p.renewed, p.fresh, p.moved = map[*tree.Unit]*tree.Unit{}, map[*tree.Unit]bool{}, map[*tree.Unit]bool{}
	for _, u := range delta.Moved {
		p.moved[u] = true
	}
	for _, r := range delta.Renewed {
		r.New.Unit.Note = r.Old.Note
		p.renewed[r.New.Unit] = r.Old
	}
	for _, f := range delta.Fresh {
		p.checker.declare(f)
		if f.Unit.Gap >= 0 {
			p.fresh[f.Unit] = true
		}
	}
}

// meet notes that a unit is in the tree.
func (p *pass) meet(n *note, u *tree.Unit, base, level int) {
	n.gen, n.index, n.moved = p.gen, len(p.live), base-n.base
	n.unit, n.base, n.level = u, base, level
	p.live = append(p.live, n)
	if !n.checked && n.summary != nil {
		p.came = append(p.came, rust.Placed{Summary: n.summary, Place: n.place})
	}
}

// visit meets a unit that starts at base, in a list at an index, and all units in
// it. header says that a container around them is new.
func (p *pass) visit(u *tree.Unit, base int, header bool, in *list, index int) {
	n := u.Note.(*note)
	header = header || p.moved[u]
	moved := false
	if header && n.checked && n.summary != nil {
		f := p.parse.Tree.Find(u, base)
		if place := p.checker.rs.grammar.PlaceOf(f); place != n.place {
			// The old note goes, and takes its place's names with it.
			n = &note{summary: n.summary, place: place, base: n.base}
			u.Note = n
			moved = true
		}
	}
	p.meet(n, u, base, in.depth()+1)
	switch {
	case !n.checked, moved,
		header && (n.cross&tree.Up != 0 || n.before > 0 || n.after > 0),
		n.cross&tree.Side != 0,
		in != nil && in.reaches(index, n.before, n.after),
		p.otherwise(in, n.asked),
		// Its findings may end where the container ends, which has moved.
		p.renewed[u] != nil && (n.cross&tree.Down != 0 || len(n.findings) > 0),
		n.record.Masked && n.masked != p.maskedAround(p.parse.Tree.Find(u, base)),
		p.crate && n.record.Crate:
		p.dirty = append(p.dirty, p.parse.Tree.Find(u, base))
	}
	header = header || p.fresh[u]
	came := uint64(0)
	l := &list{around: in, unit: u, base: base, level: in.depth() + 1, old: p.renewed[u]}
	for i, k := range u.Kids {
		p.visit(k.Unit, base+int(k.Start), header, l, i)
		if !k.Unit.Note.(*note).checked || p.moved[k.Unit] {
			came |= query.Marks(k.Unit)
		}
	}
	if n.checked && came&^n.marks != 0 {
		p.dirty = append(p.dirty, p.parse.Tree.Find(u, base))
	}
}

// affected adds the units that looked up a name that changed.
func (p *pass) affected(u *tree.Unit, base int, changes *rust.Changes) {
	if n := u.Note.(*note); n.checked && (p.all || changes.Affect(n.record)) {
		p.dirty = append(p.dirty, p.parse.Tree.Find(u, base))
	}
	for _, k := range u.Kids {
		p.affected(k.Unit, base+int(k.Start), changes)
	}
}
