package query

import (
	"bytes"
	"slices"
)

// Most files have nothing for most rules, and most units of the others neither. A
// match needs certain words: names that its predicates ask for, and keywords that
// its nodes begin with. Where they are missing, a file need not be parsed and a
// unit not be looked at.

// lexicon numbers words, from 1 on or behind those of another one. It is immutable.
type lexicon struct {
	slots  []lexeme       // by hash, a power of two of them
	shapes [1 << 9]uint64 // a bit for each start and length of a word
}

type lexeme struct {
	hash   uint64
	number int32
}

// hashWord is the hash of a word.
func hashWord(b []byte) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range b {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h ^ h>>29
}

func newLexicon(numbers map[string]int32) *lexicon {
	x := &lexicon{}
	size := 64
	for size < 8*len(numbers) {
		size *= 2
	}
	x.slots = make([]lexeme, size)
	for w, n := range numbers {
		h := hashWord([]byte(w))
		at := int(h) & (size - 1)
		for x.slots[at].number != 0 {
			at = (at + 1) & (size - 1)
		}
		x.slots[at] = lexeme{h, n}
		shape := shapeOf(w[0], secondOf([]byte(w)), len(w))
		x.shapes[shape>>6] |= 1 << (shape & 63)
	}
	return x
}

// number is the number of a word, or 0. Two words can have one hash; then a word
// that does not matter is taken for one that does.
func (x *lexicon) number(w []byte) int32 {
	if !x.has(shapeOf(w[0], secondOf(w), len(w))) {
		return 0
	}
	h, mask := hashWord(w), len(x.slots)-1
	for i := int(h) & mask; ; i = (i + 1) & mask {
		if s := x.slots[i]; s.number == 0 || s.hash == h {
			return s.number
		}
	}
}

// shapeOf hashes how a word begins and its length, to 15 bits.
func shapeOf(first, second byte, length int) uint32 {
	return (uint32(first) | uint32(second)<<8 | uint32(length)<<16) * 0x9E3779B1 >> 17
}

func secondOf(w []byte) byte {
	if len(w) < 2 {
		return 0
	}
	return w[1]
}

// has reports that a word of the shape is known.
func (x *lexicon) has(shape uint32) bool { return x.shapes[shape>>6]&(1<<(shape&63)) != 0 }

