package query

import (
	"iter"
	"math/bits"

	"lectern/analysis/tree"
)

// A gate says which patterns can match in the unit at work. Words are looked for
// among the tokens of the unit and each opens the patterns that ask for it, so
// that what a rule costs where its words are missing is one bit.

// maxLists is how many lists of words a pattern is held to in a unit.
const maxLists = 6

// gates are the words of a set's patterns, turned around. They are immutable.
type gates struct {
	blocks int       // words of 64 bits that hold a bit for each pattern
	lists  int       // the most lists of a pattern
	all    []uint64  // all patterns
	fixed  []uint64  // those with tests that ask for no capture
	asks   []uint64  // by list and block: patterns that have the list
	loud   []uint64  // patterns that ask for words in any text
	opens  [][]opens // by number of a word: what it opens as a token of a unit
	texts  [][]opens // what it opens anywhere in the text of a unit
	renews [][]opens // what it opens in a file that gives it another name
}

// opens are the patterns of a block one of whose lists a word is on.
type opens struct {
	at   int32 // of list and block
	bits uint64
}

func newGates(s *Set) *gates {
	n := len(s.patterns)
	g := &gates{blocks: (n + 63) / 64}
	words := s.sieve.words + 1
	g.opens, g.texts, g.renews = make([][]opens, words), make([][]opens, words), make([][]opens, words)
	g.all, g.fixed, g.loud = make([]uint64, g.blocks), make([]uint64, g.blocks), make([]uint64, g.blocks)
	g.asks = make([]uint64, maxLists*g.blocks)
	for i := range s.patterns {
		p := s.patterns[i].pattern
		block, bit := i/64, uint64(1)<<(i%64)
		g.all[block] |= bit
		if len(p.fixed) > 0 {
			g.fixed[block] |= bit
		}
		numbers := s.sieve.needs[s.sieve.patterns[i]].words
		list := 0
		for k := range p.need.lists {
			where := p.need.lists[k].Where
			if where == InFile || list == maxLists {
				continue
			}
			at := list*g.blocks + block
			g.asks[at] |= bit
			for _, w := range numbers[k] {
				switch where {
				case InText:
					g.texts[w] = open(g.texts[w], at, bit)
					g.loud[block] |= bit
					continue
				case ByName:
					g.renews[w] = open(g.renews[w], at, bit)
				}
				g.opens[w] = open(g.opens[w], at, bit)
			}
			list++
		}
		g.lists = max(g.lists, list)
	}
	return g
}

func open(list []opens, at int, bit uint64) []opens {
	if n := len(list); n > 0 && list[n-1].at == int32(at) {
		list[n-1].bits |= bit
		return list
	}
	for i := range list {
		if list[i].at == int32(at) {
			list[i].bits |= bit
			return list
		}
	}
	return append(list, opens{int32(at), bit})
}

// gate is what a Matcher knows of the patterns that can match.
type gate struct {
	file   []uint64 // in the file
	unit   []uint64 // in the unit at work
	asked  []uint64 // whose fixed tests have been asked, in this unit or, if it is known whole, in this file
	met    []uint64 // by list and block: patterns that have a word of the list in this unit
	always []uint64 // the same for words that the file gives other names, or may give
	seen   []uint64 // the last unit that had a word, by its number
	known  bool     // the file's words are
}

func newGate(s *Set) gate {
	g := s.gates
	return gate{
		file: make([]uint64, g.blocks), unit: make([]uint64, g.blocks), asked: make([]uint64, g.blocks),
		met: make([]uint64, len(g.asks)), always: make([]uint64, len(g.asks)),
		seen: make([]uint64, s.sieve.words+1),
	}
}

