package query

import (
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"

	"lectern/analysis/tree"
)

// Need is a list of words of which the code spells one where a predicate holds.
type Need struct {
	Words []string
	Where Where

	folded bool // in any letter case; the words are in lower case
	parts  bool // they are any pieces of text, and need not be words
}

// Where says where a word stands.
type Where uint8

// From the widest to the narrowest.
const (
	// InFile is anywhere in the file, comments and strings included.
	InFile Where = iota
	// ByName is a token of the unit that the first argument's node stands in, unless
	// the file gives what it stands for a name of its own: in an import with `as` or
	// a type alias, which spell the word, or by `Self`.
	ByName
	// InText is anywhere in that unit, comments and strings included.
	InText
	// InUnit is a token of that unit.
	InUnit
)

// need is what a match of a pattern needs.
type need struct {
	lists []Need
	named []*Query // a match of each in the file
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

// kindWords are the keywords of node kinds, if each has one.
func kindWords(args []Arg) []Need {
	var words []string
	for _, a := range args[1:] {
		w := keywords[a.Text]
		if w == "" {
			return nil
		}
		words = append(words, w)
	}
	return []Need{{Words: words, Where: InFile}}
}

// require adds what a match needs because a predicate says so.
func (p *pattern) require(pred *Predicate, not bool, args []Arg, counts [][2]uint8) {
	if pred.Needs == nil || not || !p.must(args, counts) {
		return
	}
	for _, n := range pred.Needs(args) {
		p.need.add(n, p.loose(args[0].Capture))
	}
}

// must reports that every match captures the first argument.
func (p *pattern) must(args []Arg, counts [][2]uint8) bool {
	at := args[0].Capture
	return at >= 0 && at < len(counts) && counts[at][0] > 0
}

// loose reports that a capture may stand in another unit than the one that a match
// begins in, though that has nothing in it but rows of its own.
func (p *pattern) loose(capture int) bool { return p.siblings && !p.inFirst(int32(capture)) }

// add adds a list. What is no word, or is not bound to the unit of the match's first
// node, may stand anywhere.
func (n *need) add(list Need, loose bool) {
	list.parts = list.parts || slices.ContainsFunc(list.Words, func(t string) bool { return !isWord(t) })
	if len(list.Words) == 0 || list.parts && slices.ContainsFunc(list.Words, everywhere) {
		return
	}
	if loose || list.parts {
		list.Where = InFile
	}
	n.lists = append(n.lists, list)
}

// everywhere reports a piece of text that nearly all files have.
func everywhere(text string) bool {
	return text == "" || len(text) == 1 && !strings.Contains("~@$^`", text)
}

// within adds what a match needs because a named pattern must match in the same
// unit: of each of the named query's patterns one list.
func (n *need) within(named *Query, loose bool) {
	union := Need{Where: InUnit}
	for _, p := range named.patterns {
		best := -1
		for i, l := range p.need.lists {
			if (l.Where == InUnit || l.Where == ByName) && (best < 0 || len(l.Words) < len(p.need.lists[best].Words)) {
				best = i
			}
		}
		if best < 0 {
			return
		}
		l := p.need.lists[best]
		union.Words = append(union.Words, l.Words...)
		union.Where = min(union.Where, l.Where)
	}
	n.add(union, loose)
}

// outer are the kinds of nodes that can be around a unit.
var outer = []string{
	"source_file", "mod_item", "impl_item", "trait_item", "foreign_mod_item", "declaration_list", "macro_invocation", "token_tree",
}

// inner reports that a match of a query is about nodes that stand in one unit with
// what is inside of them.
func (c *compiler) inner(q *Query) bool {
	set := newSymbolSet(c.lang)
	for _, kind := range outer {
		if s, ok := c.lang.Node(kind); ok {
			set.add(s)
		}
	}
	return c.lang.Name == "rust" && !slices.ContainsFunc(q.patterns, func(p *pattern) bool {
		return p.siblings || slices.ContainsFunc(p.starts, func(i int32) bool {
			s := &p.steps[i]
			return s.accept != acceptSymbol || s.missing || s.symbol == tree.Error || set.has(s.symbol)
		})
	})
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

// matchedNeeds are what a text has that a regular expression matches: of the words
// that must stand in it with no letter or digit beside them the first, and pieces of
// which it contains one.
func matchedNeeds(re *syntax.Regexp) []Need {
	re = re.Simplify()
	var list []Need
	if words := matchedWord(re); words != nil {
		list = append(list, *words)
	}
	if parts := pieces(re); parts != nil {
		list = append(list, Need{Words: parts, Where: InFile, parts: true})
	}
	return list
}

// matchedWord is a word that a match must have, or nil.
func matchedWord(re *syntax.Regexp) *Need {
	parts := []*syntax.Regexp{re}
	if re.Op == syntax.OpConcat {
		parts = re.Sub
	}
	for i, part := range parts {
		if part.Op != syntax.OpLiteral || slices.ContainsFunc(part.Rune, func(r rune) bool { return r > 0x7f }) {
			continue
		}
		folded := part.Flags&syntax.FoldCase != 0
		text := string(part.Rune)
		if folded {
			text = strings.ToLower(text)
		}
		for start := 0; start < len(text); {
			end := start
			for end < len(text) && wordByte[text[end]] {
				end++
			}
			if end == start {
				start++
				continue
			}
			bound := (start > 0 || edge(parts[:i], true)) && (end < len(text) || edge(parts[i+1:], false))
			if word := text[start:end]; bound && isWord(word) {
				return &Need{Words: []string{word}, Where: InText, folded: folded}
			}
			start = end
		}
	}
	return nil
}

// maxPieces bounds the pieces of one regular expression.
const maxPieces = 32

// pieces are texts of which a match contains one, the longest that are plain to see;
// nil if there are none.
func pieces(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase == 0 && !slices.Contains(re.Rune, utf8.RuneError) {
			return []string{string(re.Rune)}
		}
	case syntax.OpCapture, syntax.OpPlus:
		return pieces(re.Sub[0])
	case syntax.OpConcat:
		var best []string
		for _, sub := range re.Sub {
			if list := pieces(sub); shortest(list) > shortest(best) {
				best = list
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			list := pieces(sub)
			if list == nil || len(all)+len(list) > maxPieces {
				return nil
			}
			all = append(all, list...)
		}
		return all
	}
	return nil
}

// shortest is the length of the shortest text, 0 for none.
func shortest(texts []string) int {
	n := 0
	for i, t := range texts {
		if i == 0 || len(t) < n {
			n = len(t)
		}
	}
	return n
}

// edge reports that no word character can stand at the end, or the beginning, of
// what parts match and what may be beyond.
func edge(parts []*syntax.Regexp, end bool) bool {
	for len(parts) > 0 {
		p := parts[0]
		if end {
			p = parts[len(parts)-1]
		}
		empty := false
		set := p
		switch p.Op {
		case syntax.OpBeginText, syntax.OpBeginLine:
			return end
		case syntax.OpEndText, syntax.OpEndLine:
			return !end
		case syntax.OpStar, syntax.OpQuest:
			empty, set = true, p.Sub[0]
		case syntax.OpPlus:
			set = p.Sub[0]
		}
		switch set.Op {
		case syntax.OpLiteral:
			r := set.Rune[0]
			if end {
				r = set.Rune[len(set.Rune)-1]
			}
			if r > 0x7f || wordByte[r] {
				return false
			}
		case syntax.OpCharClass:
			for i := 0; i < len(set.Rune); i += 2 {
				for r := set.Rune[i]; r <= min(set.Rune[i+1], 0x7f); r++ {
					if wordByte[r] {
						return false
					}
				}
			}
		default:
			return false
		}
		if !empty {
			return true
		}
		if end {
			parts = parts[:len(parts)-1]
		} else {
			parts = parts[1:]
		}
	}
	return false
}
