package query

import "lectern/analysis/tree"

// How many siblings of other units a walk may begin before its own unit.
const lookBack = 256

// siblings finds the matches of a pattern of several nodes side by side that
// begin at row i or behind it.
//
// Matches that begin at one sibling and at the next can be two views of one run
// of nodes, of which only the longest counts. So all siblings that a match can go
// on to are walked at once, and the rows that such a walk met are not tried again.
func (mt *Matcher) siblings(f *tree.Frame, i int32, st *start, p *pattern, found func(*Match) bool) {
	parent := f.Unit.Rows[i].Parent
	key := walk{st.pattern, parent}
	if upTo, ok := mt.walked[key]; ok && i <= upTo {
		return
	}
	n := f.Node(int(i))
	if !mt.survives(n, p, mt.startable(n, st.pattern, p)) {
		return
	}
	// In another unit too, a run of nodes may have begun before this one.
	if parent < 0 && f.Parent != nil {
		for k := 0; k < lookBack; k++ {
			before := n.PrevSibling()
			if before.IsZero() || len(mt.set.startsOf(st.pattern, before.Symbol())) == 0 {
				break
			}
			n = before
		}
	}
	mine := func(m *Match) bool { return m.root.Frame() != f || found(m) }
	more := func(n tree.Node) []int32 {
		if n.Frame() != f && n.Start() >= f.End() {
			return nil
		}
		return mt.startable(n, st.pattern, p)
	}
	last := n
	r := mt.acquire()
	for ; !n.IsZero(); n = last.NextSibling() {
		r.begin(p, mine)
		last = r.along(n, more(n), more)
		if last.Frame() == f && int32(last.Row()) >= i || last.Start() >= f.End() || r.stopped {
			break
		}
	}
	mt.release()
	if last.Frame() != f {
		mt.walked[key] = int32(len(f.Unit.Rows))
	} else {
		mt.walked[key] = int32(last.Row())
	}
}

// survives reports that a match may begin at n as far as n alone can tell, and what
// is inside it: most nodes fail a test of their own, and then nothing beside them
// need be looked at.
func (mt *Matcher) survives(n tree.Node, p *pattern, starts []int32) bool {
	r := mt.acquire()
	defer mt.release()
	whole := false
	r.begin(p, func(*Match) bool { whole = true; return true })
	r.start(n, starts)
	r.visit(n, 0, later{})
	return whole || r.stopped || len(r.states) > 0
}

// startable are the steps of a pattern of siblings that can begin at n: those
// that have no other node beside theirs, or all if n is no child of an ERROR.
func (mt *Matcher) startable(n tree.Node, number int32, p *pattern) []int32 {
	steps := mt.set.startsOf(number, n.Symbol())
	if len(steps) == 0 {
		return nil
	}
	if up := n.Parent(); up.IsZero() || !up.IsError() {
		return steps
	}
	var rooted []int32
	for _, s := range steps {
		if p.steps[s].rooted {
			rooted = append(rooted, s)
		}
	}
	return rooted
}
