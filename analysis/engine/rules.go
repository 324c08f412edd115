// Package engine turns documents and a library of courses into findings.
//
// Rules are compiled once and shared. Check looks at a text once; a Document
// follows the edits of an open file and checks again only the units of the tree
// that an edit, or something that a unit's findings depend on, has changed. Both
// give a Result: version, text and findings, immutable, for any reader.
package engine

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"lectern/analysis/course"
	"lectern/analysis/problem"
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

// Compile compiles the hints of a library. A hint whose query is wrong is left
// out, with a problem at its own line; all others stand.
func Compile(library *course.Library) (*Rules, []problem.Problem) {
	c := &compiler{
		rules:    &Rules{library: library, languages: map[string]*ruleset{}, active: map[string]bool{}},
		registry: Registry(),
		queries:  map[string][]*query.Query{},
	}
	// A language without hints still has allow comments that say something wrong.
	for _, name := range []string{"rust", "toml"} {
		c.language(name)
	}
	start := time.Now()
	for _, h := range library.Hints() {
		if time.Since(start) > maxTime {
			c.problems = append(c.problems, problem.Problem{
				File: h.File, Line: 1, Column: 1, Hint: h.ID,
				Message: fmt.Sprintf("the queries of all hints take more than %v to compile; this hint and all behind it are left out", maxTime),
			})
			break
		}
		c.hint(h)
	}
	for name, rs := range c.rules.languages {
		rs.set = query.NewSet(c.queries[name])
		rs.pool.New = func() any { return rs.set.Matcher() }
		named := map[string]bool{}
		for s := range rs.sites {
			named[s.hint] = true
		}
		for i := range rs.rules {
			rs.rules[i].sited = named[rs.rules[i].hint.ID]
		}
	}
	problem.Sort(c.problems)
	return c.rules, c.problems
}

type compiler struct {
	rules    *Rules
	registry *query.Registry
	queries  map[string][]*query.Query
	patterns map[patternKey]*query.Query
	regexps  int // parts of all regular expressions
	problems []problem.Problem
}

// maxRegexps is how large the regular expressions of all hints may be: parts when
// repetitions are written out, about 40 bytes of memory each.
const maxRegexps = 2_000_000

// maxTime is how long all hints may take to compile. Thousands take a second.
const maxTime = 30 * time.Second

type patternKey struct{ language, course, name string }

// language is the ruleset of a language.
func (c *compiler) language(name string) (*ruleset, bool) {
	if rs, ok := c.rules.languages[name]; ok {
		return rs, true
	}
	lang, ok := syntax.ByName(name)
	if !ok {
		return nil, false
	}
	rs := &ruleset{lang: lang, sites: map[site]bool{}}
	if name == "rust" {
		rs.grammar = rust.NewGrammar(lang.Tree)
	}
	c.rules.languages[name] = rs
	return rs, true
}

// hint compiles the queries of one hint; it adds all of them or none.
func (c *compiler) hint(h *course.Hint) {
	rs, ok := c.language(h.Language)
	if !ok {
		c.problems = append(c.problems, problem.Problem{
			File: h.File, Line: 1, Hint: h.ID,
			Message: fmt.Sprintf("no grammar for language %q", h.Language), Help: "rust and toml are known",
		})
		return
	}
	before := len(c.problems)
	lookup := c.named(rs, h)
	for _, f := range h.Named {
		lookup(f.Name) // one that no query uses is checked too
	}
	var rules []rule
	var names []string // captures that all queries have: what templates may name
	for i, f := range h.Queries {
		q := c.compile(rs, h.File, h.ID, f, lookup)
		if q == nil {
			continue
		}
		if i == 0 {
			names = slices.Clone(q.AllCaptures())
		}
		names = slices.DeleteFunc(names, func(n string) bool { return !slices.Contains(q.AllCaptures(), n) })
		mark := slices.Index(q.Captures(), "hint")
		if mark < 0 {
			c.problems = append(c.problems, problem.Problem{
				File: h.File, Line: f.Line, Column: f.Indent + 1, Hint: h.ID,
				Message: "the query captures no @hint", Help: "capture the range to underline as @hint",
			})
			continue
		}
		rules = append(rules, rule{hint: h, query: q, mark: mark, message: parseMessage(h.Message)})
	}
	if len(names) > 0 {
		c.problems = append(c.problems, h.CheckCaptures(names)...)
	}
	if len(c.problems) > before {
		return
	}
	for i := range rules {
		r := &rules[i]
		for _, rel := range h.Related {
			x := related{hint: rel.Hint, capture: rel.Same, message: parseMessage(rel.Message)}
			if rel.Hint == "" {
				x.capture = rel.Capture
			}
			if x.hint != "" {
				rs.sites[site{x.hint, x.capture}] = true
				r.joins = true
			}
			r.related = append(r.related, x)
		}
		r.number = rs.hints
		rs.rules = append(rs.rules, *r)
		c.queries[h.Language] = append(c.queries[h.Language], r.query)
	}
	rs.hints++
	c.rules.active[h.ID] = true
}

