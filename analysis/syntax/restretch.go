package syntax

import (
	"slices"
	"sort"

	sitter "github.com/smacker/go-tree-sitter"

	"lectern/analysis/text"
	"lectern/analysis/tree"
)

// freshStretch is up to how many bytes a stretch is parsed anew after an edit. What a
// longer one has of broken code depends on how it came to be, as tree-sitter takes over
// what it can from the tree before.
const freshStretch = 16 << 10

// extent is the stretch of text around all damage: from is the same in both texts.
func (d *damage) extent() (from, oldEnd, newEnd int) {
	first, last := d.ranges[0], d.ranges[len(d.ranges)-1]
	return first.oldStart, last.oldEnd, last.newEnd
}

// from is the number of the first stretch that an edit at a byte may change.
func (p *Parse) from(at int) int {
	i := stretchAt(p.list, at)
	for k := i - 1; k >= 0 && (k == i-1 || p.list[k].start+maxReach >= at); k-- {
		seen := p.list[k+1].head >= at // where this one ends is seen there
		if s := &p.list[k]; seen || !s.closed && s.looked >= at {
			i = k // it may end elsewhere, or be closed now
		}
	}
	return i
}

// restretch cuts the text of next, which is p after edits, anew where that may have
// become another matter, parses the stretches that are not what they were, and makes
// the units of all.
func (p *Parse) restretch(next *Parse, b *builder, edits []text.Edit) (*tree.Unit, error) {
	old := b.old()
	if len(b.was.damage.ranges) == 0 {
		next.list = p.list
		return b.around(next.list, old.Kids, old), nil
	}
	at, oldEnd, newEnd := b.was.damage.extent()
	shift := next.Text.Len() - p.Text.Len()
	first := p.from(at)
	start, head := 0, 0
	if first < len(p.list) {
		start, head = p.list[first].start, p.list[first].head
	}
	behind := func(at int) (int, bool) {
		return sort.Find(len(p.list), func(i int) int { return at - shift - p.list[i].start })
	}
	list, end, head := next.cut(start, head, func(at int) bool {
		_, same := behind(at)
		return at >= newEnd && at-shift >= oldEnd && same
	})
	last, _ := behind(end)
	next.list = slices.Concat(p.list[:first], list, p.list[last:])
	for i := first + len(list); i < len(next.list); i++ {
		next.list[i].start += shift
		next.list[i].head += shift
		next.list[i].looked += shift
	}
	if i := first + len(list); i < len(next.list) {
		next.list[i].head = head // the stretch before it may be another one
	}
	if doubtful(next.list) {
		if u, err := next.whole(b, nil); u != nil || err != nil {
			return u, err
		}
	}
	list = next.list[first : first+len(list)]

	kids, k := 0, first // of the old root unit, and the stretch that has them next
	for i := range p.list[:first] {
		kids += p.list[i].kids
	}
	all := slices.Clone(old.Kids[:kids])
	for i := range list {
		s := &list[i]
		from := b.was.damage.back(s.start)
		for k < last && p.list[k].start < from {
			kids += p.list[k].kids
			k++
		}
		if k < last && from == p.list[k].start && s.length == p.list[k].length && !b.was.damage.within(s.start, s.end()) {
			s.broken, s.kids = p.list[k].broken, p.list[k].kids
			for _, kid := range old.Kids[kids : kids+s.kids] {
				all = append(all, tree.Kid{Start: uint32(int(kid.Start) + s.start - from), Unit: kid.Unit})
			}
			continue
		}
		t, err := p.reparse(next, s, b, edits)
		if err != nil {
			return nil, err
		}
		all = append(all, b.stretch(s, t, old)...)
		next.area.close()
		next.area = focus{tree: t, start: s.start, length: s.length}
	}
	for ; k < last; k++ {
		kids += p.list[k].kids
	}
	for _, kid := range old.Kids[kids:] {
		all = append(all, tree.Kid{Start: uint32(int(kid.Start) + shift), Unit: kid.Unit})
	}
	return b.around(next.list, all, old), nil
}

// reparse parses a stretch of next: a long one after the edits of its tree, if that is
// at hand.
func (p *Parse) reparse(next *Parse, s *stretch, b *builder, edits []text.Edit) (*sitter.Tree, error) {
	old := p.area.tree
	if s.length <= freshStretch || old == nil || p.area.start != s.start || len(b.was.remasked) > 0 {
		return next.part(s.start, s.end(), nil)
	}
	before, length := p.Text, p.area.length
	for _, e := range edits {
		from, to := bounds(before, e)
		if from < s.start || to > s.start+length {
			return next.part(s.start, s.end(), nil)
		}
		after := before.Replace(from, to, []byte(e.New))
		old.Edit(inputFrom(before, after, s.start, from, to, from+len(e.New)))
		before, length = after, length+len(e.New)-(to-from)
	}
	if length != s.length {
		return next.part(s.start, s.end(), nil)
	}
	return next.part(s.start, s.end(), old)
}
