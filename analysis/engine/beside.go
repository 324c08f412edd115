package engine

import (
	"lectern/analysis/query"
	"lectern/analysis/tree"
)

// list is a container that a pass is in: what its units may depend on beside
// themselves.
type list struct {
	around *list
	unit   *tree.Unit
	base   int
	level  int        // of the container: 0 for the file
	old    *tree.Unit // what it was, if units in it changed

	// How many units at its start and at its end are those that there were, at the
	// same distances, and the marks of the others, old and new; once compared.
	compared       bool
	prefix, suffix int
	marks          uint64
}

// depth is the level of the container, or -1 for none.
func (l *list) depth() int {
	if l == nil {
		return -1
	}
	return l.level
}

// compare finds what changed among the units of the list.
func (l *list) compare() {
	if l.compared {
		return
	}
	l.compared = true
	was, now := l.old.Kids, l.unit.Kids
	n := min(len(was), len(now))
	for l.prefix < n && was[l.prefix] == now[l.prefix] {
		l.prefix++
	}
	if n > 0 {
		shift := now[len(now)-1].Start - was[len(was)-1].Start // it wraps where they moved back
		for l.suffix < n-l.prefix {
			a, b := was[len(was)-1-l.suffix], now[len(now)-1-l.suffix]
			if a.Unit != b.Unit || a.Start+shift != b.Start {
				break
			}
			l.suffix++
		}
	}
	for _, kids := range [...][]tree.Kid{was, now} {
		for _, k := range kids[l.prefix : len(kids)-l.suffix] {
			l.marks |= query.Marks(k.Unit)
		}
	}
}

// reaches reports that a look from the unit at an index, over so many before and
// after it, met something that is not what it was.
func (l *list) reaches(index, before, after int) bool {
	if before == 0 && after == 0 || l.old == nil {
		return false
	}
	l.compare()
	end := len(l.unit.Kids) - l.suffix
	switch {
	case index < l.prefix:
		return index+after >= l.prefix
	case index >= end:
		return index-before < end
	}
	return true
}

// up is the list so many levels around the units of l, counted from 1; nil when
// there are not so many.
func (l *list) up(levels int) *list {
	for ; levels > 1 && l != nil; levels-- {
		l = l.around
	}
	return l
}

// otherwise reports that a question which the unit's rules asked about the
// containers around it has another answer now.
func (p *pass) otherwise(l *list, asked []query.Asked) bool {
	for i := range asked {
		a := &asked[i]
		at := l.up(a.Up)
		if at == nil {
			return true
		}
		if at.old == nil {
			continue
		}
		at.compare()
		if a.Minds(at.unit, at.marks) && p.checker.matcher.Holds(*a, p.parse.Tree.Find(at.unit, at.base)) != a.Holds {
			return true
		}
	}
	return false
}
