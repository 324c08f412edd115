package query

import "lectern/analysis/tree"

// run looks for the matches of one pattern at one place. It is scratch memory
// that a Matcher uses again and again.
//
// A run keeps states: each is one way to match the pattern so far. Nodes are
// entered in preorder, and every state that waits at the node's depth either
// takes the node, waits for a later sibling, or ends. The states stand in the
// same order as those of the C engine, and of two states at the same step the
// one whose captures the other contains is dropped, as there.
type run struct {
	matcher *Matcher
	pattern *pattern
	states  []state
	spare   []state
	links   []link
	left    []int32 // captures of two states, written out to be compared
	right   []int32
	match   Match
	want    tree.Node // the node that must be captured as @here, or none
	found   func(*Match) bool
	stopped bool // by found, or by the budget
}

// state is one way to match the steps before a step.
type state struct {
	step      int32 // waited for, or done
	captured  int32 // the last of its captures among the run's links, or -1
	immediate bool  // the very next node must match
	rivals    bool  // another state holds all of its captures, or none but them
	fresh     bool  // came to its step at the last node
	root      tree.Node
}

// link is a capture behind others.
type link struct {
	node   tree.Node
	before int32 // the capture before it, or -1
	index  int32
	count  int32 // captures up to this one
}

// begin prepares a run. A run must not be begun again before end.
func (r *run) begin(p *pattern, found func(*Match) bool) {
	r.pattern, r.found = p, found
	r.states, r.links, r.stopped = r.states[:0], r.links[:0], false
	r.want = tree.Node{}
}

// at finds the matches of a pattern without siblings at its top that begin at n.
func (r *run) at(n tree.Node, starts []int32) {
	r.start(n, starts)
	if len(r.states) > 0 {
		after := later{}
		if r.pattern.atEnd {
			after.of = n
		}
		r.visit(n, 0, after)
		r.flush(true)
	}
}

// along finds the matches that begin at n or, with more, at later siblings for
// which it gives starts; it returns the last sibling that was entered.
func (r *run) along(n tree.Node, starts []int32, more func(tree.Node) []int32) tree.Node {
	for {
		r.start(n, starts)
		r.visit(n, 0, later{of: n})
		if r.stopped || !r.waiting(0) && !r.finished() {
			break
		}
		next := n.NextSibling()
		if next.IsZero() {
			break
		}
		n, starts = next, nil
		if more != nil {
			starts = more(n)
		}
	}
	r.flush(true)
	return n
}

// start adds a state for each start that may take n.
func (r *run) start(n tree.Node, starts []int32) {
	row := &n.Frame().Unit.Rows[n.Row()]
	for _, s := range starts {
		if !r.pattern.steps[s].takes(row) {
			continue
		}
		if k := len(r.states); k > 0 && r.states[k-1].step == s {
			continue
		}
		r.states = append(r.states, state{step: s, captured: -1, immediate: true, root: n})
	}
}

// later is the siblings behind a node, or nothing when there is no node. They are
// looked up only when they matter: a look over the border of a unit makes its
// findings depend on its neighbors.
type later struct{ of tree.Node }

// any reports that there is one.
func (l later) any() bool { return !l.of.IsZero() && !l.of.NextSibling().IsZero() }

// named reports a named node among the siblings from l on.
func (l later) named() bool {
	if l.of.IsZero() {
		return false
	}
	for n := l.of.NextSibling(); !n.IsZero(); n = n.NextSibling() {
		if n.IsNamed() {
			return true
		}
	}
	return false
}

// field reports a node with the field among the siblings from l on.
func (l later) field(f tree.Field) bool {
	if l.of.IsZero() {
		return false
	}
	for n := l.of.NextSibling(); !n.IsZero(); n = n.NextSibling() {
		if n.Field() == f {
			return true
		}
	}
	return false
}

// visit enters n, everything below it that a state waits for, and leaves it.
func (r *run) visit(n tree.Node, depth int32, after later) {
	r.enter(n, depth, after)
	if r.stopped {
		return
	}
	if !r.waiting(depth + 1) {
		if r.finished() && !n.FirstChild().IsZero() {
			r.settle() // as at each node that the C engine goes on to
		}
		return
	}
	for c := n.FirstChild(); !c.IsZero(); {
		r.visit(c, depth+1, later{of: c})
		if r.stopped {
			return
		}
		if !r.waiting(depth + 1) {
			if r.finished() && !c.NextSibling().IsZero() {
				r.settle()
			}
			break
		}
		c = c.NextSibling()
	}
	r.leave(depth)
}

// waiting reports a state that waits for a node at the depth or below it.
func (r *run) waiting(depth int32) bool {
	for i := range r.states {
		if s := r.states[i].step; s != done && r.pattern.steps[s].depth >= depth {
			return true
		}
	}
	return false
}

