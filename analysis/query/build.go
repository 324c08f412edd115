package query

import (
	"slices"

	"lectern/analysis/tree"
)

// The most steps of one pattern.
const maxSteps = 1500

// builder turns the items of one pattern into steps. While it builds there are
// also branches, which match nothing: they only lead on to one or two others. The
// targets of the real steps are then worked out once, through all branches.
type builder struct {
	lang *tree.Language
	raw  []rawStep
}

type rawStep struct {
	step
	kind rawKind
	alt  int32 // another place to go on, or -1
	loop bool  // alt leads back, to the very next sibling
}

type rawKind uint8

const (
	realStep rawKind = iota
	branchStep
	jumpStep // leads to alt only
)

func (b *builder) emit(it *item, depth int32, immediate bool) {
	skips := it.quantifier == '?' || it.quantifier == '*'
	gate := int32(-1) // the step that can skip the item
	if skips && it.kind != nodeItem {
		gate = b.add(rawStep{kind: branchStep, step: step{depth: depth}})
	}
	start := int32(len(b.raw))
	switch it.kind {
	case nodeItem:
		b.node(it, depth, immediate)
		if skips {
			gate = start
		}
	case groupItem:
		for i, p := range it.parts {
			b.emit(p, depth, p.immediate || i == 0 && immediate)
		}
	case choiceItem:
		b.choice(it, depth, immediate)
	}
	if it.quantifier == '+' || it.quantifier == '*' {
		b.add(rawStep{kind: branchStep, alt: start, loop: true, step: step{depth: depth}})
	}
	if skips {
		b.raw[gate].alt = int32(len(b.raw))
	}
}

// add appends a step. Only a loop knows at once where else it leads.
func (b *builder) add(r rawStep) int32 {
	if !r.loop {
		r.alt = -1
	}
	b.raw = append(b.raw, r)
	return int32(len(b.raw) - 1)
}

func (b *builder) node(it *item, depth int32, immediate bool) {
	s := step{
		accept: it.accept, symbol: it.symbol, missing: it.missing, field: it.field,
		negated: it.negated, captures: it.captures, depth: depth,
		immediate: immediate, last: it.last,
		split: it.hasCaptures() || len(it.parts) > 0,
		need:  needs(it),
	}
	if it.accept == acceptMember {
		s.members = newSymbolSet(b.lang)
		for _, m := range it.members {
			s.members.add(m)
		}
	}
	b.add(rawStep{step: s})
	for _, p := range it.parts {
		b.emit(p, depth+1, p.immediate)
	}
}

func (b *builder) choice(it *item, depth int32, immediate bool) {
	var jumps []int32
	for i, p := range it.parts {
		if i == len(it.parts)-1 {
			b.emit(p, depth, immediate)
			break
		}
		gate := int32(-1)
		if p.kind != nodeItem || p.quantifier != 0 {
			gate = b.add(rawStep{kind: branchStep, step: step{depth: depth}})
		}
		start := int32(len(b.raw))
		b.emit(p, depth, immediate)
		if gate < 0 {
			gate = start
		}
		jumps = append(jumps, b.add(rawStep{kind: jumpStep, step: step{depth: depth}}))
		b.raw[gate].alt = int32(len(b.raw))
	}
	for _, j := range jumps {
		b.raw[j].alt = int32(len(b.raw))
	}
}

// needs are the marks of children that every match of the node has.
func needs(it *item) uint64 {
	var m uint64
	for _, p := range it.parts {
		if p.kind == groupItem && !p.optional() {
			m |= needs(p)
			continue
		}
		if p.kind != nodeItem || p.optional() {
			continue
		}
		if p.accept == acceptSymbol {
			m |= mark(p.symbol, p.field)
		} else if p.field != 0 {
			m |= mark(anySymbol, p.field)
		}
	}
	return m
}

// reach lists the real steps that can be reached from i without matching
// anything, and done if the end can.
func (b *builder) reach(i int32, immediate bool, seen []bool, out []target) []target {
	for {
		if seen[i] {
			return out
		}
		seen[i] = true
		if int(i) == len(b.raw) {
			return append(out, target{done, immediate})
		}
		switch r := &b.raw[i]; r.kind {
		case jumpStep:
			i = r.alt
		case branchStep:
			out = b.reach(i+1, immediate, seen, out)
			i = r.alt
			immediate = immediate || r.loop
		default:
			out = append(out, target{i, immediate})
			if r.alt < 0 {
				return out
			}
			i = r.alt
		}
	}
}

// finish makes the pattern's steps of the raw ones.
func (b *builder) finish(p *pattern) {
	number := make([]int32, len(b.raw)) // of a raw step among the real ones
	for i, r := range b.raw {
		if r.kind == realStep {
			number[i] = int32(len(p.steps))
			p.steps = append(p.steps, r.step)
		}
	}
	for i := range p.steps {
		p.atEnd = p.atEnd || p.steps[i].last && p.steps[i].depth == 0
	}
	seen := make([]bool, len(b.raw)+1)
	from := func(i int32) []target {
		clear(seen)
		ts := b.reach(i, false, seen, nil)
		for k := range ts {
			if ts[k].step != done {
				ts[k].step = number[ts[k].step]
			}
		}
		return ts
	}
	for i, r := range b.raw {
		if r.kind != realStep {
			continue
		}
		s := &p.steps[number[i]]
		s.targets = from(int32(i) + 1)
		for _, t := range s.targets {
			if t.step != done && p.steps[t.step].depth == s.depth && p.steps[t.step].immediate {
				s.split = true
			}
		}
	}
	for _, t := range from(0) {
		if t.step != done {
			p.starts = append(p.starts, t.step)
		}
	}
	slices.SortStableFunc(p.starts, func(a, b int32) int {
		return wildness(&p.steps[b]) - wildness(&p.steps[a])
	})
	for _, s := range p.starts {
		p.steps[s].rooted = b.rooted(s, number)
	}
}

func wildness(s *step) int {
	if s.accept == acceptSymbol {
		return 0
	}
	return 1
}

// rooted reports that a match that begins at a step stays below one node. Matches
// that do not are not begun among the children of an ERROR. As in the C engine, an
// alternation ends the look.
func (b *builder) rooted(start int32, number []int32) bool {
	for i := range b.raw {
		if b.raw[i].kind != realStep || number[i] < start {
			continue
		}
		for _, r := range b.raw[i+1:] {
			if r.kind == jumpStep {
				return true
			}
			if r.depth == 0 && (r.kind == realStep || r.loop) {
				return false
			}
		}
		return true
	}
	return true
}
