package mask

import (
	"bytes"

	"lectern/analysis/text"
)

// spacing is the number of bytes after which the lexer leaves a mark, once it is
// at a place where it can.
const spacing = 2 << 10

// class is what the lexer does at a byte.
type class uint8

const (
	punct class = iota // one token of one byte
	space
	letter // starts an identifier
	digit
	quote // "
	tick  // '
	slash
)

var classes = func() (t [256]class) {
	for c := range t {
		switch {
		case c == ' ' || '\t' <= c && c <= '\r':
			t[c] = space
		case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c >= 0x80:
			t[c] = letter
		case '0' <= c && c <= '9':
			t[c] = digit
		}
	}
	t['"'], t['\''], t['/'] = quote, tick, slash
	return t
}()

func isWord(c byte) bool { return classes[c] == letter || classes[c] == digit }

// lexer reads tokens off a text and hands them to the forms it is in the middle
// of (see forms.go).
type lexer struct {
	text *text.Text
	mask *Mask // what is found goes here

	// The place: byte at of buf, which is the chunk that starts at base.
	buf  []byte
	at   int
	base int

	forms
}

func (l *lexer) off() int { return l.base + l.at }

// more reports that there is a byte at l.buf[l.at], after going on to the next
// chunk if need be.
func (l *lexer) more() bool {
	if l.at < len(l.buf) {
		return true
	}
	l.base += l.at
	l.at = 0
	l.buf = l.text.Chunk(l.base)
	return len(l.buf) > 0
}

// is reports that c is next.
func (l *lexer) is(c byte) bool { return l.more() && l.buf[l.at] == c }

// second is the byte after the next one, or 0.
func (l *lexer) second() byte {
	if l.at+1 < len(l.buf) {
		return l.buf[l.at+1]
	}
	if b := l.text.Chunk(l.off() + 1); len(b) > 0 {
		return b[0]
	}
	return 0
}

// skipTo goes to the next c, and reports whether there is one.
func (l *lexer) skipTo(c byte) bool {
	for l.more() {
		if i := bytes.IndexByte(l.buf[l.at:], c); i >= 0 {
			l.at += i
			return true
		}
		l.at = len(l.buf)
	}
	return false
}

// run reads from a mark to the end, leaving marks. It stops earlier, and reports
// so, where it arrives at a mark of old in the state that the mark holds: from
// there on all is as it was.
func (l *lexer) run(from mark, old *resume) (converged bool) {
	l.base, l.at, l.buf = from.off, 0, nil
	l.forms = forms{mask: l.mask, foreign: from.foreign}
	last := from.off // the last mark
	watch := 0       // before this place there is nothing to do between tokens
	if from.off == 0 {
		l.prologue()
	}
	for l.more() {
		start := l.off()
		c := l.buf[l.at]
		switch classes[c] {
		case space:
			l.at++
			now := start + 1
			if now < watch || !l.clean() {
				continue
			}
			if old.arrives(now, l.foreign) {
				return true
			}
			if now >= last+spacing {
				l.mask.marks = append(l.mask.marks, mark{now, l.foreign})
				last = now
			}
			watch = old.before(last + spacing)
		case letter:
			l.word(start)
		case digit:
			for l.at++; l.more() && isWord(l.buf[l.at]); l.at++ {
			}
			l.token(other, start, start)
		case quote:
			l.at++
			l.string()
			l.token(stringLiteral, start, start)
		case tick:
			l.tick()
		case slash:
			l.at++
			switch {
			case l.is('/'):
				l.skipTo('\n')
			case l.is('*'):
				l.at++
				l.comment()
			default:
				l.token(other, start, start)
			}
		default:
			l.at++
			// The two halves of an arrow are no operator and no angle bracket.
			if (c == '-' || c == '=') && l.is('>') {
				l.at++
				c = '-'
			}
			l.token(kind(c), start, start+1)
		}
	}
	// A form at the very end may still be complete: `&raw`.
	l.token(other, l.off(), l.off())
	return false
}

