package query

import (
	"slices"

	"lectern/analysis/tree"
)

// Most rules look for a name that most units do not contain. Before such a rule
// is tried anywhere in a unit, the unit's names are looked up in a set that may
// say yes too often but never no too often.

// wordSet holds the names in one unit as bits.
type wordSet struct {
	bits [128]uint64
	pass uint64 // the pass it was made in
}

// word is a name's hash.
type word uint64

func hashWord(b []byte) word {
	h := uint64(14695981039346656037)
	for _, c := range b {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return word(h ^ h>>29)
}

// isWord reports a text that can only be one token. Anything else, such as a
// path, could be the text of a node with children.
func isWord(text string) bool {
	for i := 0; i < len(text); i++ {
		c := text[i]
		letter := c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return text != ""
}

// fill puts the texts of a unit's leaves in, as far as they are words.
func (s *wordSet) fill(u *tree.Unit) {
	s.bits = [128]uint64{}
	for i := range u.Rows {
		row := &u.Rows[i]
		if int(row.Skip) != i+1 || row.Start == row.End {
			continue
		}
		if c := u.Text[row.Start] | 0x20; c != '_'|0x20 && (c < 'a' || c > 'z') {
			continue
		}
		w := hashWord(u.Text[row.Start:row.End])
		s.bits[w>>6&127] |= 1 << (w & 63)
		s.bits[w>>38&127] |= 1 << (w >> 32 & 63)
	}
}

func (s *wordSet) has(w word) bool {
	return s.bits[w>>6&127]&(1<<(w&63)) != 0 && s.bits[w>>38&127]&(1<<(w>>32&63)) != 0
}

// wordsOf are the names of which every match of the pattern has one in the unit
// that it begins in, because a predicate says so; nil if none does.
func (p *pattern) wordsOf(pred *Predicate, not bool, args []Arg, counts [][2]uint8) []word {
	if pred.texts == nil || not || args[0].Capture >= len(counts) || counts[args[0].Capture][0] == 0 {
		return nil
	}
	if p.siblings && !p.inFirst(int32(args[0].Capture)) {
		return nil
	}
	var words []word
	for _, text := range pred.texts(args) {
		if !isWord(text) {
			return nil
		}
		words = append(words, hashWord([]byte(text)))
	}
	return words
}

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

// gate is the answer whether a pattern can match in a unit at all.
type gate struct {
	pass uint64
	open bool
}

// open reports that a pattern of the set can match in the unit at work.
func (mt *Matcher) open(f *tree.Frame, number int32) bool {
	g := &mt.gates[number]
	if g.pass != mt.pass {
		p := mt.set.patterns[number].pattern
		*g = gate{mt.pass, mt.named(f.Unit, p) && mt.allowed(p)}
	}
	return g.open
}

// named reports that the unit has the names that a match needs. Matches that can
// reach into other units are not judged.
func (mt *Matcher) named(u *tree.Unit, p *pattern) bool {
	if len(p.words) == 0 || u.Gap >= 0 || len(u.Text) == 0 {
		return true
	}
	if mt.words.pass != mt.pass {
		mt.words.fill(u)
		mt.words.pass = mt.pass
	}
	for _, any := range p.words {
		found := false
		for _, w := range any {
			found = found || mt.words.has(w)
		}
		if !found {
			return false
		}
	}
	return true
}
