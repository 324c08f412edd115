package engine

import (
	"errors"
	"strings"
	"unicode/utf8"

	"lectern/analysis/course"
	"lectern/analysis/problem"
	"lectern/analysis/syntax"
)

// Impossible asks tree-sitter's own query engine about the queries of hints and of
// the patterns of their courses: it knows which patterns cannot match any tree.
// There is a problem for each query that it rejects; files that have a known problem
// are left out.
func Impossible(library *course.Library, hints []*course.Hint, known []problem.Problem) []problem.Problem {
	var found []problem.Problem
	wrong := map[string]bool{}
	for _, p := range known {
		wrong[p.File] = true
	}
	ask := func(lang *syntax.Language, file, hint string, f course.Fence) {
		if wrong[file] {
			return
		}
		rejected := rejection(lang, f.Text)
		if rejected == nil {
			return
		}
		before := f.Text[:min(max(rejected.Offset, 0), len(f.Text))]
		line := strings.LastIndexByte(before, '\n') + 1
		message, _, _ := strings.Cut(rejected.Message, "\n")
		found = append(found, problem.Problem{
			File: file, Line: f.Line + strings.Count(before, "\n"), Column: f.Indent + utf8.RuneCountInString(before[line:]) + 1,
			Message: "tree-sitter rejects the query: " + message, Help: "the pattern may be one that no tree can have", Hint: hint,
		})
	}
	seen := map[*course.Pattern]bool{}
	for _, h := range hints {
		lang, ok := syntax.ByName(h.Language)
		if !ok {
			continue // a problem of its own
		}
		for _, f := range append(append([]course.Fence{}, h.Named...), h.Queries...) {
			ask(lang, h.File, h.ID, f)
		}
		c, ok := library.Course(h.Course)
		if !ok || h.Language != "rust" {
			continue
		}
		for _, p := range c.Patterns {
			if !seen[p] {
				seen[p] = true
				ask(lang, p.File, "", course.Fence{Text: p.Text, Line: 1})
			}
		}
	}
	return found
}

// rejection is what tree-sitter says against a query, nil if nothing. It has no
// relations, so a capture that one adds is unknown to it: a text of the same length
// takes its place.
func rejection(lang *syntax.Language, query string) *syntax.OracleError {
	for {
		var rejected *syntax.OracleError
		if !errors.As(syntax.OracleCompile(lang, query), &rejected) {
			return nil
		}
		at := rejected.Offset
		if !strings.HasPrefix(rejected.Message, "invalid capture") || at <= 0 || at >= len(query) || query[at-1] != '@' {
			return rejected
		}
		end := at
		for end < len(query) && !strings.ContainsRune(" \t\r\n)", rune(query[end])) {
			end++
		}
		query = query[:at-1] + `"` + strings.Repeat("x", end-at-1) + `"` + query[end:]
	}
}