// prologue skips a byte order mark and a `#!` line, which may hold anything.
func (l *lexer) prologue() {
	head := l.text.Slice(0, 3)
	if bytes.HasPrefix(head, []byte("\ufeff")) {
		l.base = 3
		return
	}
	if !bytes.HasPrefix(head, []byte("#!")) {
		return
	}
	// `#![...]` is an attribute, also with space between.
	l.base = 2
	for l.more() && l.buf[l.at] != '\n' && classes[l.buf[l.at]] == space {
		l.at++
	}
	if !l.is('[') {
		l.skipTo('\n')
	}
}

// word reads an identifier or keyword, or what starts like one: a string with a
// prefix, or a raw identifier.
func (l *lexer) word(start int) {
	first := l.at
	for l.at < len(l.buf) && isWord(l.buf[l.at]) {
		l.at++
	}
	name := l.buf[first:l.at]
	if l.at == len(l.buf) && l.more() && isWord(l.buf[l.at]) {
		// It goes on in the next chunk: enough of it to tell a keyword.
		var whole [maxKeyword + 1]byte
		n := copy(whole[:], name)
		for ; l.more() && isWord(l.buf[l.at]); l.at++ {
			if n < len(whole) {
				whole[n] = l.buf[l.at]
				n++
			}
		}
		name = whole[:n]
	}
	k := keyword(name)
	if k == prefix && l.more() {
		raw := name[len(name)-1] == 'r'
		switch c := l.buf[l.at]; {
		case c == '"':
			l.at++
			if raw {
				l.rawString(0)
			} else {
				l.string()
			}
			l.token(stringLiteral, start, start)
			return
		case c == '#' && raw:
			hashes := 0
			for ; l.is('#'); l.at++ {
				hashes++
			}
			if l.is('"') {
				l.at++
				l.rawString(hashes)
				l.token(stringLiteral, start, start)
				return
			}
			for ; l.more() && isWord(l.buf[l.at]); l.at++ {
			}
		case c == '\'' && name[0] == 'b' && !raw:
			l.tick()
			return
		}
	}
	if k == prefix {
		k = identifier
	}
	l.token(k, start, l.off())
}

// string reads on after the opening quote.
func (l *lexer) string() {
	for l.more() {
		c := l.buf[l.at]
		l.at++
		switch c {
		case '"':
			return
		case '\\':
			if l.more() {
				l.at++
			}
		}
	}
}

// rawString reads on after the opening quote.
func (l *lexer) rawString(hashes int) {
	for l.skipTo('"') {
		l.at++
		n := 0
		for ; n < hashes && l.is('#'); l.at++ {
			n++
		}
		if n == hashes {
			return
		}
	}
}

// comment reads on after `/*`. Comments nest.
func (l *lexer) comment() {
	depth := 1
	for depth > 0 && l.more() {
		c := l.buf[l.at]
		l.at++
		switch {
		case c == '*' && l.is('/'):
			l.at++
			depth--
		case c == '/' && l.is('*'):
			l.at++
			depth++
		}
	}
}

// tick reads a character or a lifetime. A character does not go over the end of
// a line.
func (l *lexer) tick() {
	start := l.off()
	l.at++
	if !l.more() {
		return
	}
	switch c := l.buf[l.at]; {
	case c == '\\':
		l.at++
		if l.more() && l.buf[l.at] != '\n' {
			l.at++
		}
		for l.more() && l.buf[l.at] != '\n' {
			c := l.buf[l.at]
			l.at++
			if c == '\'' {
				break
			}
		}
	case isWord(c):
		for ; l.more() && isWord(l.buf[l.at]); l.at++ {
		}
		if l.is('\'') {
			l.at++
		}
	case c == '\'':
		l.at++
	case c != '\n' && l.second() == '\'':
		l.at++
		l.more()
		l.at++
	default:
		// A tick on its own. To see that it is one took a look past the next byte,
		// which may be a space: no mark may stand there.
		l.token(loneTick, start, start)
		return
	}
	l.token(other, start, start)
}
