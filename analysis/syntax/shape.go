package syntax

import "bytes"

// A parse that fails costs several times one that succeeds: tree-sitter tries
// hard to recover. Much of what stands in macro calls is no Rust, and much of the
// rest is no argument list, and both show in the tokens. ruledOut looks for what
// no grammar rule could take.

// The templates as bits, in their order.
const (
	asArguments = 1 << iota
	asArray
	asBlock
	asItems
	asMatch
	asAll = asArguments | asArray | asBlock | asItems | asMatch
)

// tokenKind is all that ruledOut knows of a token.
type tokenKind uint8

const (
	noToken   tokenKind = iota
	nameToken           // an identifier that has no meaning of its own
	itemWord            // a keyword that begins items and statements, never an expression
	pubWord             // pub
	otherWord
	macroWord // macro_rules
	literalToken
	groupToken // brackets and what is between them
	colonToken // a single one
	bangToken
	otherToken
)

// itemWords begin items and statements. Where the grammar cannot take them as
// keywords it takes them as names.
var itemWords = map[string]bool{
	"use": true, "mod": true, "struct": true, "enum": true, "trait": true, "type": true, "fn": true,
	"let": true, "impl": true,
}

// otherWords are keywords, also of some places only.
var otherWords = map[string]bool{
	"Self": true, "as": true, "async": true, "auto": true, "await": true, "become": true, "box": true, "break": true,
	"builtin": true, "const": true, "continue": true, "crate": true, "default": true, "do": true, "dyn": true,
	"else": true, "extern": true, "false": true, "final": true, "for": true, "gen": true, "if": true, "impl": true,
	"in": true, "loop": true, "macro": true, "match": true, "move": true, "mut": true,
	"override": true, "priv": true, "raw": true, "ref": true, "return": true, "safe": true, "self": true,
	"static": true, "super": true, "true": true, "try": true, "typeof": true, "union": true, "unsafe": true,
	"unsized": true, "virtual": true, "where": true, "while": true, "yeet": true, "yield": true, "_": true,
}

// possible gives the templates that are worth trying for a body: the first one
// that the body fits, in their order, is among them.
func possible(body []byte) int {
	l := look{body: body, fits: asAll, plain: true, call: true}
	if l.run() && l.number > 0 {
		l.end()
	}
	return l.fits
}

// look is one look at the tokens of a body.
type look struct {
	body []byte
	fits int

	depth, number         int // number of the token among those outside of brackets
	first, second, before tokenKind
	plain                 bool // no keyword, `|` or lifetime yet
	call                  bool // no `!` either
	semicolons            int
	arrow, assigns        bool // there was a `=>`, a `=` before it
	braces, hash, less    bool // a `{`, a `#`, a `<`
	loops, tests          bool // a `for`, an `if`
	last                  byte // the first character of the last token, 0 for a literal
}

// note looks at a token outside of brackets.
func (l *look) note(k tokenKind) {
	if l.depth > 0 {
		return
	}
	l.number++
	name := k == nameToken
	solid := l.before == nameToken || l.before == literalToken
	switch {
	case k == colonToken && l.plain:
		l.fits = 0 // a key and its value: a type follows what a keyword or `|` began
	case solid && (name || k == literalToken), l.number == 2 && l.before == literalToken && k == itemWord:
		l.fits = 0 // nothing in Rust has two names in a row
	case l.before == groupToken && (name || k == literalToken) && l.plain && l.call:
		l.fits = 0 // nor a call and a name
	case l.number == 2 && l.first == pubWord && name:
		l.fits = 0 // the field of a struct
	case l.number == 2 && (l.first == itemWord && (name || k == itemWord) || l.first == pubWord && k == itemWord),
		l.number == 3 && l.first == pubWord && l.second == groupToken && k == itemWord, // pub(crate)
		l.number == 3 && l.first == macroWord && l.second == bangToken && name:         // macro_rules!
		l.fits &= asBlock | asItems
	}
	l.plain = l.plain && k != itemWord && k != pubWord && k != otherWord && k != macroWord
	l.call = l.call && k != bangToken
	switch l.number {
	case 1:
		l.first = k
	case 2:
		l.second = k
	}
	l.before = k
}

