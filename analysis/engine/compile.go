package engine

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"lectern/analysis/course"
	"lectern/analysis/problem"
	"lectern/analysis/query"
	"lectern/analysis/rust"
	"lectern/analysis/syntax"
)

// Compile compiles the hints of a library, on all cores. A hint whose query is wrong
// is left out, with a problem at its own line; all others stand.
func Compile(library *course.Library) (*Rules, []problem.Problem) {
	c := &compiler{
		rules:    &Rules{library: library, languages: map[string]*ruleset{}, active: map[string]bool{}},
		registry: Registry(),
		patterns: map[patternKey]*query.Query{},
	}
	// A language without hints still has allow comments that say something wrong.
	for _, name := range []string{"rust", "toml"} {
		c.language(name)
	}
	hints := library.Hints()
	done := make([]compiling, len(hints))
	start := time.Now()
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(hints)) {
		workers.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(hints) {
					return
				}
				done[i] = compiling{shared: c, hint: hints[i], late: time.Since(start) > maxTime}
				if !done[i].late {
					done[i].run()
				}
			}
		})
	}
	workers.Wait()
	queries := map[*ruleset][]*query.Query{}
	late := false
	for i := range done {
		h := &done[i]
		if h.late && !late {
			late = true
			h.problem(1, 1, fmt.Sprintf("the queries of all hints take more than %v to compile; this hint and those behind it are left out", maxTime), "")
		}
		if c.regexps += h.regexps; c.regexps > maxRegexps && h.regexps > 0 {
			f := h.hint.Queries[0]
			h.problem(f.Line, f.Indent+1, fmt.Sprintf("the regular expressions of all hints, written out, have more than %d parts", maxRegexps),
				"this hint is left out; `x{900}` is 900 parts")
		}
		c.problems = append(c.problems, h.problems...)
		if h.rs == nil || len(h.problems) > 0 {
			continue
		}
		for _, r := range h.rules {
			for _, rel := range r.related {
				if rel.hint != "" {
					h.rs.sites[site{rel.hint, rel.capture}] = true
				}
			}
			r.number = h.rs.hints
			h.rs.rules = append(h.rs.rules, r)
			queries[h.rs] = append(queries[h.rs], r.query)
		}
		h.rs.hints++
		c.rules.active[h.hint.ID] = true
	}
	for _, rs := range c.rules.languages {
		rs.set = query.NewSet(queries[rs])
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

// compiler is what the hints that are compiled side by side share.
type compiler struct {
	rules    *Rules
	registry *query.Registry

	mu       sync.Mutex // for what follows
	patterns map[patternKey]*query.Query
	problems []problem.Problem
	regexps  int // parts of all regular expressions, of patterns first
}

// maxRegexps is how large the regular expressions of all hints may be: parts when
// repetitions are written out, about 40 bytes of memory each.
const maxRegexps = 2_000_000

// maxTime is how long all hints may take to compile. Thousands take a second.
const maxTime = 30 * time.Second

type patternKey struct{ language, course, name string }

// language makes the ruleset of a language.
func (c *compiler) language(name string) {
	lang, ok := syntax.ByName(name)
	if !ok {
		return
	}
	rs := &ruleset{lang: lang, sites: map[site]bool{}}
	if name == "rust" {
		rs.grammar = rust.NewGrammar(lang.Tree)
	}
	c.rules.languages[name] = rs
}

// compiling is one hint being compiled. It has all of the hint's rules or problems.
type compiling struct {
	shared   *compiler
	hint     *course.Hint
	late     bool // the time was up before it began
	rs       *ruleset
	rules    []rule
	problems []problem.Problem
	regexps  int // parts of its own regular expressions
}

func (c *compiling) problem(line, column int, message, help string) {
	c.problems = append(c.problems, problem.Problem{
		File: c.hint.File, Line: line, Column: column, Hint: c.hint.ID, Message: message, Help: help,
	})
}

func (c *compiling) run() {
	h := c.hint
	if c.rs = c.shared.rules.languages[h.Language]; c.rs == nil {
		c.problem(1, 0, fmt.Sprintf("no grammar for language %q", h.Language), "rust and toml are known")
		return
	}
	lookup := c.named()
	for _, f := range h.Named {
		lookup(f.Name) // one that no query uses is checked too
	}
	var names []string // captures that all queries have: what templates may name
	for i, f := range h.Queries {
		q := c.compile(f, lookup)
		if q == nil {
			continue
		}
		if i == 0 {
			names = slices.Clone(q.AllCaptures())
		}
		names = slices.DeleteFunc(names, func(n string) bool { return !slices.Contains(q.AllCaptures(), n) })
		mark := slices.Index(q.Captures(), "hint")
		if mark < 0 {
			c.problem(f.Line, f.Indent+1, "the query captures no @hint", "capture the range to underline as @hint")
			continue
		}
		c.rules = append(c.rules, rule{hint: h, query: q, mark: mark, message: parseMessage(h.Message)})
	}
	if len(names) > 0 {
		c.problems = append(c.problems, h.CheckCaptures(names)...)
	}
	for i := range c.rules {
		r := &c.rules[i]
		for _, rel := range h.Related {
			x := related{hint: rel.Hint, capture: rel.Same, message: parseMessage(rel.Message)}
			if rel.Hint == "" {
				x.capture = rel.Capture
			}
			r.joins = r.joins || x.hint != ""
			r.related = append(r.related, x)
		}
	}
}

// named looks up patterns for a hint's queries: the hint's own, each compiled
// when it is first asked for, since one may use another in any order, then the
// course's.
func (c *compiling) named() func(string) (*query.Query, bool) {
	done := map[string]*query.Query{}
	var lookup func(name string) (*query.Query, bool)
	lookup = func(name string) (*query.Query, bool) {
		if q, ok := done[name]; ok {
			return q, q != nil
		}
		i := slices.IndexFunc(c.hint.Named, func(f course.Fence) bool { return f.Name == name })
		if i < 0 {
			c.shared.mu.Lock()
			defer c.shared.mu.Unlock()
			return c.shared.pattern(c.rs, c.hint.Course, name)
		}
		done[name] = nil // a pattern that uses itself is not found
		done[name] = c.compile(c.hint.Named[i], lookup)
		return done[name], done[name] != nil
	}
	return lookup
}

// compile compiles one fence of the hint; nil when it is wrong.
func (c *compiling) compile(f course.Fence, lookup func(string) (*query.Query, bool)) *query.Query {
	q, problems := c.shared.compile(c.rs, c.hint.File, c.hint.ID, f, lookup)
	c.problems = append(c.problems, problems...)
	if q != nil {
		c.regexps += q.Regexps()
	}
	return q
}

// pattern is a pattern of a course by name, compiled once for each language; nil and
// false when there is none or it is wrong. The caller has the lock.
func (c *compiler) pattern(rs *ruleset, in, name string) (*query.Query, bool) {
	key := patternKey{rs.lang.Tree.Name, in, name}
	if q, ok := c.patterns[key]; ok {
		return q, q != nil
	}
	c.patterns[key] = nil // a pattern that names itself is not found
	p, ok := c.rules.library.Pattern(in, name)
	if !ok {
		return nil, false
	}
	q, problems := c.compile(rs, p.File, "", course.Fence{Name: p.Name, Text: p.Text, Line: 1}, func(name string) (*query.Query, bool) {
		return c.pattern(rs, in, name)
	})
	c.problems = append(c.problems, problems...)
	if c.patterns[key] = q; q != nil {
		c.regexps += q.Regexps()
	}
	return q, q != nil
}

// compile compiles one fence; its errors become problems at their place in the
// file, and the query nil.
func (c *compiler) compile(rs *ruleset, file, hint string, f course.Fence, lookup func(string) (*query.Query, bool)) (*query.Query, []problem.Problem) {
	var problems []problem.Problem
	q, errs := query.Compile(f.Text, rs.lang.Tree, c.registry, lookup)
	for _, e := range errs {
		line := f.Line + strings.Count(f.Text[:e.Offset], "\n")
		column := e.Offset - (strings.LastIndexByte(f.Text[:e.Offset], '\n') + 1)
		problems = append(problems, problem.Problem{
			File: file, Line: line, Column: column + f.Indent + 1, Message: e.Message, Help: e.Help, Hint: hint,
		})
	}
	if len(errs) > 0 {
		return nil, problems
	}
	return q, nil
}