// finished reports a state that is done and held back.
func (r *run) finished() bool {
	for i := range r.states {
		if r.states[i].step == done {
			return true
		}
	}
	return false
}

// leave ends the states that waited for something below a node at the depth.
func (r *run) leave(depth int32) {
	kept := r.states[:0]
	for _, s := range r.states {
		if s.step == done || r.pattern.steps[s.step].depth <= depth {
			kept = append(kept, s)
		}
	}
	r.states = kept
}

// enter lets every state at the depth look at n.
func (r *run) enter(n tree.Node, depth int32, after later) {
	m := r.matcher
	if m.steps -= 1 + len(r.states); m.steps < 0 {
		r.stopped = true
		return
	}
	row := &n.Frame().Unit.Rows[n.Row()]
	named := row.Flags&tree.Named != 0
	old, kept, moved := r.states, r.spare[:0], false
	for i := range old {
		s := old[i]
		s.rivals, s.fresh = false, false
		if s.step == done {
			kept = append(kept, s)
			continue
		}
		step := &r.pattern.steps[s.step]
		if step.depth != depth {
			kept = append(kept, s)
			continue
		}
		matches := step.takes(row) && (!step.last || !after.named()) && (step.negated == nil || step.clear(n))
		wait := !s.immediate && !(step.immediate && named) && after.any()
		if wait && step.field != 0 && step.field == row.Field {
			wait = after.field(step.field)
		}
		if matches && step.here && !r.want.IsZero() && n != r.want {
			matches = false
		}
		if !matches {
			if wait {
				kept = append(kept, s)
			}
			continue
		}
		moved = true
		taken := s
		for _, c := range step.captures {
			taken.captured = r.link(n, c, taken.captured)
		}
		if step.tests == nil || r.holds(step, &taken) {
			for _, t := range step.targets {
				taken.step, taken.immediate, taken.fresh = t.step, t.immediate, true
				kept = append(kept, taken)
			}
		}
		if wait && step.split {
			kept = append(kept, s)
		}
	}
	r.states, r.spare = kept, old
	if moved || len(kept) != len(old) || r.finished() {
		r.settle()
	}
}

// takes reports that a row has what a step wants of the row itself.
func (s *step) takes(row *tree.Row) bool {
	switch s.accept {
	case acceptSymbol:
		if row.Symbol != s.symbol {
			return false
		}
	case acceptMember:
		if !s.members.has(row.Symbol) {
			return false
		}
	default:
		if !s.missing && (row.Symbol == tree.Error || s.accept == acceptNamed && row.Flags&tree.Named == 0) {
			return false
		}
	}
	return (s.field == 0 || s.field == row.Field) && (!s.missing || row.Flags&tree.Missing != 0)
}

// clear reports that no child of n stands under a field that the step rules out.
func (s *step) clear(n tree.Node) bool {
	for c := n.FirstChild(); !c.IsZero(); c = c.NextSibling() {
		if f := c.Field(); f != 0 {
			for _, x := range s.negated {
				if x == f {
					return false
				}
			}
		}
	}
	return true
}

// link adds a capture behind another one.
func (r *run) link(n tree.Node, index, before int32) int32 {
	count := int32(1)
	if before >= 0 {
		count += r.links[before].count
	}
	r.links = append(r.links, link{node: n, before: before, index: index, count: count})
	return int32(len(r.links) - 1)
}

// settle drops states whose captures another state at the same step contains,
// and finishes those that are done and without a rival. Of two states that stood
// side by side before, neither is dropped now.
func (r *run) settle() {
	states := r.states
	for j := 0; j < len(states); j++ {
		dropped := false
		for k := j + 1; k < len(states); k++ {
			a, b := &states[j], &states[k]
			if a.step != b.step && a.step != done && b.step != done || !a.fresh && !b.fresh && a.step != done && b.step != done {
				continue
			}
			leftHas, rightHas := r.compare(a.captured, b.captured)
			if leftHas {
				if a.step == b.step {
					states = append(states[:k], states[k+1:]...)
					k--
					continue
				}
				b.rivals = true
			}
			if rightHas {
				if a.step == b.step {
					states = append(states[:j], states[j+1:]...)
					dropped = true
					break
				}
				a.rivals = true
			}
		}
		if dropped {
			j--
		}
	}
	r.states = states
	if r.matcher.steps < 0 {
		r.stopped = true
	}
	r.flush(false)
}

// flush reports the states that are done: all of them, or those without a rival.
func (r *run) flush(all bool) {
	kept := r.states[:0]
	for _, s := range r.states {
		if s.step != done || s.rivals && !all {
			kept = append(kept, s)
			continue
		}
		if !r.stopped {
			r.finish(&s)
		}
	}
	r.states = kept
}
