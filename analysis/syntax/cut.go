package syntax

import "bytes"

// A text is cut into stretches that are parsed one by one, so that what is broken in
// one of them leaves the others what they are. A stretch begins where an item begins
// at the start of a line, with the comments and attributes above it, and ends where
// the next one begins. Where brackets, strings and comments are closed in each item
// no more than that is to be seen. Where something is open at the next item, the
// stretch goes on to the first item at which all is closed: it is a module without
// indentation, or code in a string. If there is none, something has not been closed
// where it should have been, and the stretch ends at the next item whatever the state
// that leaves. So a stretch depends on the text behind its start alone.

// Looking for an end at which all is closed is bounded: by so many times the length up
// to the next item, and by so many bytes at least and at the most.
const (
	reachTimes = 32
	minReach   = 4 << 10
	maxReach   = 128 << 10
)

// minStretch is how many bytes a stretch has at least, or else the item behind it: of two
// one has so many. Without it a text could have a million, and if it were asked of each,
// an item that is begun would take the whole one below it along.
const minStretch = 64

// ending is where a stretch ends.
type ending struct {
	end    int
	head   int  // up to where the text was read to find the item that begins there
	looked int  // up to where it was read for one that is not closed
	closed bool // brackets, strings and comments are
	open   bool // it ends inside a string or a comment, or has the end of such a comment
	net    int  // more brackets are opened than closed
}

// firstLook is how much of a text is looked at first.
const firstLook = 4 << 10

// cutAt finds the end of the stretch that starts at a byte of a text of a length.
func cutAt(slice func(start, end int) []byte, start, length int) ending {
	for n := firstLook; ; n *= 4 {
		all := start+n >= length
		b := slice(start, min(start+n, length))
		end, head, ok := nextItem(b, all)
		look := max(head, min(max(reachTimes*end, minReach), maxReach))
		if !all && (!ok || look > len(b)) {
			continue
		}
		c := cutter{b: b[:min(look, len(b))], all: all && look >= len(b)}
		e := c.run(end, head)
		e.end, e.head, e.looked = e.end+start, e.head+start, start+len(c.b)
		return e
	}
}

// cutter looks at the tokens behind the start of a stretch.
type cutter struct {
	b       []byte
	all     bool // b goes on to the end of the text
	depth   int
	strays  int    // closing brackets that close nothing
	open    bool   // b ends inside a string or a comment
	ends    bool   // there is an end of a comment that has not begun
	last    byte   // of the last token; 0 for none yet
	from    int    // where that token began
	after   int    // where it ended
	sight   bool   // the last parentheses were those of `pub(crate)`
	stray   bool   // a comment stands behind it that belongs to what comes
	pending int    // where a group of comments and attributes began that an item may follow; -1 for none
	whole   bool   // what stood before the group was whole
	follows begins // of a word that begins another item behind it
}

