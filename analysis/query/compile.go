package query

import (
	"errors"
	"slices"
	"sort"

	"lectern/analysis/tree"
)

// test is a predicate of a pattern, compiled.
type test struct {
	run      Test
	not      bool
	cheap    bool
	captures []int32 // among its arguments
}

// condition is a test or a relation that is decided when a match is complete.
type condition struct {
	test     test
	relation *relation
}

// Compile compiles the text of a query. A relation finds the pattern that it
// names through patterns, which may be nil; it answers nil and false for a name
// that is unknown, broken, or being compiled already. The Query is nil if there
// are errors.
func Compile(text string, lang *tree.Language, reg *Registry, patterns func(name string) (*Query, bool)) (*Query, []Error) {
	p := &parser{scanner: scanner{text: text}, lang: lang}
	sources := p.patterns()
	c := &compiler{
		lang: lang, reg: reg, patterns: patterns, errors: p.errors,
		query: &Query{lang: lang, captures: p.captures, own: len(p.captures)},
	}
	if !p.failed {
		for _, s := range sources {
			if len(c.errors) < maxErrors {
				c.pattern(s)
			}
		}
		if len(c.errors) == 0 {
			c.finish()
		}
	}
	if len(c.errors) > 0 {
		sort.SliceStable(c.errors, func(i, j int) bool { return c.errors[i].Offset < c.errors[j].Offset })
		return nil, c.errors
	}
	for depth := range c.query.inside {
		for _, p := range c.query.patterns {
			c.query.inside[depth] |= p.looks(int32(depth))
		}
	}
	return c.query, nil
}

type compiler struct {
	lang     *tree.Language
	reg      *Registry
	patterns func(name string) (*Query, bool)
	query    *Query
	errors   []Error
}

func (c *compiler) note(offset, end int, message, help string) {
	c.errors = append(c.errors, Error{Offset: offset, End: end, Message: message, Help: help})
}

func (c *compiler) pattern(s *source) {
	p := &pattern{query: c.query, number: len(c.query.patterns), offset: s.offset, siblings: s.root.spans()}
	c.query.patterns = append(c.query.patterns, p)
	b := &builder{lang: c.lang}
	b.emit(s.root, 0, false)
	if len(b.raw) > maxSteps {
		c.note(s.offset, s.root.end, "the pattern is too large", "split it into several queries")
		return
	}
	b.finish(p)
	counts := c.count(p)
	for len(c.query.quantity) < c.query.own {
		c.query.quantity = append(c.query.quantity, [2]uint8{0, 0})
	}
	for i, n := range counts {
		q := &c.query.quantity[i]
		if p.number == 0 {
			*q = n
		} else {
			*q = [2]uint8{min(q[0], n[0]), max(q[1], n[1])}
		}
	}
	c.predicates(p, s, counts)
	for _, any := range c.keywordsOf(s.root) {
		p.need.add(Need{Words: any, Where: InUnit}, p.siblings) // the second of two siblings may stand in another unit
	}
}

// count works out how many nodes each capture has in a match of the pattern: at
// least and at most, 2 for many.
func (c *compiler) count(p *pattern) [][2]uint8 {
	counts := make([][2]uint8, c.query.own)
	// Every target in front of a step, and itself, closes a loop. What a loop
	// goes through can be captured many times.
	looped := make([]bool, len(p.steps))
	for i := range p.steps {
		for _, t := range p.steps[i].targets {
			if t.step != done && int(t.step) <= i {
				for k := int(t.step); k <= i; k++ {
					looped[k] = true
				}
			}
		}
	}
	least, most := make([]uint8, len(p.steps)+1), make([]uint8, len(p.steps)+1)
	for capture := range counts {
		along := func(targets func(yield func(int32))) (lo, hi uint8) {
			lo = 2
			targets(func(t int32) {
				l, h := uint8(0), uint8(0)
				if t != done {
					l, h = least[t], most[t]
				}
				lo, hi = min(lo, l), max(hi, h)
			})
			return lo, hi
		}
		for i := len(p.steps) - 1; i >= 0; i-- {
			s := &p.steps[i]
			lo, hi := along(func(yield func(int32)) {
				for _, t := range s.targets {
					if t.step == done || int(t.step) > i {
						yield(t.step)
					}
				}
			})
			n := uint8(0)
			for _, x := range s.captures {
				if int(x) == capture {
					n++
				}
			}
			if n > 0 && looped[i] {
				hi = 2
			}
			least[i], most[i] = min(lo+n, 2), min(hi+n, 2)
		}
		lo, hi := along(func(yield func(int32)) {
			for _, s := range p.starts {
				yield(s)
			}
		})
		counts[capture] = [2]uint8{lo, hi}
	}
	return counts
}

