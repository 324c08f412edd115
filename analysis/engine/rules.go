// Package engine turns documents and a library of courses into findings.
//
// Rules are compiled once and shared. Check looks at a text once; a Document
// follows the edits of an open file and checks again only the units of the tree
// that an edit, or something that a unit's findings depend on, has changed. Both
// give a Result: version, text and findings, immutable, for any reader.
package engine

import (
	"strings"
	"sync"
	"sync/atomic"

	"lectern/analysis/course"
	"lectern/analysis/query"
	"lectern/analysis/rust"
	"lectern/analysis/syntax"
)

// Rules are the hints of a library, compiled. Immutable and safe to share.
type Rules struct {
	library   *course.Library
	languages map[string]*ruleset
	active    map[string]bool // ids of the hints that compiled
}

// ruleset is the rules of one language.
type ruleset struct {
	lang    *syntax.Language
	grammar *rust.Grammar // nil but for Rust
	set     *query.Set
	rules   []rule // by number of the query in the set
	hints   int    // how many hints they are of
	sites   map[site]bool
	pool    sync.Pool
	filter  atomic.Pointer[filter] // the last one: see filterFor
}

// site is a capture of a hint that findings of other hints point at.
type site struct{ hint, capture string }

// rule is one query of a hint.
type rule struct {
	hint    *course.Hint
	number  int // of the hint in the ruleset
	query   *query.Query
	mark    int // capture of @hint
	message message
	related []related
	joins   bool // related names other hints
	sited   bool // other hints' related names this one
}

// related is a place to point at.
type related struct {
	hint    string // findings of this hint whose capture has the same text; or ""
	capture string // the place itself when there is no hint
	message message
}

// Library is what the rules were compiled from.
func (r *Rules) Library() *course.Library { return r.library }

// Registry holds every predicate that hints may use.
func Registry() *query.Registry {
	return query.NewRegistry(append(query.Core(), rust.Predicates()...)...)
}

// message is text with captures in it.
type message []course.Piece

func parseMessage(s string) message { return course.Template(s) }

// longest is how much of a capture's text a message shows.
const longest = 60

// fill puts the captures' texts in, on one line and not too long.
func (m message) fill(captured func(name string) (string, bool)) string {
	if len(m) == 1 && m[0].Capture == "" {
		return m[0].Text
	}
	var b strings.Builder
	for _, p := range m {
		b.WriteString(p.Text)
		if p.Capture == "" {
			continue
		}
		s, _ := captured(p.Capture)
		s = strings.Join(strings.Fields(s), " ")
		if r := []rune(s); len(r) > longest {
			s = string(r[:longest-1]) + "…"
		}
		b.WriteString(s)
	}
	return b.String()
}