// run looks at the tokens until it is clear that nothing fits, or until one that
// it does not know the end of; it reports that it has seen all.
func (l *look) run() bool {
	body := l.body
	for i := 0; i < len(body) && l.fits != 0; {
		c := body[i]
		if l.number == 0 && bytes.IndexByte([]byte("?=+%^>:@"), c) >= 0 && !bytes.HasPrefix(body[i:], []byte("::")) {
			l.fits = 0 // nothing begins so
			break
		}
		if c > ' ' && (c != '/' || i+1 >= len(body) || body[i+1] != '/') {
			l.last = c
		}
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case c == '/' && i+1 < len(body) && body[i+1] == '/':
			for i < len(body) && body[i] != '\n' {
				i++
			}
		case c == '#' && l.number == 0 && i+1 < len(body) && body[i+1] == '[':
			if i = attributeEnd(body, i); i < 0 {
				return false
			}
			l.hash = true
		case c == '#' && l.depth == 0 && i+1 < len(body) && wordByte(body[i+1]):
			l.fits = 0 // an interpolation, as in quote!
		case c == '#':
			l.hash = true
			l.note(otherToken)
			i++
		case c == '"':
			i = stringEnd(body, i+1)
			l.note(literalToken)
		case c == '\'':
			end := charEnd(body, i)
			if end < 0 {
				return false
			}
			i = end
			l.note(otherWord)
		case c == '/' && i+1 < len(body) && body[i+1] == '*', c == '\\', c >= 0x80:
			return false // what is known so far must do
		case '0' <= c && c <= '9':
			for i < len(body) && (wordByte(body[i])) {
				i++
			}
			l.note(literalToken)
			l.last = 0
		case wordByte(c):
			if i = l.word(i); i < 0 {
				return false
			}
		case c == '(' || c == '[' || c == '{':
			l.note(groupToken)
			l.braces = l.braces || c == '{'
			l.depth++
			i++
		case c == ')' || c == ']' || c == '}':
			if l.depth--; l.depth < 0 {
				return false
			}
			if i++; l.depth == 0 && c != ')' {
				l.before = otherToken // items and attributes end so
			}
		case c == ';' && l.depth == 0:
			l.fits &^= asArguments | asMatch
			l.semicolons++
			l.note(otherToken)
			i++
		case c == '@' && l.depth == 0:
			// Only patterns have one.
			if l.fits &= asMatch | asBlock; l.plain {
				l.fits &= asMatch
			}
			l.note(otherToken)
			i++
		case c == '=' && i+1 < len(body) && body[i+1] == '>':
			if l.depth == 0 {
				if l.fits &= asMatch; !l.arrow && l.assigns {
					l.fits = 0 // the future of a select!
				}
				l.arrow = true
			}
			l.note(otherToken)
			i += 2
		case c == '-' && i+1 < len(body) && body[i+1] == '>':
			if l.depth == 0 && l.before == groupToken && l.plain && l.call && !l.less {
				l.fits = 0 // neither a function nor a type with a result is here
			}
			l.note(otherToken)
			i += 2
		case c == ':' && (i+1 >= len(body) || body[i+1] != ':'):
			l.note(colonToken)
			i++
		case c == ':':
			l.note(otherToken)
			i += 2
		case c == '!':
			l.note(bangToken)
			i++
		case c == '|':
			l.note(otherToken)
			l.plain = l.plain && l.depth > 0
			i++
		default:
			// An operator of many characters is many tokens here, which only makes
			// more of them. `==>` and `..=>` are no arrows, but nothing else either.
			l.less = l.less || c == '<'
			l.assigns = l.assigns || c == '=' && l.depth == 0 && !l.tests && assignment(body, i)
			l.note(otherToken)
			i++
		}
	}
	return l.fits != 0
}

