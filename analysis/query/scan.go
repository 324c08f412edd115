package query

import (
	"unicode"
	"unicode/utf8"
)

// scanner reads the characters of a query.
type scanner struct {
	text string
	pos  int
}

// next is the character at the scanner, or 0 at the end.
func (s *scanner) next() rune {
	if s.pos >= len(s.text) {
		return 0
	}
	r, _ := utf8.DecodeRuneInString(s.text[s.pos:])
	return r
}

// after is the character behind next.
func (s *scanner) after() rune {
	t := *s
	if !t.done() {
		t.advance()
	}
	return t.next()
}

// behind is the place behind next.
func (s *scanner) behind() int {
	t := *s
	t.advance()
	return t.pos
}

func (s *scanner) done() bool { return s.pos >= len(s.text) }

func (s *scanner) advance() {
	_, n := utf8.DecodeRuneInString(s.text[s.pos:])
	s.pos += n
}

// space skips white space and comments.
func (s *scanner) space() {
	for !s.done() {
		switch r := s.next(); {
		case unicode.IsSpace(r):
			s.advance()
		case r == ';':
			for !s.done() && s.next() != '\n' {
				s.advance()
			}
		default:
			return
		}
	}
}

func nameStart(r rune) bool {
	return r == '_' || r == '-' || unicode.IsLetter(r) || unicode.IsDigit(r)
}

func namePart(r rune) bool {
	return nameStart(r) || r == '.' || r == '?' || r == '!'
}

// name reads a name; the scanner stands at its start.
func (s *scanner) name() string {
	start := s.pos
	for !s.done() && namePart(s.next()) {
		s.advance()
	}
	return s.text[start:s.pos]
}

// str reads a string with its quotes; false if it does not end on its line. The
// scanner then stands at its start again.
func (s *scanner) str() (string, bool) {
	start := s.pos
	s.pos++
	var b []byte
	for !s.done() {
		r := s.next()
		from := s.pos
		s.advance()
		switch r {
		case '"':
			return string(b), true
		case '\n':
			s.pos = start
			return "", false
		case '\\':
			if s.done() {
				break
			}
			e := s.next()
			from = s.pos
			s.advance()
			switch e {
			case 'n':
				b = append(b, '\n')
			case 'r':
				b = append(b, '\r')
			case 't':
				b = append(b, '\t')
			case '0':
				b = append(b, 0)
			default:
				b = append(b, s.text[from:s.pos]...)
			}
		default:
			b = append(b, s.text[from:s.pos]...)
		}
	}
	s.pos = start
	return "", false
}
