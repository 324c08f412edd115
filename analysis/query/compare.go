package query

import "lectern/analysis/tree"

// compare tells of two lists of captures whether each contains the other. The
// lists are gone through side by side, in the order of the source, as the C
// engine does.
func (r *run) compare(left, right int32) (leftHas, rightHas bool) {
	switch {
	case left == right:
		return true, true
	case left < 0:
		return false, true
	case right < 0:
		return true, false
	}
	r.matcher.steps--
	r.left, r.right = r.list(r.left, left), r.list(r.right, right)
	leftHas, rightHas = true, true
	i, j := 0, 0
	for i < len(r.left) && j < len(r.right) {
		a, b := &r.links[r.left[i]], &r.links[r.right[j]]
		if a.node == b.node && a.index == b.index {
			i++
			j++
			continue
		}
		switch order(a.node, b.node) {
		case -1:
			rightHas = false
			i++
		case 1:
			leftHas = false
			j++
		default:
			leftHas, rightHas = false, false
			i++
			j++
		}
	}
	if i < len(r.left) {
		rightHas = false
	}
	if j < len(r.right) {
		leftHas = false
	}
	return leftHas, rightHas
}

// list writes the links that lead to one out, in order.
func (r *run) list(buf []int32, last int32) []int32 {
	n := int(r.links[last].count)
	if cap(buf) < n {
		buf = make([]int32, n, 2*n+4)
	}
	buf = buf[:n]
	for i := last; i >= 0; i = r.links[i].before {
		n--
		buf[n] = i
	}
	return buf
}

// order is -1 if a comes before b, 1 if b comes before a, and 0 if the two have
// the same bytes.
func order(a, b tree.Node) int {
	if a == b {
		return 0
	}
	as, bs := a.Start(), b.Start()
	switch {
	case as < bs:
		return -1
	case as > bs:
		return 1
	}
	ae, be := a.End(), b.End()
	switch {
	case ae > be:
		return -1
	case ae < be:
		return 1
	}
	return 0
}
