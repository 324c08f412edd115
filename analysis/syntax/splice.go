package syntax

import (
	"slices"

	"lectern/analysis/tree"
)

// insert puts the rows of a unit's bodies in the place of its tokens, and
// reports whether there may be more calls inside.
func (b *builder) insert(bodies []body) bool {
	unit := b.fresh[bodies[0].unit]
	old := unit.Rows
	rows := slices.Grow(b.spliced[:0], len(old)+len(old)/4)
	at := slices.Grow(b.went[:0], len(old)+1)[:len(old)+1] // where each old row went
	clear(at)
	changed := false
	next := 0
	var groups []body
	for i := 0; i < len(old); i++ {
		at[i] = int32(len(rows))
		rows = append(rows, old[i])
		if next >= len(bodies) || bodies[next].row != i {
			continue
		}
		bd := bodies[next]
		next++
		parsed := b.macros.bodies[bd.key()]
		if !parsed.ok {
			rows[len(rows)-1].Flags |= tree.Opaque
			old[i].Flags |= tree.Opaque // the unit is not shared yet
			if bd.group < maxGroups {
				groups = b.groups(groups, bd.unit, i, bd.group+1)
			}
			continue
		}
		changed = true
		r := &rows[len(rows)-1]
		r.Flags |= tree.Spliced
		open := i + 1
		last := open
		for c := open; c < int(old[i].Skip); c = int(old[c].Skip) {
			last = c
		}
		at[open] = int32(len(rows))
		opening := old[open]
		opening.Parent, opening.Prev, opening.Skip = -2-at[i], -1, at[open]+1
		rows = append(rows, opening)
		shift, before := int32(len(rows)), at[open]
		for _, p := range parsed.rows {
			p.Start += old[i].Start + 1
			p.End += old[i].Start + 1
			p.Skip += shift
			if p.Parent < 0 {
				p.Parent = -2 - at[i] // marks a row whose links are new already
				if p.Prev < 0 {
					p.Prev = before
				} else {
					p.Prev += shift
				}
				before = int32(len(rows))
			} else {
				p.Parent = -2 - (p.Parent + shift)
				if p.Prev >= 0 {
					p.Prev += shift
				}
			}
			rows = append(rows, p)
		}
		for c := open + 1; c < last; c++ {
			at[c] = int32(len(rows))
		}
		at[last] = int32(len(rows))
		closing := old[last]
		closing.Parent, closing.Prev, closing.Skip = -2-at[i], before, int32(len(rows))+1
		rows = append(rows, closing)
		i = last
	}
	if changed {
		at[len(old)] = int32(len(rows))
		for i := range rows {
			r := &rows[i]
			if r.Parent <= -2 {
				r.Parent = -2 - r.Parent
				continue
			}
			r.Skip = at[r.Skip]
			if r.Parent >= 0 {
				r.Parent = at[r.Parent]
			}
			if r.Prev >= 0 {
				r.Prev = at[r.Prev]
			}
		}
		if unit.Gap >= 0 {
			unit.Gap = at[unit.Gap]
		}
		unit.Rows = b.rows(len(rows))
		copy(unit.Rows, rows)
	}
	b.spliced, b.went = rows, at
	if len(groups) > 0 {
		for i := range groups {
			groups[i].row = int(at[groups[i].row])
		}
		return b.insertGroups(groups) || changed
	}
	return changed
}

// insertGroups tries the `{ ... }` groups of bodies that are no Rust as a whole.
func (b *builder) insertGroups(groups []body) bool {
	b.parseBodies(groups)
	return b.insert(groups)
}

// groups adds the outermost braced groups inside a token tree.
func (b *builder) groups(groups []body, u, row, group int) []body {
	m, rows := b.lang.macros, b.fresh[u].Rows
	for i := row + 1; i < int(rows[row].Skip); i++ {
		r := rows[i]
		if r.Symbol != m.tokens || i+1 >= int(r.Skip) || rows[i+1].Symbol != m.brace {
			continue
		}
		before := len(groups)
		if groups = b.add(groups, u, i, group); len(groups) > before {
			i = int(r.Skip) - 1
		}
	}
	return groups
}
