package query

import "lectern/analysis/tree"

// Set is many queries over one grammar, indexed by the symbols that their
// patterns can start at. It is immutable and may be shared.
type Set struct {
	queries  []*Query
	lang     *tree.Language
	patterns []setPattern
	bySymbol []starts // the last one is for ERROR
	sieve    *sieve
	gates    *gates
}

type setPattern struct {
	query   int
	pattern *pattern
}

// start is a pattern with its steps that can take a symbol.
type start struct {
	pattern int32 // of the set
	steps   []int32
	need    uint64 // marks of children that a match cannot do without
	parents *symbolSet
}

// starts are the patterns that can start at one symbol, in their order, and which
// they are as bits.
type starts struct {
	list   []start
	blocks []startBlock
}

type startBlock struct {
	block int32
	first int32  // place in the list
	bits  uint64 // patterns of the block
}

// orphan reports that a row has a parent in its unit that is not as wanted.
func (st *start) orphan(rows []tree.Row, row *tree.Row) bool {
	return st.parents != nil && row.Parent >= 0 && !st.parents.has(rows[row.Parent].Symbol)
}

// NewSet indexes queries. A nil among them has no matches; the others must be
// compiled for one and the same grammar.
func NewSet(queries []*Query) *Set {
	s := &Set{queries: queries}
	for i, q := range queries {
		if q == nil {
			continue
		}
		if s.lang == nil {
			s.lang = q.lang
			s.bySymbol = make([]starts, q.lang.Symbols()+1)
		}
		for _, p := range q.patterns {
			s.patterns = append(s.patterns, setPattern{i, p})
			s.index(int32(len(s.patterns)-1), p)
		}
	}
	s.sieve = newSieve(queries)
	s.gates = newGates(s)
	return s
}

// index enters a pattern under every symbol that its starts can take.
func (s *Set) index(number int32, p *pattern) {
	for _, i := range p.starts {
		st := &p.steps[i]
		set := newSymbolSet(s.lang)
		set.addAccepted(s.lang, st)
		for sym := range s.lang.Symbols() {
			if set.has(tree.Symbol(sym)) {
				s.enter(sym, number, i, st)
			}
		}
		if set.error {
			s.enter(s.lang.Symbols(), number, i, st)
		}
	}
}

func (s *Set) enter(slot int, number, step int32, st *step) {
	in := &s.bySymbol[slot]
	if n := len(in.list); n > 0 && in.list[n-1].pattern == number {
		in.list[n-1].steps = append(in.list[n-1].steps, step)
		in.list[n-1].need &= st.need
		return
	}
	if n := len(in.blocks); n == 0 || in.blocks[n-1].block != number/64 {
		in.blocks = append(in.blocks, startBlock{block: number / 64, first: int32(len(in.list))})
	}
	in.blocks[len(in.blocks)-1].bits |= 1 << (number % 64)
	in.list = append(in.list, start{number, []int32{step}, st.need, s.patterns[number].pattern.parents})
}

// starts are the starts of a symbol.
func (s *Set) starts(sym tree.Symbol) *starts {
	if sym == tree.Error {
		sym = tree.Symbol(len(s.bySymbol) - 1)
	}
	if int(sym) >= len(s.bySymbol) {
		return &starts{}
	}
	return &s.bySymbol[sym]
}

// startsOf are the steps of one pattern that can take a symbol.
func (s *Set) startsOf(number int32, sym tree.Symbol) []int32 {
	for _, st := range s.starts(sym).list {
		if st.pattern == number {
			return st.steps
		}
	}
	return nil
}

// Matcher makes a Matcher of the set.
func (s *Set) Matcher() *Matcher {
	mt := &Matcher{
		set:    s,
		spent:  make([]allowance, len(s.queries)),
		gate:   newGate(s),
		fixed:  map[*pattern]bool{},
		walked: map[walk]int32{},
		told:   map[telling][]told{},
	}
	mt.File(Words{}, nil)
	mt.found = func(m *Match) bool { mt.yield(mt.query, m); return true }
	return mt
}
