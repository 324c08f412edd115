// Package problem describes what is wrong in a file that a person wrote: a hint
// file, a course, a configuration. Every problem says where it is, what is
// wrong, and, when that can be known, what was probably meant.
package problem

import (
	"fmt"
	"sort"
	"strings"
)

// Problem is one thing wrong in one file.
type Problem struct {
	File    string // as the reader would open it
	Line    int    // from 1; 0 when the problem is the whole file
	Column  int    // from 1, in Unicode code points
	Message string // what is wrong, without a full stop
	Help    string // what to try, or ""
	Hint    string // the id of the hint that it disables, or ""
}

// String is "file:line:column: message (help)".
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, max(p.Column, 1))
	}
	b.WriteString(": ")
	b.WriteString(p.Message)
	if p.Help != "" {
		b.WriteString(" (" + p.Help + ")")
	}
	return b.String()
}

// Error makes a Problem usable as an error.
func (p Problem) Error() string { return p.String() }

// Sort orders problems by file, line and column.
func Sort(problems []Problem) {
	sort.SliceStable(problems, func(i, j int) bool {
		a, b := problems[i], problems[j]
		if a.File != b.File {
			return a.File < b.File
		}
		if a.Line != b.Line {
			return a.Line < b.Line
		}
		return a.Column < b.Column
	})
}

// The bounds of what is told of one file. A file that is no course and no settings
// may have a mistake in every line, and lines of any length.
const (
	maxMessage = 400 // code points
	maxOfFile  = 100
)

// Bound shortens what nobody reads: a message of more than 400 code points, and
// the problems of a file beyond the first 100, whose number is told instead. A message
// that quotes several lines is put on one. The order is kept.
func Bound(problems []Problem) []Problem {
	count := map[string]int{}
	for _, p := range problems {
		count[p.File]++
	}
	seen := map[string]int{}
	var out []Problem
	for _, p := range problems {
		seen[p.File]++
		switch more := count[p.File] - maxOfFile; {
		case seen[p.File] <= maxOfFile:
			p.Message, p.Help = shorten(p.Message), shorten(p.Help)
			out = append(out, p)
		case seen[p.File] == maxOfFile+1:
			out = append(out, Problem{File: p.File, Line: p.Line, Column: p.Column, Message: fmt.Sprintf("and %d more mistakes from here on", more)})
		}
	}
	return out
}

func shorten(s string) string {
	if strings.ContainsAny(s, "\n\r") {
		s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' }), " ")
	}
	n := 0
	for i := range s {
		if n++; n > maxMessage {
			return s[:i] + " …"
		}
	}
	return s
}

// Nearest is the candidate that most resembles name, for "did you mean"; false
// when none is close.
func Nearest(name string, candidates []string) (string, bool) {
	best, at := len(name)/3+1, ""
	for _, c := range candidates {
		if d := distance(name, c, best+1); d <= best && (at == "" || d < best) {
			best, at = d, c
		}
	}
	return at, at != ""
}

// distance is the number of edits (insert, delete, replace, swap of neighbors)
// between a and b, or limit if it is that or more.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	before, prev, cur := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], before[j-2]+1)
			}
			least = min(least, cur[j])
		}
		if least >= limit {
			return limit
		}
		before, prev, cur = prev, cur, before
	}
	return min(prev[len(b)], limit)
}