// run looks for the end; next is where the next item begins, whatever is open there,
// and head up to where it was read.
func (c *cutter) run(next, head int) ending {
	there := ending{end: next, head: head, open: true}
	noted := false
	c.pending = -1
	if c.line(0) == prefixLine {
		c.pending = 0
	}
	for i := 0; i < len(c.b); {
		if i >= next && !noted {
			noted = true
			there.open, there.net = i > next || c.ends, c.depth-c.strays
		}
		b, from := c.b[i], i
		switch cutClasses[b] {
		case cutLine:
			i++
			if c.depth == 0 && i < len(c.b) {
				if i+itemHead > len(c.b) && !c.all {
					return there
				}
				if found := c.begin(i); found > 0 && c.apart(found) {
					return ending{end: found, head: headOf(found, i), closed: true, open: c.ends, net: -c.strays}
				}
			}
			continue
		case cutSpace:
			i++
			continue
		case cutWord:
			start := i
			for i++; i < len(c.b) && cutClasses[c.b[i]] == cutWord; i++ {
			}
			if i < len(c.b) && (c.b[i] == '"' || c.b[i] == '#') && rawPrefix(c.b[start:i]) {
				if end := rawEnd(c.b, i); end >= 0 {
					i = end
				} else if c.rawOpen(i) {
					i, c.open = len(c.b), true
				}
			}
		case cutOpen:
			if c.depth == 0 && b == '(' {
				c.sight = string(c.b[c.from:c.after]) == "pub"
			}
			c.depth++
			i++
		case cutClose:
			if c.depth--; c.depth < 0 {
				c.depth = 0
				c.strays++
			}
			i++
		case cutQuote:
			if i = stringEnd(c.b, i+1); i > len(c.b) {
				i, c.open = len(c.b), true
			}
		case cutTick:
			i = c.tick(i)
		case cutSlash:
			if i+1 < len(c.b) && (c.b[i+1] == '/' || c.b[i+1] == '*') {
				i = c.comment(i)
				continue
			}
			c.ends = c.ends || c.last == '*' && c.after == i
			i++
		default:
			i++
		}
		c.last, c.from, c.after, c.stray = b, from, i, false
	}
	if c.all && c.depth == 0 && !c.open {
		return ending{end: len(c.b), head: len(c.b), closed: true, open: c.ends, net: -c.strays}
	}
	if !noted && next == len(c.b) {
		there.open, there.net = c.open || c.ends, c.depth-c.strays
	}
	return there
}

// begin looks at a line outside of brackets, and gives where the item begins that it
// has, if what stands before is whole; else 0.
func (c *cutter) begin(i int) int {
	switch c.line(i) {
	case blankLine:
	case prefixLine:
		if c.pending < 0 {
			c.pending, c.whole = i, (c.last == ';' || c.last == '}') && !c.stray
			c.follows = c.next()
		}
	case itemLine:
		found, whole, follows := i, (c.last == ';' || c.last == '}') && !c.stray, c.next()
		if c.pending >= 0 {
			found, whole, follows = c.pending, c.whole, c.follows
		}
		c.pending = -1
		if whole || beginnings[string(c.b[i:wordEnd(c.b, i)])] <= follows {
			return found
		}
	default:
		if c.pending >= 0 {
			c.pending, c.stray = -1, true
		}
	}
	return 0
}

// comment is the place behind the comment at i.
func (c *cutter) comment(i int) int {
	own := c.last != 0 && bytes.IndexByte(c.b[min(c.after, i):i], '\n') < 0 // ends the line of the last token
	if c.depth == 0 && !own && c.pending < 0 {
		c.stray = true
	}
	if c.b[i+1] == '/' {
		if n := bytes.IndexByte(c.b[i:], '\n'); n >= 0 {
			return i + n
		}
		return len(c.b)
	}
	depth := 1
	for i += 2; i < len(c.b); i++ {
		switch {
		case c.b[i] == '*' && i+1 < len(c.b) && c.b[i+1] == '/':
			i++
			if depth--; depth == 0 {
				return i + 1
			}
		case c.b[i] == '/' && i+1 < len(c.b) && c.b[i+1] == '*':
			i++
			depth++
		}
	}
	c.open = true
	return len(c.b)
}

// tick is the place behind the character or the lifetime at i.
func (c *cutter) tick(i int) int {
	b := c.b
	if i+1 < len(b) && b[i+1] == '\\' {
		for k := i + 3; k < len(b) && b[k] != '\n'; k++ {
			if b[k] == '\'' {
				return k + 1
			}
		}
		return i + 1
	}
	k := i + 2 // behind one character
	for k < len(b) && b[k]&0xC0 == 0x80 {
		k++
	}
	if k < len(b) && b[k] == '\'' {
		return k + 1
	}
	return i + 1
}

// rawOpen reports that the hashes at i begin a raw string.
func (c *cutter) rawOpen(i int) bool {
	for i < len(c.b) && c.b[i] == '#' {
		i++
	}
	return i < len(c.b) && c.b[i] == '"'
}

func rawPrefix(word []byte) bool {
	switch string(word) {
	case "r", "br", "cr":
		return true
	}
	return false
}