// lower is the number of a word in lower case.
func (x *lexicon) lower(w []byte) int32 {
	var buf [64]byte
	if !x.has(shapeOf(lower(w[0]), lower(secondOf(w)), len(w))) || len(w) > len(buf) {
		return 0
	}
	for i, c := range w {
		buf[i] = lower(c)
	}
	return x.number(buf[:len(w)])
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// sieve tells which of many queries may match in a text, by the words in it. It
// says yes too often, but never no too often. It is immutable.
type sieve struct {
	words    int         // the highest number of a word
	exact    *lexicon    // words as they are written
	folded   *lexicon    // in any letter case
	folds    []int32     // the numbers of those
	parts    [][]byte    // pieces of text
	needs    []sieveNeed // of patterns; those of named patterns come before what names them
	first    [][]int     // numbers of the needs of each query's patterns
	patterns []int       // numbers of the needs of the set's patterns
}

// sieveNeed is a need with words and parts as numbers, and named patterns as the
// lists of the needs of which one must hold.
type sieveNeed struct {
	words [][]int32 // by list of the need; nil where that has parts
	parts [][]int32
	named [][]int
}

// selfWord stands for the type of the impl around it.
const selfWord, selfNumber = "Self", 1

// newSieve makes the sieve of queries; a nil among them has no matches.
func newSieve(queries []*Query) *sieve {
	v := &sieve{words: selfNumber}
	exact, folded, parts := map[string]int32{selfWord: selfNumber}, map[string]int32{}, map[string]int32{}
	known := map[*Query][]int{}
	var add func(q *Query) []int
	add = func(q *Query) []int {
		if list, ok := known[q]; ok {
			return list
		}
		var list []int
		for _, p := range q.patterns {
			var n sieveNeed
			for _, l := range p.need.lists {
				if l.parts {
					n.words, n.parts = append(n.words, nil), append(n.parts, v.pieces(l.Words, parts))
					continue
				}
				numbers := exact
				if l.folded {
					numbers = folded
				}
				var of []int32
				for _, w := range l.Words {
					if numbers[w] == 0 {
						v.words++
						numbers[w] = int32(v.words)
						if l.folded {
							v.folds = append(v.folds, int32(v.words))
						}
					}
					of = append(of, numbers[w])
				}
				n.words = append(n.words, of)
			}
			for _, named := range p.need.named {
				n.named = append(n.named, add(named)) // a pattern cannot use itself
			}
			list = append(list, len(v.needs))
			v.needs = append(v.needs, n)
		}
		known[q] = list
		return list
	}
	for _, q := range queries {
		if q == nil {
			v.first = append(v.first, nil)
			continue
		}
		list := add(q)
		v.first = append(v.first, list)
		v.patterns = append(v.patterns, list...)
	}
	v.exact, v.folded = newLexicon(exact), newLexicon(folded)
	return v
}

// pieces are the numbers of pieces of text, which numbers knows already or learns.
func (v *sieve) pieces(texts []string, numbers map[string]int32) []int32 {
	var of []int32
	for _, t := range texts {
		if _, ok := numbers[t]; !ok {
			numbers[t] = int32(len(v.parts))
			v.parts = append(v.parts, []byte(t))
		}
		of = append(of, numbers[t])
	}
	return of
}

// each calls meet with the numbers of the words in a text.
func (v *sieve) each(content []byte, meet func(number int32)) {
	look := func(w []byte) {
		if n := v.exact.number(w); n != 0 {
			meet(n)
		}
		if len(v.folds) > 0 {
			if n := v.folded.lower(w); n != 0 {
				meet(n)
			}
		}
	}
	odd := false
	for i := 0; i < len(content); {
		if c := content[i]; !wordByte[c] {
			// Two letters beyond ASCII are k and s in another case.
			odd = odd || c == 0xbf && i > 0 && content[i-1] == 0xc5 || c == 0xaa && i > 0 && content[i-1] == 0x84
			i++
			continue
		}
		start := i
		for i++; i < len(content) && wordByte[content[i]]; i++ {
		}
		look(content[start:i])
		// An escape in a string, or a number, may end anywhere in a word.
		if content[start] <= '9' || start > 0 && content[start-1] == '\\' {
			for k := start + 1; k < i; k++ {
				look(content[k:i])
			}
		}
	}
	if odd {
		for _, n := range v.folds {
			meet(n)
		}
	}
}

// Words are those of a text's words that a Set cares for.
type Words struct {
	sieve *sieve
	has   []bool // by number
	fit   []bool // by number of a need
}

// search looks for pieces of text, each when it is first asked for.
type search struct {
	*Words
	content []byte
	threes  [1 << 10]uint64 // hashes of what is three bytes long in the text
	hashed  bool
	found   []answer // by number of a part
}

type answer uint8

const (
	unasked answer = iota
	yes
	no
)

// Words looks the words of a text up. also are words that count as being in it.
func (s *Set) Words(content []byte, also ...string) Words {
	v := s.sieve
	w := Words{v, make([]bool, v.words+1), make([]bool, len(v.needs))}
	v.each(content, func(number int32) { w.has[number] = true })
	for _, word := range also {
		v.each([]byte(word), func(number int32) { w.has[number] = true })
	}
	f := search{Words: &w, content: content, found: make([]answer, len(v.parts))}
	for i := range v.needs {
		w.fit[i] = f.fits(&v.needs[i])
	}
	return w
}

// May reports that a query may match in the text.
func (w *Words) May(query int) bool { return w.any(w.sieve.first[query]) }

func (w *Words) any(needs []int) bool {
	return slices.ContainsFunc(needs, func(i int) bool { return w.fit[i] })
}

// fits reports that the text has what a need asks for.
func (f *search) fits(n *sieveNeed) bool {
	for _, any := range n.words {
		if any != nil && !f.one(any) {
			return false
		}
	}
	for _, named := range n.named {
		if !f.any(named) {
			return false
		}
	}
	for _, any := range n.parts {
		found := false
		for i := 0; i < len(any) && !found; i++ {
			found = f.contains(any[i])
		}
		if !found {
			return false
		}
	}
	return true
}

// one reports that one of the words is in the text.
func (f *search) one(words []int32) bool {
	for _, number := range words {
		if f.has[number] {
			return true
		}
	}
	return false
}

// contains reports that a part is in the text.
func (f *search) contains(number int32) bool {
	if f.found[number] == unasked {
		f.found[number] = no
		if part := f.sieve.parts[number]; f.may(part) && bytes.Contains(f.content, part) {
			f.found[number] = yes
		}
	}
	return f.found[number] == yes
}

// may rules a part out by three bytes that stand nowhere in the text.
func (f *search) may(part []byte) bool {
	if !f.hashed {
		f.hashed = true
		three := uint32(0)
		for _, c := range f.content {
			three = three<<8 | uint32(c)
			h := hashThree(three)
			f.threes[h>>6] |= 1 << (h & 63)
		}
	}
	three := uint32(0)
	for i, c := range part {
		three = three<<8 | uint32(c)
		if h := hashThree(three); i >= 2 && f.threes[h>>6]&(1<<(h&63)) == 0 {
			return false
		}
	}
	return true
}

func hashThree(three uint32) uint16 { return uint16((three << 8) * 0x9E3779B1 >> 16) }
