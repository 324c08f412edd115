package engine

import (
	"encoding/binary"
	"hash/maphash"

	"lectern/analysis/tree"
)

// maskedReach is how far in front of a keyword a masked word is looked for, in
// bytes: see rust.Facts.Masked.
const maskedReach = 256

// maskedAround tells apart what the checks of a unit can have seen of masked words:
// those in front of it and in it, and the same for the containers around it as far
// as the units in them. Most of them stand outside of any unit.
func (d *Document) maskedAround(f *tree.Frame) uint64 {
	var h maphash.Hash
	h.SetSeed(d.seed)
	var number [8]byte
	write := func(n int) {
		binary.LittleEndian.PutUint64(number[:], uint64(n))
		h.Write(number[:])
	}
	for ; f != nil; f = f.Parent {
		start, end := max(f.Base-maskedReach, 0), f.End()
		if f.Unit.Gap >= 0 {
			end = f.Base + int(f.Unit.Rows[f.Unit.Gap].Start)
		}
		h.Write(d.parse.Text.Slice(start, f.Base))
		write(f.Base - start)
		for _, s := range d.parse.Mask.At(start, end) {
			write(s.Start - f.Base)
			write(s.End - f.Base)
			h.Write(d.parse.Text.Slice(s.Start, s.End))
		}
	}
	return h.Sum64()
}
