package query

import (
	"math/bits"

	"lectern/analysis/tree"
)

// Matcher finds the matches of a Set. It is scratch memory to be used again; one
// goroutine at a time.
type Matcher struct {
	set    *Set
	ctx    *Context
	runs   []*run // those in use first
	depth  int    // how many are in use
	steps  int    // left to the query at work
	reads  int    // the same
	spent  []allowance
	pass   uint64            // number of the unit at work
	fixed  map[*pattern]bool // answers of the fixed tests in this unit
	gate   gate
	plain  bool // no unit is passed over for want of words
	query  int  // at work
	yield  func(query int, match *Match)
	found  func(*Match) bool  // calls yield
	walked map[walk]int32     // how far patterns of siblings have been tried
	unit   *tree.Frame        // at work
	tree   *tree.Tree         // that told is about
	told   map[telling][]told // what named patterns mean around
	asked  []Asked            // by the unit at work
}

// allowance is what is left to a query in one pass.
type allowance struct {
	pass     uint64
	left     int
	reads    int
	reported uint64 // the call in which it was reported
}

// walk is a pattern among the children of one row.
type walk struct {
	pattern int32
	parent  int32
}

// SetPlain makes the Matcher look at units for all patterns, whatever their words,
// so that tests can compare.
func (mt *Matcher) SetPlain(plain bool) { mt.plain = plain }

// Frame calls yield for each match whose first node is a row of the frame's own
// unit, in order of those rows; query is the number of the match's query in the
// set. Matches reach over the unit's borders. The match is good until yield
// returns. A nil ctx has no facts and the default budget.
func (mt *Matcher) Frame(f *tree.Frame, ctx *Context, yield func(query int, match *Match)) {
	mt.frame(f, ctx, mt.pass+1, yield)
}

// Tree calls yield for each match in a whole tree.
func (mt *Matcher) Tree(t *tree.Tree, ctx *Context, yield func(query int, match *Match)) {
	call := mt.pass + 1
	t.Frames(func(f *tree.Frame) bool {
		mt.frame(f, ctx, call, yield)
		return true
	})
}

// Forget lets go of the last tree.
func (mt *Matcher) Forget() {
	mt.tree = nil
	clear(mt.told)
}

// look drops what was found in another tree.
func (mt *Matcher) look(t *tree.Tree) {
	if t != mt.tree {
		mt.tree = t
		clear(mt.told)
	}
}

// frame looks at one unit; call is the first pass of the call it belongs to.
func (mt *Matcher) frame(f *tree.Frame, ctx *Context, call uint64, yield func(int, *Match)) {
	if len(mt.set.patterns) == 0 {
		return
	}
	if ctx == nil {
		ctx = &Context{}
	}
	mt.ctx, mt.yield = ctx, yield
	defer func() { mt.ctx, mt.yield, mt.unit = nil, nil, nil }()
	mt.unit, mt.asked = f, mt.asked[:0]
	mt.look(f.Tree())
	mt.depth = 0
	mt.pass++
	clear(mt.walked)
	mt.enter(f)
	rows := f.Unit.Rows
	for i := range rows {
		row := &rows[i]
		if row.Flags&tree.Gap != 0 {
			continue
		}
		starts := mt.set.starts(row.Symbol)
		marks, marked := uint64(0), false
		for _, block := range starts.blocks {
			for on := block.bits & mt.gate.unit[block.block]; on != 0; on &= on - 1 {
				st := &starts.list[int(block.first)+nth(block.bits, bits.TrailingZeros64(on))]
				if !mt.plain && st.orphan(rows, row) || mt.closed(st.pattern) {
					continue
				}
				if st.need != 0 {
					if !marked {
						marks, marked = childMarks(f.Unit, i), true
					}
					if marks&st.need != st.need {
						continue
					}
				}
				mt.begin(f, int32(i), st, call)
			}
		}
	}
}

// begin looks for the matches of a pattern that begin at a row.
func (mt *Matcher) begin(f *tree.Frame, row int32, st *start, call uint64) {
	sp := &mt.set.patterns[st.pattern]
	a := &mt.spent[sp.query]
	if a.pass != mt.pass {
		a.pass, a.left, a.reads = mt.pass, mt.ctx.Budget.steps(len(f.Unit.Rows)), mt.ctx.Budget.reads(int(f.Unit.Len))
	}
	if a.left < 0 || mt.ctx.Budget.closed(sp.query) {
		return
	}
	mt.query, mt.steps, mt.reads = sp.query, a.left, a.reads
	mt.try(f, row, st, sp.pattern, mt.found)
	a.left, a.reads = mt.steps, mt.reads
	if a.left < 0 && a.reported < call {
		a.reported = mt.pass
		mt.ctx.Budget.report(sp.query)
	}
}

// childMarks are the marks of a row's children, those in other units among them.
func childMarks(u *tree.Unit, i int) uint64 {
	var m uint64
	for c := int32(i) + 1; c < u.Rows[i].Skip; c = u.Rows[c].Skip {
		if u.Rows[c].Flags&tree.Gap != 0 {
			for _, k := range u.Kids {
				m |= Marks(k.Unit)
			}
			continue
		}
		m |= rowMarks(&u.Rows[c])
	}
	return m
}

// Marks are what a Matcher asks of a unit when it looks at the row around it: which
// kinds of nodes are at its top. Whoever keeps the findings of a unit has to look
// again when a unit with other marks than those before comes into it.
func Marks(u *tree.Unit) uint64 {
	var m uint64
	for i := int32(0); int(i) < len(u.Rows); i = u.Rows[i].Skip {
		m |= rowMarks(&u.Rows[i])
	}
	return m
}

func rowMarks(row *tree.Row) uint64 {
	m := mark(row.Symbol, 0)
	if row.Field != 0 {
		m |= mark(row.Symbol, row.Field) | mark(anySymbol, row.Field)
	}
	return m
}

// allowed answers the tests of a pattern that ask for no capture, once a unit.
func (mt *Matcher) allowed(p *pattern) bool {
	if len(p.fixed) == 0 {
		return true
	}
	if ok, known := mt.fixed[p]; known {
		return ok
	}
	ok := true
	m := &Match{Query: p.query, Pattern: p.number}
	for i := range p.fixed {
		ok = ok && mt.ask(&p.fixed[i], m)
	}
	mt.fixed[p] = ok
	return ok
}

// try finds the matches of a pattern that begin at a row.
func (mt *Matcher) try(f *tree.Frame, i int32, st *start, p *pattern, found func(*Match) bool) {
	if !p.siblings {
		r := mt.acquire()
		r.begin(p, found)
		r.at(f.Node(int(i)), st.steps)
		mt.release()
		return
	}
	mt.siblings(f, i, st, p, found)
}

func (mt *Matcher) acquire() *run {
	if mt.depth == len(mt.runs) {
		mt.runs = append(mt.runs, &run{matcher: mt})
	}
	mt.depth++
	return mt.runs[mt.depth-1]
}

func (mt *Matcher) release() { mt.depth-- }
