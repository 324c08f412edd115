package query

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"
)

func parsed(t *testing.T, pattern string) *syntax.Regexp {
	t.Helper()
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		t.Fatal(err)
	}
	return re
}

// spells reports that a text has one of the words of a need.
func spells(n Need, text string) bool {
	if n.parts {
		return slices.ContainsFunc(n.Words, func(w string) bool { return strings.Contains(text, w) })
	}
	words := regexp.MustCompile(`[A-Za-z0-9_]+`).FindAllString(text, -1)
	return slices.ContainsFunc(words, func(w string) bool {
		return slices.ContainsFunc(n.Words, func(want string) bool {
			return w == want || n.folded && (strings.ToLower(w) == want || strings.ContainsAny(text, "\u017f\u212a"))
		})
	})
}

// What a regular expression is said to need is in every text that it matches.
func TestMatchedNeeds(t *testing.T) {
	for _, c := range []struct {
		pattern string
		words   []string // wanted
		parts   []string
	}{
		{`^//\s*SAFETY:`, []string{"SAFETY"}, []string{"SAFETY:"}},
		{`(?i)^//\s*safety:`, []string{"safety"}, nil},
		{"a\ufffdb", nil, nil},              // which bytes that are no text match too
		{`SAFETY`, nil, []string{"SAFETY"}}, // may be a part of a longer word
		{`^x(run-pass|run-fail)$`, nil, []string{"run-"}},
		{`\b(new|old)\b`, nil, []string{"new", "old"}},
		{`^unsafe\s+fn`, []string{"unsafe"}, []string{"unsafe"}},
		{`^unsafe\w*`, nil, []string{"unsafe"}},
		{`a?b*`, nil, nil},
		{`[A-Z]\.len\(\)`, []string{"len"}, []string{".len()"}},
	} {
		var words, parts []string
		for _, n := range matchedNeeds(parsed(t, c.pattern)) {
			if n.parts {
				parts = n.Words
			} else {
				words = n.Words
			}
		}
		if !slices.Equal(words, c.words) || !slices.Equal(parts, c.parts) {
			t.Errorf("%s: words %q and pieces %q, want %q and %q", c.pattern, words, parts, c.words, c.parts)
		}
	}
}

// FuzzMatchedNeeds looks for a text that a regular expression matches without
// having what it is said to need.
func FuzzMatchedNeeds(f *testing.F) {
	for _, pattern := range []string{
		`^//\s*SAFETY:`, `(?i)^\s*safety\b`, `a|bc|d.e`, `^(load|store)_?x$`, `x+(ab)*c`, `(?i)K`, `(?m)^a$`, `-?foo[^a-z]`, `foo\s*`, `\Bfoo`, `a{2,3}b`,
	} {
		for _, text := range []string{"// SAFETY: x", " safety", "xSAFETYx", "bc", "load_x", "xxabc", "\u212a", "b\na\n", "-foo1", "afoo", "aab"} {
			f.Add(pattern, text)
		}
	}
	f.Fuzz(func(t *testing.T, pattern, text string) {
		re, err := regexp.Compile(pattern)
		if err != nil || len(pattern) > maxRegexp {
			return
		}
		for _, n := range matchedNeeds(parsed(t, pattern)) {
			if re.MatchString(text) && !spells(n, text) {
				t.Errorf("%q matches %q, which has none of %q (pieces %v, folded %v)", pattern, text, n.Words, n.parts, n.folded)
			}
		}
	})
}
