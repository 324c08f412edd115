package text

import "bytes"

// maxDiff bounds the search for the shortest way from one text to the other: the
// most lines that may be deleted and inserted. It bounds the memory too, which
// grows with its square.
const maxDiff = 1000

// DiffLines is a list of edits of whole lines that turn a into b, in order, in
// the coordinates of a. It is the shortest list unless the texts differ in more
// than a thousand lines; then everything between the first and the last
// difference is one edit.
func DiffLines(a, b []byte) []Edit {
	la, lb := splitLines(a), splitLines(b)
	head, off := 0, 0
	for head < len(la) && head < len(lb) && bytes.Equal(la[head], lb[head]) {
		off += len(la[head])
		head++
	}
	la, lb = la[head:], lb[head:]
	for len(la) > 0 && len(lb) > 0 && bytes.Equal(la[len(la)-1], lb[len(lb)-1]) {
		la, lb = la[:len(la)-1], lb[:len(lb)-1]
	}
	if len(la) == 0 && len(lb) == 0 {
		return nil
	}

	// Lines are compared by number.
	number := map[string]int{}
	numbered := func(lines [][]byte) []int {
		ids := make([]int, len(lines))
		for i, line := range lines {
			id, ok := number[string(line)]
			if !ok {
				id = len(number)
				number[string(line)] = id
			}
			ids[i] = id
		}
		return ids
	}
	hunks := myers(numbered(la), numbered(lb))

	edits := make([]Edit, 0, len(hunks))
	i := 0 // lines of la that are in front of off
	for _, h := range hunks {
		off += length(la[i:h.a.Start])
		end := off + length(la[h.a.Start:h.a.End])
		edits = append(edits, Edit{off, end, string(bytes.Join(lb[h.b.Start:h.b.End], nil))})
		off, i = end, h.a.End
	}
	return edits
}

// splitLines cuts after each \n.
func splitLines(b []byte) [][]byte {
	lines := bytes.SplitAfter(b, []byte{'\n'})
	if last := len(lines) - 1; len(lines[last]) == 0 {
		lines = lines[:last]
	}
	return lines
}

func length(lines [][]byte) int {
	n := 0
	for _, line := range lines {
		n += len(line)
	}
	return n
}

// hunk says that some elements of a are to be replaced by some of b.
type hunk struct{ a, b Range }

// myers finds the shortest edit script by the greedy algorithm of E. W. Myers
// ("An O(ND) Difference Algorithm and Its Variations", 1986). Diagonal k holds
// the points (x, y) with x-y = k; with d edits only the diagonals -d to d, every
// other one, can be reached.
func myers(a, b []int) []hunk {
	limit := min(len(a)+len(b), maxDiff)
	var trace [][]int // for each d, the x reached on diagonals -d to d
	prev := []int{0}
	for d := 0; d <= limit; d++ {
		reach := make([]int, 2*d+1)
		for k := -d; k <= d; k += 2 {
			x := 0
			if d > 0 {
				x, _ = step(prev, d, k)
			}
			y := x - k
			for x < len(a) && y < len(b) && y >= 0 && a[x] == b[y] {
				x, y = x+1, y+1
			}
			reach[k+d] = x
			if x >= len(a) && y >= len(b) {
				return backtrack(append(trace, reach), len(a), len(b))
			}
		}
		trace = append(trace, reach)
		prev = reach
	}
	return []hunk{{Range{0, len(a)}, Range{0, len(b)}}}
}

// step is the x at which the d-th edit arrives on diagonal k, given what d-1
// edits reach, and whether that edit inserts an element of b rather than
// deleting one of a.
func step(prev []int, d, k int) (x int, insert bool) {
	at := func(k int) int { return prev[k+d-1] }
	if k == -d || k != d && at(k-1) < at(k+1) {
		return at(k + 1), true
	}
	return at(k-1) + 1, false
}

// backtrack walks the trace from the end (x, y) to the start and gathers the
// edits on the way into hunks.
func backtrack(trace [][]int, x, y int) []hunk {
	var hunks []hunk
	for d := len(trace) - 1; d > 0; d-- {
		k := x - y
		arrived, insert := step(trace[d-1], d, k)
		h := hunk{Range{arrived - 1, arrived}, Range{arrived - k, arrived - k}}
		if insert {
			h = hunk{Range{arrived, arrived}, Range{arrived - k - 1, arrived - k}}
		}
		x, y = h.a.Start, h.b.Start
		if n := len(hunks); n > 0 && hunks[n-1].a.Start == h.a.End && hunks[n-1].b.Start == h.b.End {
			hunks[n-1].a.Start, hunks[n-1].b.Start = h.a.Start, h.b.Start
			continue
		}
		hunks = append(hunks, h)
	}
	for i, j := 0, len(hunks)-1; i < j; i, j = i+1, j-1 {
		hunks[i], hunks[j] = hunks[j], hunks[i]
	}
	return hunks
}
