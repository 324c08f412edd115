package syntax

import "lectern/analysis/tree"

// room is memory for the rows of a text's units, which share it. It is handed out
// piece by piece, and taken back as a whole, by reset, when nothing uses the units
// any more.
type room struct {
	slabs [][]tree.Row
	used  int        // how many of the slabs have been begun
	free  []tree.Row // what is left of the last of those
}

// slabRows is how many rows a slab has, if nobody asks for more at once.
const slabRows = 1 << 12

// keptRows is how many rows of memory are kept for the next text.
const keptRows = 1 << 17

// take is memory for n rows. A text of which that much is to come gets slabs that
// are no larger. What is in it is left from before.
func (r *room) take(n, most int) []tree.Row {
	for n > len(r.free) {
		if r.used == len(r.slabs) {
			r.slabs = append(r.slabs, make([]tree.Row, max(n, min(most, slabRows))))
		}
		r.free = r.slabs[r.used]
		r.used++
	}
	piece := r.free[:n:n]
	r.free = r.free[n:]
	return piece
}

// reset takes all memory back, and keeps some of it.
func (r *room) reset() {
	kept, n := r.slabs[:0], 0
	for _, s := range r.slabs {
		if n+len(s) <= keptRows {
			kept = append(kept, s)
			n += len(s)
		}
	}
	clear(r.slabs[len(kept):])
	r.slabs, r.used, r.free = kept, 0, nil
}