// File tells the Matcher about the file whose units come next: its words, if it is
// looked at only once, or the zero Words; and the names of items elsewhere that it
// calls by another name, in a `use a::b as c` or a type alias, or nil if that is
// not known.
func (mt *Matcher) File(words Words, renamed iter.Seq[string]) {
	g := mt.set.gates
	copy(mt.gate.file, g.all)
	clear(mt.gate.asked)
	clear(mt.fixed)
	if mt.gate.known = words.sieve != nil; mt.gate.known {
		for i, need := range words.sieve.patterns {
			if !words.fit[need] {
				mt.gate.file[i/64] &^= 1 << (i % 64)
			}
		}
	}
	clear(mt.gate.always)
	if renamed == nil {
		for number := range g.renews {
			mt.rename(int32(number))
		}
		return
	}
	for name := range renamed {
		mt.rename(mt.set.number(name))
	}
}

// Knows reports that a query of the set asks for a name.
func (s *Set) Knows(name string) bool { return s.number(name) != 0 }

func (s *Set) number(name string) int32 {
	if name == "" {
		return 0
	}
	return s.sieve.exact.number([]byte(name))
}

func (mt *Matcher) rename(number int32) {
	for _, o := range mt.set.gates.renews[number] {
		mt.gate.always[o.at] |= o.bits
	}
}

// enter opens what can match in a unit.
func (mt *Matcher) enter(f *tree.Frame) {
	g, s := mt.set.gates, &mt.gate
	copy(s.unit, s.file)
	if !s.known {
		clear(s.asked)
		clear(mt.fixed)
	}
	u := f.Unit
	// Matches that can reach into other units are not judged.
	if u.Gap >= 0 || len(u.Text) == 0 || mt.plain {
		return
	}
	copy(s.met, s.always)
	for i := range u.Rows {
		row := &u.Rows[i]
		if int(row.Skip) != i+1 || row.Start == row.End {
			continue
		}
		n := mt.set.sieve.exact.number(unraw(u.Text[row.Start:row.End]))
		if n == 0 || s.seen[n] == mt.pass {
			continue
		}
		s.seen[n] = mt.pass
		if n == selfNumber {
			mt.around(f)
		}
		for _, o := range g.opens[n] {
			s.met[o.at] |= o.bits
		}
	}
	for b := range s.unit {
		if s.unit[b]&g.loud[b] != 0 {
			mt.set.sieve.each(u.Text, func(n int32) {
				for _, o := range g.texts[n] {
					s.met[o.at] |= o.bits
				}
			})
			break
		}
	}
	for list := range g.lists {
		for b := range s.unit {
			at := list*g.blocks + b
			s.unit[b] &^= g.asks[at] &^ s.met[at]
		}
	}
}

// unraw is an identifier without the mark of a raw one.
func unraw(name []byte) []byte {
	if len(name) > 2 && name[0] == 'r' && name[1] == '#' {
		return name[2:]
	}
	return name
}

// around opens what `Self` can stand for: a type that the containers around a
// unit name.
func (mt *Matcher) around(f *tree.Frame) {
	for n := f.Node(0).Parent(); !n.IsZero(); n = n.Parent() {
		up := n.Frame()
		for i := range up.Unit.Rows {
			row := &up.Unit.Rows[i]
			if int(row.Skip) != i+1 || row.Start == row.End || row.Flags&(tree.Extra|tree.Gap) != 0 {
				continue
			}
			for _, o := range mt.set.gates.renews[mt.set.sieve.exact.number(unraw(up.Node(i).Text()))] {
				mt.gate.met[o.at] |= o.bits
			}
		}
		n = up.Node(0) // on to the next unit
	}
}

// closed asks the fixed tests of a pattern that has some, and closes it if they
// do not hold.
func (mt *Matcher) closed(number int32) bool {
	block, bit := number/64, uint64(1)<<(number%64)
	if mt.set.gates.fixed[block]&bit == 0 || mt.gate.asked[block]&bit != 0 {
		return false
	}
	mt.gate.asked[block] |= bit
	if mt.allowed(mt.set.patterns[number].pattern) {
		return false
	}
	mt.gate.unit[block] &^= bit
	if mt.gate.known {
		mt.gate.file[block] &^= bit
	}
	return true
}

// nth is the place of the n-th bit among those that are set.
func nth(set uint64, bit int) int { return bits.OnesCount64(set & (1<<bit - 1)) }
