package query

import "lectern/analysis/tree"

// pattern is a compiled pattern: a machine whose steps each match one node.
//
// The steps stand in the order of the source. A state of a match waits at a step
// for a node at the step's depth; when one matches, the state goes on to the
// targets of that step, one of them in its place and the others as copies.
type pattern struct {
	query  *Query
	number int
	offset int // in the source
	steps  []step
	starts []int32 // steps that a match can begin with; wildcards first
	// siblings is a pattern of several nodes side by side at its top, whose
	// matches can begin at one node and go on at the next.
	siblings bool
	atEnd    bool    // a step at the top wants no named sibling behind its node
	here     []int32 // depths at which @here can be captured
	always   bool    // every match captures @here

	need       need
	parents    *symbolSet // what the node that a match begins at can have for a parent; nil for any
	fixed      []test     // without captures: one answer for a whole unit
	early      []test     // run when a step captured what they ask for
	late       []condition
	properties []Property
	added      []int32 // captures that relations add
}

// step matches one node.
type step struct {
	accept    accept
	missing   bool
	immediate bool // no named sibling may stand between the node before and this one
	last      bool // no named sibling may follow
	split     bool // also try later siblings
	symbol    tree.Symbol
	field     tree.Field
	depth     int32
	members   *symbolSet
	negated   []tree.Field
	captures  []int32
	targets   []target
	tests     []int32 // of pattern.early
	here      bool    // captures @here
	need      uint64  // marks of children that must be there
	rooted    bool    // of a start: the match is one node and what is below
}

// target is where a state goes from a step.
type target struct {
	step      int32 // or done
	immediate bool  // the very next sibling must match
}

// done is the step behind the last one.
const done = -1

// symbolSet is a set of symbols, ERROR among them.
type symbolSet struct {
	bits  []uint64
	error bool
}

func newSymbolSet(lang *tree.Language) *symbolSet {
	return &symbolSet{bits: make([]uint64, (lang.Symbols()+63)/64)}
}

func (s *symbolSet) add(sym tree.Symbol) {
	if sym == tree.Error {
		s.error = true
		return
	}
	s.bits[sym/64] |= 1 << (sym % 64)
}

func (s *symbolSet) has(sym tree.Symbol) bool {
	if sym == tree.Error {
		return s.error
	}
	return int(sym/64) < len(s.bits) && s.bits[sym/64]&(1<<(sym%64)) != 0
}

// addAccepted adds every symbol that a step can match.
func (s *symbolSet) addAccepted(lang *tree.Language, st *step) {
	switch st.accept {
	case acceptSymbol:
		s.add(st.symbol)
	case acceptMember:
		for i, b := range st.members.bits {
			s.bits[i] |= b
		}
	default:
		if st.missing {
			s.error = true
		}
		for i := range lang.Symbols() {
			if info := lang.Info(tree.Symbol(i)); info.Visible && (info.Named || st.accept == acceptAny) {
				s.add(tree.Symbol(i))
			}
		}
	}
}

// mark is the bit of a child with a symbol, with a field, or with both; 0 stands
// for any field or symbol. A node's children give a set of marks that tells most
// nodes without a wanted child from those with it.
func mark(symbol tree.Symbol, field tree.Field) uint64 {
	h := (uint32(symbol)<<8 | uint32(field)) * 0x9E3779B1
	return 1 << (h >> 26)
}

// anySymbol stands for any symbol in mark; no grammar numbers a node so.
const anySymbol tree.Symbol = 0xFFFE
