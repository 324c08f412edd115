package query

import "slices"

// Most files have nothing for most rules. A match needs certain words in its
// file: the texts that its predicates ask for, and keywords that its nodes begin
// with. Where they are missing, the file need not be parsed at all.

// need is what a file must have for a match of a pattern: of each list of words
// one, and a match of each named pattern.
type need struct {
	words [][]string
	named []*Query
}

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

// fileWords are the words of which a file with a match has one, because a
// predicate says so; nil if none does.
func fileWords(pred *Predicate, not bool, args []Arg, counts [][2]uint8) []string {
	texts := pred.texts
	if pred.Words != nil {
		texts = pred.Words
	}
	if texts == nil || not || args[0].Capture >= len(counts) || counts[args[0].Capture][0] == 0 {
		return nil
	}
	words := texts(args)
	if !allWords(words) {
		return nil
	}
	return words
}

func allWords(texts []string) bool {
	return !slices.ContainsFunc(texts, func(t string) bool { return !isWord(t) })
}

// Sieve tells which of many queries may match in a text, by the words in it. It
// says yes too often, but never no too often. It is immutable and may be shared.
type Sieve struct {
	slots []sieveSlot // by hash, a power of two of them; a word's number from 1
	words int
	needs []sieveNeed // of patterns
	first [][]int     // numbers of the needs of each query's patterns
}

type sieveSlot struct {
	hash   word
	number int32
}

// sieveNeed is a need with words as numbers and named patterns as the lists of
// the needs of which one must hold.
type sieveNeed struct {
	words [][]int32
	named [][]int
}

// NewSieve makes the Sieve of queries; a nil among them has no matches.
func NewSieve(queries []*Query) *Sieve {
	v := &Sieve{}
	numbers := map[word]int32{}
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
				for _, w := range any {
					h := hashWord([]byte(w))
					if numbers[h] == 0 {
						numbers[h] = int32(len(numbers) + 1)
					}
					of = append(of, numbers[h])
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
		v.first = append(v.first, add(q))
	}
	v.words = len(numbers)
	size := 64
	for size < 8*len(numbers) {
		size *= 2
	}
	v.slots = make([]sieveSlot, size)
	for h, n := range numbers {
		i := int(h&0x7fffffff) & (size - 1)
		for v.slots[i].number != 0 {
			i = (i + 1) & (size - 1)
		}
		v.slots[i] = sieveSlot{h, n}
	}
	return v
}

// Words are the words of a text that a Sieve knows.
type Words struct {
	sieve *Sieve
	has   []bool // by number
}

// Words looks the words of a text up.
func (v *Sieve) Words(content []byte) Words {
	w := Words{v, make([]bool, v.words+1)}
	mask := len(v.slots) - 1
	for i := 0; i < len(content); {
		if !wordByte[content[i]] {
			i++
			continue
		}
		start := i
		h := uint64(14695981039346656037)
		for ; i < len(content) && wordByte[content[i]]; i++ {
			h = (h ^ uint64(content[i])) * 1099511628211
		}
		w.note(word(h^h>>29), mask)
		// An escape in a string, or a number, may end anywhere in a word.
		if content[start] <= '9' || start > 0 && content[start-1] == '\\' {
			for k := start + 1; k < i; k++ {
				w.note(hashWord(content[k:i]), mask)
			}
		}
	}
	return w
}

func (w *Words) note(h word, mask int) {
	for i := int(h&0x7fffffff) & mask; ; i = (i + 1) & mask {
		s := w.sieve.slots[i]
		if s.number == 0 {
			return
		}
		if s.hash == h {
			w.has[s.number] = true
			return
		}
	}
}

var wordByte = func() (t [256]bool) {
	for c := range t {
		t[c] = c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
	}
	return t
}()

// May reports that a query may match in the text.
func (w *Words) May(query int) bool { return w.any(w.sieve.first[query]) }

func (w *Words) any(needs []int) bool {
	return slices.ContainsFunc(needs, func(i int) bool {
		n := &w.sieve.needs[i]
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
	})
}
