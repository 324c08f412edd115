package query

import "slices"

// Most files have nothing for most rules, and most units of the others neither. A
// match needs certain words: the texts that its predicates ask for, and keywords
// that its nodes begin with. Where they are missing, a file need not be parsed and
// a unit not be looked at.

// need is what a file must have for a match of a pattern: of each list of words
// one, and a match of each named pattern.
type need struct {
	words []anyOf
	named []*Query
}

// anyOf are words of which a match needs one.
type anyOf struct {
	words []string
	place place
}

// place is where a word must stand for a match that begins in a unit which holds
// all of the match.
type place uint8

const (
	inFile  place = iota // anywhere
	inNamed              // in the unit, unless the file gives what it means another name
	inUnit               // in the unit, as a token
)

// keywords are the words that nodes of a kind cannot be without. tree-sitter puts
// a missing token in only where a node ends with it, so a keyword in front of
// more is in the text even where the code is broken.
var keywords = map[string]string{
	"async_block": "async", "const_block": "const", "const_item": "const", "enum_item": "enum",
	"for_expression": "for", "function_item": "fn", "function_signature_item": "fn", "if_expression": "if",
	"impl_item": "impl", "let_declaration": "let", "loop_expression": "loop", "match_expression": "match",
	"mod_item": "mod", "static_item": "static", "struct_item": "struct", "trait_item": "trait",
	"type_item": "type", "union_item": "union", "unsafe_block": "unsafe", "use_declaration": "use",
	"while_expression": "while",
}

// keywordsOf are the lists of words that a match of an item needs.
func (c *compiler) keywordsOf(it *item) [][]string {
	if it.optional() {
		return nil
	}
	var lists [][]string
	if it.kind == choiceItem {
		var any []string
		for _, p := range it.parts {
			of := c.keywordsOf(p)
			if len(of) == 0 {
				return nil
			}
			any = append(any, of[0]...)
		}
		return append(lists, any)
	}
	if it.kind == nodeItem && it.accept == acceptSymbol && !it.missing && c.lang.Name == "rust" {
		if w := keywords[c.lang.Info(it.symbol).Name]; w != "" && c.lang.Info(it.symbol).Named {
			lists = append(lists, []string{w})
		}
	}
	for _, p := range it.parts {
		lists = append(lists, c.keywordsOf(p)...)
	}
	return lists
}

// wordsOf are the words of which a match of the pattern needs one because a
// predicate says so; false if none does.
func (p *pattern) wordsOf(pred *Predicate, not bool, args []Arg, counts [][2]uint8) (anyOf, bool) {
	texts, where := pred.texts, inUnit
	if pred.Words != nil {
		texts, where = pred.Words, inNamed
	}
	if texts == nil || not || args[0].Capture >= len(counts) || counts[args[0].Capture][0] == 0 {
		return anyOf{}, false
	}
	words := texts(args)
	if len(words) == 0 || slices.ContainsFunc(words, func(t string) bool { return !isWord(t) }) {
		return anyOf{}, false
	}
	if p.siblings && !p.inFirst(int32(args[0].Capture)) {
		where = inFile
	}
	return anyOf{words, where}, true
}

// isWord reports a text that can only be one token. Anything else, such as a
// path, could be the text of a node with children.
func isWord(text string) bool {
	for i := 0; i < len(text); i++ {
		if c := text[i]; !wordByte[c] || i == 0 && '0' <= c && c <= '9' {
			return false
		}
	}
	return text != ""
}

var wordByte = func() (t [256]bool) {
	for c := range t {
		t[c] = c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
	}
	return t
}()

// inFirst reports that a capture is only made in the first of several siblings.
func (p *pattern) inFirst(capture int32) bool {
	if len(p.starts) != 1 || p.starts[0] != 0 {
		return false
	}
	second := len(p.steps)
	for i := range p.steps {
		if i > 0 && p.steps[i].depth == 0 {
			second = min(second, i)
		}
		for _, t := range p.steps[i].targets {
			if t.step == 0 {
				return false
			}
		}
		if i >= second && slices.Contains(p.steps[i].captures, capture) {
			return false
		}
	}
	return true
}