// nextItem is where the next item begins that stands at the start of a line, with
// what belongs to it, whatever the brackets say, or the end of a text with none. It is
// good only if it was found or all of the text is at hand. head is up to where it was
// read.
func nextItem(b []byte, all bool) (start, head int, ok bool) {
	c := cutter{b: b}
	pending, some := -1, false // some: there is more than comments on the file
	switch c.line(0) {
	case prefixLine:
		pending = 0
	case innerLine:
		some = b[0] == '#'
	case blankLine:
	default:
		some = true
	}
	for i := 0; ; {
		n := bytes.IndexByte(b[i:], '\n')
		if n < 0 || i+n+1 >= len(b) || i+n+1+itemHead > len(b) && !all {
			return len(b), len(b), false
		}
		i += n + 1
		switch c.line(i) {
		case blankLine, innerOther:
		case innerLine:
			some = some || b[i] == '#'
		case prefixLine:
			if pending < 0 {
				pending = i
			}
		case itemLine:
			start := i
			if pending >= 0 {
				start = pending
			}
			if some && start > 0 && c.apart(start) {
				return start, headOf(start, i), true
			}
			pending, some = -1, true
		default:
			pending, some = -1, true
		}
	}
}

// apart reports that a stretch may end at the item that starts at i, with what belongs
// to it: it is long enough, or that item is.
func (c *cutter) apart(i int) bool {
	if i >= minStretch {
		return true
	}
	own := false // the item itself has been met
	for end := i + minStretch; i < end; {
		switch c.line(i) {
		case prefixLine:
			if own {
				return false
			}
		case itemLine:
			if own {
				return false
			}
			own = true
		}
		n := bytes.IndexByte(c.b[i:min(end, len(c.b))], '\n')
		if n < 0 {
			break
		}
		i += n + 1
	}
	return true
}

// headOf is up to where a text was read to find that a stretch may end at start, before
// the item whose first word is at i.
func headOf(start, i int) int {
	if start < minStretch {
		i = max(i, start+minStretch)
	}
	return i + itemHead
}

// lineKind is what a line begins with.
type lineKind uint8

const (
	otherLine  lineKind = iota
	blankLine           // nothing but space
	prefixLine          // a comment or an attribute of what follows
	innerLine           // a comment or an attribute of the file
	innerOther          // something indented, or the closing bracket of an attribute
	itemLine            // the first word of an item
)

// itemHead is how many bytes tell the first word of an item.
const itemHead = 16

// line looks at the line that starts at i.
func (c *cutter) line(i int) lineKind {
	b := c.b[i:]
	if len(b) == 0 {
		return blankLine
	}
	second := byte(0)
	if len(b) > 1 {
		second = b[1]
	}
	switch first := b[0]; {
	case first == '\n' || first == '\r':
		return blankLine
	case first == ' ' || first == '\t':
		if rest := bytes.TrimLeft(b[:min(len(b), 256)], " \t\r"); len(rest) == 0 || rest[0] == '\n' {
			return blankLine
		}
		return innerOther
	case first == ')' || first == ']':
		return innerOther
	case first == '/' && second == '/' && len(b) > 2 && b[2] == '!', first == '#' && second == '!':
		return innerLine
	case first == '/' && second == '/', first == '#' && second == '[':
		return prefixLine
	case first < 'a' || first > 'z':
		return otherLine
	}
	if _, ok := beginnings[string(b[:wordEnd(b, 0)])]; ok {
		return itemLine
	}
	return otherLine
}

// What cutter does at a byte.
const (
	cutToken uint8 = iota // one token
	cutSpace
	cutLine
	cutWord
	cutOpen
	cutClose
	cutQuote
	cutTick
	cutSlash
)

var cutClasses = func() (t [256]uint8) {
	for c := range t {
		if wordByte(byte(c)) || c >= 0x80 {
			t[c] = cutWord
		}
	}
	for class, bytes := range map[uint8]string{
		cutSpace: " \t\r\v\f", cutLine: "\n", cutOpen: "([{", cutClose: ")]}", cutQuote: "\"", cutTick: "'", cutSlash: "/",
	} {
		for i := range len(bytes) {
			t[bytes[i]] = class
		}
	}
	return t
}()