// predicates compiles the predicates of a pattern and decides when each is run.
func (c *compiler) predicates(p *pattern, s *source, counts [][2]uint8) {
	var tests []test
	var relations []*relation
	known := func(w *written) bool {
		for i := range w.args {
			a := &w.args[i]
			if a.Capture < 0 {
				continue
			}
			a.Capture = c.query.capture(a.Text)
			if a.Capture < 0 || !s.captures[int32(a.Capture)] && !slices.Contains(p.added, int32(a.Capture)) {
				c.note(a.Offset, w.ends[i], "the pattern captures no @"+a.Text, c.nearestCapture(a.Text, s, p))
				return false
			}
		}
		return true
	}
	// Relations first: what they add may be asked for by any predicate.
	for i := range s.predicates {
		w := &s.predicates[i]
		pred, not, ok := c.reg.find(w.name)
		if !ok || pred.relation == notRelation || !known(w) {
			continue
		}
		if r := c.relation(p, s, pred, not, w); r != nil {
			relations = append(relations, r)
			if !r.not {
				p.need.named = append(p.need.named, r.named)
				if (r.kind == hasRelation || r.kind == insideRelation) && r.capture < len(counts) && c.inner(r.named) {
					p.need.within(r.named, p.loose(r.capture))
				}
			}
		}
	}
	for i := range s.predicates {
		if len(c.errors) >= maxErrors {
			return
		}
		w := &s.predicates[i]
		pred, not, ok := c.reg.find(w.name)
		if !ok {
			c.note(w.offset, w.end, "no predicate is called #"+w.name, suggest(w.name, c.reg.names(), "#%s"))
			continue
		}
		if pred.relation != notRelation || !known(w) {
			continue
		}
		run, err := pred.Compile(w.args, &Env{Language: c.lang, Query: c.query, pattern: p})
		if err != nil {
			c.argument(w, err)
			continue
		}
		if run == nil {
			continue
		}
		if len(w.args) > 0 {
			p.require(pred, not, w.args, counts)
			if pred.parent && !not {
				c.parent(p, w.args, counts)
			}
		}
		t := test{run: run, not: not, cheap: pred.cheap}
		for _, a := range w.args {
			if a.Capture >= 0 && !slices.Contains(t.captures, int32(a.Capture)) {
				t.captures = append(t.captures, int32(a.Capture))
			}
		}
		tests = append(tests, t)
	}
	slices.SortStableFunc(tests, func(a, b test) int {
		switch {
		case a.cheap == b.cheap:
			return 0
		case a.cheap:
			return -1
		}
		return 1
	})
	p.schedule(tests, relations, counts)
}

// parent notes that the nodes at which a pattern begins have parents of certain
// kinds.
func (c *compiler) parent(p *pattern, args []Arg, counts [][2]uint8) {
	at := args[0].Capture
	if p.siblings || at < 0 || at >= len(counts) || counts[at] != [2]uint8{1, 1} {
		return
	}
	set := newSymbolSet(c.lang)
	for _, a := range args[1:] {
		if addKind(set, c.lang, a.Text) != nil {
			return
		}
	}
	for _, i := range p.starts {
		if !slices.Contains(p.steps[i].captures, int32(at)) {
			return
		}
	}
	p.parents = set
}

// argument reports what a predicate said of its arguments.
func (c *compiler) argument(w *written, err error) {
	offset, end, help := w.offset, w.end, ""
	var at *ArgError
	if errors.As(err, &at) {
		help = at.Help
		if at.Arg >= 0 && at.Arg < len(w.args) {
			offset, end = w.args[at.Arg].Offset, w.ends[at.Arg]
		}
	}
	c.note(offset, end, "#"+w.name+": "+err.Error(), help)
}

func (c *compiler) nearestCapture(name string, s *source, p *pattern) string {
	var names []string
	for i, n := range c.query.captures {
		if s.captures[int32(i)] || slices.Contains(p.added, int32(i)) {
			names = append(names, n)
		}
	}
	return suggest(name, names, "@%s")
}

// schedule puts each test at the earliest place where its answer cannot change
// which matches there are: at the step that completes its captures, if each of
// them is captured exactly once in every match; else at the end, behind the
// relations whose captures it asks for.
func (p *pattern) schedule(tests []test, relations []*relation, counts [][2]uint8) {
	after := make([][]test, len(relations)+1) // by number of relations that must have run
	for _, t := range tests {
		once, place := true, 0
		for _, c := range t.captures {
			if int(c) >= len(counts) || counts[c][1] == 0 {
				once = false
				for i, r := range relations {
					if !r.not && slices.Contains(r.adds, c) {
						place = max(place, i+1)
						break
					}
				}
				continue
			}
			once = once && counts[c] == [2]uint8{1, 1}
		}
		switch {
		case len(t.captures) == 0:
			p.fixed = append(p.fixed, t)
		case once:
			number := int32(len(p.early))
			p.early = append(p.early, t)
			for i := range p.steps {
				s := &p.steps[i]
				for _, c := range t.captures {
					if slices.Contains(s.captures, c) {
						s.tests = append(s.tests, number)
						break
					}
				}
			}
		default:
			after[place] = append(after[place], t)
		}
	}
	for i := range after {
		for _, t := range after[i] {
			p.late = append(p.late, condition{test: t})
		}
		if i < len(relations) {
			p.late = append(p.late, condition{relation: relations[i]})
		}
	}
}

// finish works out what relations want to know of the query.
func (c *compiler) finish() {
	q := c.query
	q.here = slices.Index(q.captures[:q.own], "here")
	meant := newSymbolSet(c.lang)
	for _, p := range q.patterns {
		for i := range p.steps {
			s := &p.steps[i]
			s.here = q.here >= 0 && slices.Contains(s.captures, int32(q.here))
			if s.here {
				meant.addAccepted(c.lang, s)
				if !slices.Contains(p.here, s.depth) {
					p.here = append(p.here, s.depth)
				}
			}
		}
		p.always = len(p.here) > 0 && c.count(p)[q.here][0] > 0
		if !p.always {
			for _, i := range p.starts {
				meant.addAccepted(c.lang, &p.steps[i])
			}
		}
	}
	q.meant = meant
	if meant.error {
		q.kinds.Add(tree.Error)
	}
	for i := range c.lang.Symbols() {
		if meant.has(tree.Symbol(i)) {
			q.kinds.Add(tree.Symbol(i))
		}
	}
}
