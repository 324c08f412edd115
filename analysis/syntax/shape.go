package syntax

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
	"pub": true, "use": true, "mod": true, "struct": true, "enum": true, "trait": true, "type": true, "fn": true,
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

// possible gives the templates that a body may fit.
func possible(body []byte) int {
	fits := asAll
	depth, number := 0, 0 // number of the token among those outside of brackets
	var first, second, before tokenKind
	plain, call := true, true // no keyword, `|` or lifetime yet; no `!` either
	note := func(k tokenKind) {
		if depth > 0 {
			return
		}
		number++
		name := k == nameToken
		switch {
		case k == colonToken && plain:
			fits = 0 // a key and its value: a type follows what a keyword or `|` began
		case (before == nameToken || before == literalToken) && name, number == 2 && before == literalToken && k == itemWord:
			fits = 0 // nothing in Rust has two names in a row
		case before == groupToken && name && plain && call:
			fits = 0 // nor a call and a name
		case number == 2 && first == itemWord && (name || k == itemWord),
			number == 3 && first == itemWord && second == groupToken && (name || k == itemWord), // pub(crate)
			number == 3 && first == macroWord && second == bangToken && name:                    // macro_rules!
			fits &= asBlock | asItems
		}
		plain = plain && k != itemWord && k != otherWord && k != macroWord
		call = call && k != bangToken
		switch number {
		case 1:
			first = k
		case 2:
			second = k
		}
		before = k
	}
	for i := 0; i < len(body) && fits != 0; {
		c := body[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case c == '/' && i+1 < len(body) && body[i+1] == '/':
			for i < len(body) && body[i] != '\n' {
				i++
			}
		case c == '#' && number == 0 && i+1 < len(body) && body[i+1] == '[':
			if i = attributeEnd(body, i); i < 0 {
				return fits
			}
		case c == '"':
			for i++; i < len(body) && body[i] != '"'; i++ {
				if body[i] == '\\' {
					i++
				}
			}
			i++
			note(literalToken)
		case c == '\'':
			end := charEnd(body, i)
			if end < 0 {
				return fits
			}
			i = end
			note(otherWord)
		case c == '/' && i+1 < len(body) && body[i+1] == '*', c == '#' && i > 0 && wordByte(body[i-1]), c == '\\', c >= 0x80:
			return fits // what is known so far must do
		case '0' <= c && c <= '9':
			for i < len(body) && (wordByte(body[i])) {
				i++
			}
			note(literalToken)
		case wordByte(c):
			start := i
			for i < len(body) && wordByte(body[i]) {
				i++
			}
			if i < len(body) && (body[i] == '"' || body[i] == '\'' || body[i] == '#' || body[i] >= 0x80) {
				return fits // a literal's prefix
			}
			switch word := string(body[start:i]); {
			case itemWords[word]:
				note(itemWord)
			case word == "macro_rules":
				note(macroWord)
			case otherWords[word]:
				note(otherWord)
			default:
				note(nameToken)
			}
		case c == '(' || c == '[' || c == '{':
			note(groupToken)
			depth++
			i++
		case c == ')' || c == ']' || c == '}':
			if depth--; depth < 0 {
				return fits
			}
			if i++; depth == 0 && c != ')' {
				before = otherToken // items and attributes end so
			}
		case c == ';' && depth == 0:
			fits &^= asArguments | asMatch
			note(otherToken)
			i++
		case c == '=' && i+1 < len(body) && body[i+1] == '>':
			if depth == 0 {
				fits &= asMatch
			}
			note(otherToken)
			i += 2
		case c == ':' && (i+1 >= len(body) || body[i+1] != ':'):
			note(colonToken)
			i++
		case c == ':':
			note(otherToken)
			i += 2
		case c == '!':
			note(bangToken)
			i++
		case c == '|':
			note(otherToken)
			plain = plain && depth > 0
			i++
		default:
			// An operator of many characters is many tokens here, which only makes
			// more of them. `==>` and `..=>` are no arrows, but nothing else either.
			note(otherToken)
			i++
		}
	}
	return fits
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