// lexicon numbers the words that matter, from 1. It is immutable.
type lexicon struct {
	slots   []lexeme // by hash, a power of two of them
	words   []string // by number; the first is no word
	lengths [256]uint64
}

type lexeme struct {
	hash   uint64
	number int32
}

// hashWord is the hash of a word.
func hashWord[T string | []byte](b T) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(b); i++ {
		h = (h ^ uint64(b[i])) * 1099511628211
	}
	return h ^ h>>29
}

func newLexicon(words []string) *lexicon {
	x := &lexicon{words: append([]string{""}, words...)}
	size := 64
	for size < 8*len(words) {
		size *= 2
	}
	x.slots = make([]lexeme, size)
	for i, w := range words {
		h := hashWord(w)
		at := int(h) & (size - 1)
		for x.slots[at].number != 0 {
			at = (at + 1) & (size - 1)
		}
		x.slots[at] = lexeme{h, int32(i + 1)}
		x.lengths[w[0]] |= 1 << min(len(w), 63)
	}
	return x
}

// number is the number of a word, or 0. Two words can have one hash; then a word
// that does not matter is taken for one that does.
func (x *lexicon) number(w []byte) int32 {
	if x.lengths[w[0]]&(1<<min(len(w), 63)) == 0 {
		return 0
	}
	h, mask := hashWord(w), len(x.slots)-1
	for i := int(h) & mask; ; i = (i + 1) & mask {
		if s := x.slots[i]; s.number == 0 || s.hash == h {
			return s.number
		}
	}
}

// sieve tells which of many queries may match in a text, by the words in it. It
// says yes too often, but never no too often. It is immutable.
type sieve struct {
	lexicon  *lexicon
	needs    []sieveNeed // of patterns
	first    [][]int     // numbers of the needs of each query's patterns
	patterns []int       // numbers of the needs of the set's patterns
}

// sieveNeed is a need with words as numbers and named patterns as the lists of
// the needs of which one must hold.
type sieveNeed struct {
	words [][]int32
	named [][]int
}

// selfWord stands for the type of the impl around it.
const selfWord = "Self"

// newSieve makes the sieve of queries; a nil among them has no matches.
func newSieve(queries []*Query) *sieve {
	v := &sieve{}
	words := []string{selfWord}
	numbers := map[string]int32{selfWord: 1}
	known := map[*Query][]int{}
	var add func(q *Query) []int
	add = func(q *Query) []int {
		if list, ok := known[q]; ok {
			return list
		}
		var list []int
		for _, p := range q.patterns {
			var n sieveNeed
			for _, any := range p.need.words {
				var of []int32
				for _, w := range any.words {
					if numbers[w] == 0 {
						words = append(words, w)
						numbers[w] = int32(len(words))
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
	v.lexicon = newLexicon(words)
	return v
}

// Words are those of a text's words that a Set cares for.
type Words struct {
	sieve *sieve
	has   []bool // by number
}

// Words looks the words of a text up.
func (s *Set) Words(content []byte) Words {
	w := Words{s.sieve, make([]bool, len(s.sieve.lexicon.words))}
	x := s.sieve.lexicon
	for i := 0; i < len(content); {
		if !wordByte[content[i]] {
			i++
			continue
		}
		start := i
		for i++; i < len(content) && wordByte[content[i]]; i++ {
		}
		w.has[x.number(content[start:i])] = true
		// An escape in a string, or a number, may end anywhere in a word.
		if content[start] <= '9' || start > 0 && content[start-1] == '\\' {
			for k := start + 1; k < i; k++ {
				w.has[x.number(content[k:i])] = true
			}
		}
	}
	return w
}

// May reports that a query may match in the text.
func (w *Words) May(query int) bool { return w.any(w.sieve.first[query]) }

func (w *Words) any(needs []int) bool { return slices.ContainsFunc(needs, w.fits) }

// fits reports that the text has what a need asks for.
func (w *Words) fits(need int) bool {
	n := &w.sieve.needs[need]
	for _, any := range n.words {
		if !slices.ContainsFunc(any, func(number int32) bool { return w.has[number] }) {
			return false
		}
	}
	for _, named := range n.named {
		if !w.any(named) {
			return false
		}
	}
	return true
}