// named looks up patterns for a hint's queries: the hint's own, each compiled
// when it is first asked for, since one may use another in any order, then the
// course's.
func (c *compiler) named(rs *ruleset, h *course.Hint) func(string) (*query.Query, bool) {
	done := map[string]*query.Query{}
	var lookup func(name string) (*query.Query, bool)
	lookup = func(name string) (*query.Query, bool) {
		if q, ok := done[name]; ok {
			return q, q != nil
		}
		i := slices.IndexFunc(h.Named, func(f course.Fence) bool { return f.Name == name })
		if i < 0 {
			return c.pattern(rs, h, name)
		}
		done[name] = nil // a pattern that uses itself is not found
		done[name] = c.compile(rs, h.File, h.ID, h.Named[i], lookup)
		return done[name], done[name] != nil
	}
	return lookup
}

// pattern is a pattern of a hint's course by name, compiled once for each
// language; nil and false when there is none or it is wrong.
func (c *compiler) pattern(rs *ruleset, h *course.Hint, name string) (*query.Query, bool) {
	key := patternKey{rs.lang.Tree.Name, h.Course, name}
	if q, ok := c.patterns[key]; ok {
		return q, q != nil
	}
	if c.patterns == nil {
		c.patterns = map[patternKey]*query.Query{}
	}
	c.patterns[key] = nil // a pattern that names itself is not found
	p, ok := c.rules.library.Pattern(h.Course, name)
	if !ok {
		return nil, false
	}
	q := c.compile(rs, p.File, "", course.Fence{Name: p.Name, Text: p.Text, Line: 1}, func(name string) (*query.Query, bool) {
		return c.pattern(rs, h, name)
	})
	c.patterns[key] = q
	return q, q != nil
}

// compile compiles one fence; its errors become problems at their place in the
// file, and the query nil.
func (c *compiler) compile(rs *ruleset, file, hint string, f course.Fence, lookup func(string) (*query.Query, bool)) *query.Query {
	q, errs := query.Compile(f.Text, rs.lang.Tree, c.registry, lookup)
	for _, e := range errs {
		line := f.Line + strings.Count(f.Text[:e.Offset], "\n")
		column := e.Offset - (strings.LastIndexByte(f.Text[:e.Offset], '\n') + 1)
		c.problems = append(c.problems, problem.Problem{
			File: file, Line: line, Column: column + f.Indent + 1, Message: e.Message, Help: e.Help, Hint: hint,
		})
	}
	if len(errs) > 0 {
		return nil
	}
	if c.regexps += q.Regexps(); c.regexps > maxRegexps {
		c.problems = append(c.problems, problem.Problem{
			File: file, Line: f.Line, Column: f.Indent + 1, Hint: hint,
			Message: fmt.Sprintf("the regular expressions of all hints, written out, have more than %d parts", maxRegexps),
			Help:    "this hint is left out; `x{900}` is 900 parts",
		})
		return nil
	}
	return q
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
