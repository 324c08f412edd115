package query

// fill writes a state's captures to the run's match.
func (r *run) fill(s *state) *Match {
	m := &r.match
	n := 0
	if s.captured >= 0 {
		n = int(r.links[s.captured].count)
	}
	if cap(m.captures) < n {
		m.captures = make([]capture, n, 2*n+4)
	}
	m.captures = m.captures[:n]
	for i := s.captured; i >= 0; i = r.links[i].before {
		n--
		m.captures[n] = capture{r.links[i].index, r.links[i].node}
	}
	m.Query, m.Pattern, m.root = r.pattern.query, r.pattern.number, s.root
	return m
}

// holds runs the tests that a step's captures complete.
func (r *run) holds(s *step, st *state) bool {
	m := r.fill(st)
	for _, i := range s.tests {
		if t := &r.pattern.early[i]; t.ready(m) && !r.matcher.ask(t, m) {
			return false
		}
	}
	return true
}

// ready reports that all captures that a test asks for are there.
func (t *test) ready(m *Match) bool {
	for _, c := range t.captures {
		if !m.has(int(c)) {
			return false
		}
	}
	return true
}

// ask decides a test, at the query's cost.
func (mt *Matcher) ask(t *test, m *Match) bool {
	holds := t.run(m, mt.ctx) != t.not
	if mt.ctx.reads > 0 {
		if mt.reads -= mt.ctx.reads; mt.reads < 0 {
			mt.steps = -1 // all is spent
		}
		mt.ctx.reads = 0
	}
	return holds
}

// finish decides a match by what is left to decide, and reports it.
func (r *run) finish(s *state) {
	r.decide(r.fill(s), 0)
}

// decide goes through the conditions from the i-th on. A relation is tried with
// one node after another until the conditions behind it hold too, since they may
// ask for what it captured.
func (r *run) decide(m *Match, i int) bool {
	late := r.pattern.late
	for ; i < len(late); i++ {
		c := &late[i]
		if c.relation != nil {
			if c.relation.not {
				if r.matcher.related(c.relation, m, func() bool { return true }) {
					return false
				}
				continue
			}
			behind := i + 1
			return r.matcher.related(c.relation, m, func() bool { return r.decide(m, behind) })
		}
		if c.test.ready(m) && !r.matcher.ask(&c.test, m) {
			return false
		}
	}
	if r.matcher.steps < 0 { // an absence that was not looked for to the end is none
		r.stopped = true
		return false
	}
	if !r.found(m) {
		r.stopped = true
	}
	return true
}