// word looks at the word at i, which may begin a literal. It gives the place
// behind it, or -1 where that is not plain to see.
func (l *look) word(i int) int {
	body, start := l.body, i
	for i < len(body) && wordByte(body[i]) {
		i++
	}
	word := string(body[start:i])
	if i < len(body) && (body[i] == '"' || body[i] == '\'' || body[i] == '#' || body[i] >= 0x80) {
		raw := word == "r" || word == "br" || word == "cr"
		switch {
		case body[i] == '"' && (word == "b" || word == "c"):
			i = stringEnd(body, i+1)
		case raw && body[i] == '"', raw && body[i] == '#':
			if i = rawEnd(body, i); i < 0 {
				return -1
			}
		default:
			return -1
		}
		l.note(literalToken)
		return i
	}
	switch {
	case word == "pub":
		l.note(pubWord)
	case itemWords[word]:
		l.note(itemWord)
	case word == "macro_rules":
		l.note(macroWord)
	case otherWords[word]:
		solid := l.before == nameToken || l.before == literalToken
		l.note(otherWord)
		if l.depth > 0 {
			break
		}
		l.loops, l.tests = l.loops || word == "for", l.tests || word == "if"
		if word == "if" && followedBy(body, i, "#[") || word == "in" && !l.loops && solid {
			l.fits = 0 // as in cfg_if!
		}
	default:
		l.note(nameToken)
	}
	return i
}

// end draws the conclusions from having seen all tokens.
func (l *look) end() {
	if l.last != 0 && bytes.IndexByte([]byte("+-*/%^&=<:|"), l.last) >= 0 {
		l.fits = 0 // nothing ends so
	}
	if !l.arrow {
		l.fits &^= asMatch // no arm
	}
	if l.semicolons != 1 && !l.hash {
		l.fits &^= asArray // a list is a list of arguments too
	}
	if l.semicolons == 0 && !l.braces && !l.hash && l.plain && l.call {
		l.fits &^= asBlock | asItems // one expression is an argument too
	}
}

// assignment reports that the `=` at i is no part of a longer operator.
func assignment(body []byte, i int) bool {
	before := i > 0 && bytes.IndexByte([]byte(".=!<>+-*/%^&|"), body[i-1]) >= 0
	return !before && (i+1 >= len(body) || body[i+1] != '=')
}

// followedBy reports that space and then a text stand at i.
func followedBy(body []byte, i int, text string) bool {
	return bytes.HasPrefix(bytes.TrimLeft(body[i:], " \t\r\n"), []byte(text))
}

// stringEnd is the place behind the string whose first character is at i.
func stringEnd(body []byte, i int) int {
	for ; i < len(body) && body[i] != '"'; i++ {
		if body[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// rawEnd is the place behind the raw string whose hashes or quote are at i, or -1
// if there is none or it does not end.
func rawEnd(body []byte, i int) int {
	start := i
	for i < len(body) && body[i] == '#' {
		i++
	}
	if i >= len(body) || body[i] != '"' {
		return -1
	}
	close := append([]byte{'"'}, body[start:i]...)
	n := bytes.Index(body[i+1:], close)
	if n < 0 {
		return -1
	}
	return i + 1 + n + len(close)
}

func wordByte(c byte) bool {
	return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// attributeEnd is the place behind the attribute at i, or -1 if that is not
// plain to see.
func attributeEnd(body []byte, i int) int {
	depth := 0
	for i++; i < len(body); i++ {
		switch c := body[i]; {
		case c == '[' || c == '(' || c == '{':
			depth++
		case c == ']' || c == ')' || c == '}':
			if depth--; depth == 0 {
				return i + 1
			}
		case c == '"':
			for i++; i < len(body) && body[i] != '"'; i++ {
				if body[i] == '\\' {
					i++
				}
			}
		case c == '\'' || c == '/':
			return -1
		}
	}
	return -1
}

// charEnd is the place behind the character or the lifetime at i, or -1 if it is
// not plain to see which of them it is.
func charEnd(body []byte, i int) int {
	end := i + 1
	if end < len(body) && body[end] == '\\' {
		return -1
	}
	for end < len(body) && wordByte(body[end]) {
		end++
	}
	switch {
	case end < len(body) && body[end] == '\'':
		if end == i+2 {
			return end + 1
		}
		return -1
	case end == i+1:
		if i+2 < len(body) && body[i+1] < 0x80 && body[i+2] == '\'' {
			return i + 3
		}
		return -1
	}
	return end
}
