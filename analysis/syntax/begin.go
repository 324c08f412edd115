package syntax

// begins is what the first word of an item may begin beside an item.
type begins uint8

const (
	beginsNone begins = iota
	beginsItem        // an item alone
	beginsType        // an expression or a type, too
	beginsName        // it may be a name
)

// beginnings are the words that items begin with.
var beginnings = map[string]begins{
	"pub": beginsItem, "struct": beginsItem, "enum": beginsItem, "trait": beginsItem, "mod": beginsItem, "use": beginsItem,
	"fn": beginsType, "impl": beginsType, "const": beginsType, "static": beginsType, "type": beginsType, "extern": beginsType,
	"unsafe": beginsType, "async": beginsType, "union": beginsName, "macro_rules": beginsName,
}

// next is up to which words begin another item behind the last token, though that ends
// none: what they began otherwise would not be Rust.
func (c *cutter) next() begins {
	if c.last == 0 || c.stray {
		return beginsNone
	}
	twice := c.after > 1 && c.b[c.after-2] == c.last
	switch class := cutClasses[c.last]; {
	case class == cutTick, class == cutSlash, c.last == ')' && c.sight:
		return beginsNone
	case class == cutWord:
		last := c.b[c.after-1]
		raw := last == '"' || last == '#'
		if raw || c.from > 0 && c.b[c.from-1] == '\'' || modifiers[string(c.b[c.from:c.after])] {
			return beginsNone
		}
		return beginsType
	case class == cutClose, c.last == '.' && !twice, c.last == ':' && twice:
		return beginsType
	}
	return beginsItem
}

// modifiers are the words behind which one of those may stand in the same item.
var modifiers = map[string]bool{
	"pub": true, "unsafe": true, "safe": true, "async": true, "gen": true, "const": true, "static": true, "extern": true,
	"default": true, "auto": true, "impl": true, "dyn": true, "mut": true, "ref": true, "as": true, "for": true, "in": true,
	"where": true, "else": true, "move": true, "return": true, "break": true, "raw": true,
}

// wordEnd is where the word at i ends, as far as it tells an item.
func wordEnd(b []byte, i int) int {
	end := min(len(b), i+itemHead)
	for i < end && wordByte(b[i]) {
		i++
	}
	return i
}
