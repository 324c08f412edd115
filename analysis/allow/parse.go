package allow

import (
	"bytes"
	"strings"

	"lectern/analysis/problem"
	"lectern/analysis/text"
)

// Mark begins what an allow comment says.
const Mark = "lectern:"

const (
	one      = "allow"
	file     = "allow-file"
	spelling = "lectern: allow(hint-id): reason"
)

// Parse reads one comment, given with its delimiters. Ranges count from the
// comment's first byte. It reports false for a comment that speaks of something
// else.
func Parse(comment []byte) (Comment, bool) {
	comment = bytes.TrimRight(comment, "\r\n")
	start, end, doc := inside(comment)
	s := scanner{comment, start, end}
	s.space()
	if !bytes.HasPrefix(s.rest(), []byte(Mark)) {
		return Comment{}, false
	}
	from := s.at
	s.at += len(Mark)
	s.space()
	word, wordRange := s.word()
	c := Comment{Range: text.Range{Start: 0, End: len(comment)}, File: word == file}
	fault := func(r text.Range, message, help string) (Comment, bool) {
		c.IDs, c.Fault = nil, &Fault{Range: r, Message: message, Help: help}
		return c, true
	}
	s.space()
	called := bytes.HasPrefix(s.rest(), []byte("("))
	if word != one && word != file {
		meant, near := problem.Nearest(word, []string{one, file})
		switch {
		case near && called:
			c, ok := fault(wordRange, "`"+word+"` is not a word Lectern knows", "did you mean `"+meant+"`?")
			c.Fault.Meant = meant
			return c, ok
		case called:
			return fault(wordRange, "`"+word+"` is not a word Lectern knows", "write `"+spelling+"`")
		}
		return Comment{}, false // prose that happens to begin with the name
	}
	if doc {
		return fault(text.Range{Start: from, End: end}, "an allow in a doc comment does nothing",
			"write it in a comment that begins with `//` alone")
	}
	if !called {
		return fault(wordRange, "`"+word+"` is not followed by hint ids", "write `"+spelling+"`")
	}
	open := s.at
	s.at++
	closing := bytes.IndexByte(s.rest(), ')')
	if closing < 0 {
		return fault(text.Range{Start: open, End: end}, "the list of hint ids has no `)`", "write `"+spelling+"`")
	}
	closing += s.at
	c.IDs = ids(comment, s.at, closing)
	if len(c.IDs) == 0 {
		return fault(text.Range{Start: open, End: closing + 1}, "no hint is named", "write `"+spelling+"`")
	}
	reason := strings.Join(strings.Fields(string(comment[closing+1:end])), " ")
	c.Reason = strings.TrimSpace(strings.TrimPrefix(reason, ":"))
	return c, true
}

// inside gives the range of a comment's content, and whether it is a doc comment.
func inside(c []byte) (start, end int, doc bool) {
	switch {
	case bytes.HasPrefix(c, []byte("#")):
		return 1, len(c), false
	case bytes.HasPrefix(c, []byte("/*")):
		start, end = 2, len(c)
		if end >= 4 && bytes.HasSuffix(c, []byte("*/")) {
			end -= 2
		}
		doc = start < end && (c[2] == '!' || c[2] == '*')
	case bytes.HasPrefix(c, []byte("////")): // a rule across the page, not a doc comment
		return 2, len(c), false
	case bytes.HasPrefix(c, []byte("//")):
		start, end = 2, len(c)
		doc = end > 2 && (c[2] == '/' || c[2] == '!')
	}
	if doc {
		start++
	}
	return start, end, doc
}

func ids(comment []byte, start, end int) []ID {
	var list []ID
	for start < end {
		stop := end
		if i := bytes.IndexByte(comment[start:end], ','); i >= 0 {
			stop = start + i
		}
		name := bytes.TrimSpace(comment[start:stop])
		if len(name) > 0 {
			at := start + bytes.Index(comment[start:stop], name)
			list = append(list, ID{string(name), text.Range{Start: at, End: at + len(name)}})
		}
		start = stop + 1
	}
	return list
}

// scanner reads the bytes [at, end) of a comment.
type scanner struct {
	b       []byte
	at, end int
}

func (s *scanner) rest() []byte { return s.b[s.at:s.end] }

func (s *scanner) space() {
	for s.at < s.end && strings.IndexByte(" \t\r\n", s.b[s.at]) >= 0 {
		s.at++
	}
}

func (s *scanner) word() (string, text.Range) {
	start := s.at
	for s.at < s.end && isWord(s.b[s.at]) {
		s.at++
	}
	return string(s.b[start:s.at]), text.Range{Start: start, End: s.at}
}

func isWord(c byte) bool {
	return c == '-' || c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
