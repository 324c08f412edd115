package query

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestLiterals compares lists of texts with the regular expressions that they
// stand for.
func TestLiterals(t *testing.T) {
	for _, c := range []struct {
		pattern string
		want    string // in order of the alphabet; "-" for none
	}{
		{"^load$", "load"},
		{"^(load|store)$", "load store"},
		{"^(?:compare_exchange(_weak)?|swap)$", "compare_exchange compare_exchange_weak swap"},
		{"^fetch_(add|sub)$", "fetch_add fetch_sub"},
		{"^[a-c]x?$", "a ax b bx c cx"},
		{"^$", ""},
		{"load", "-"},
		{"^load", "-"},
		{"load$", "-"},
		{"^(?i)load$", "-"},
		{"^a*$", "-"},
		{"^a.$", "-"},
		{"^[a-z][a-z]$", "-"},
		{"(?m)^load$", "-"},
		{"^a|b$", "-"},
		{"^\\bload$", "-"},
	} {
		got, ok := literals(parsed(t, c.pattern))
		slices.Sort(got)
		s := strings.Join(got, " ")
		if !ok {
			s = "-"
		}
		if s != c.want {
			t.Errorf("%s: got %q, want %q", c.pattern, s, c.want)
		}
		re := regexp.MustCompile(c.pattern)
		for _, text := range []string{"", "load", "store", "a", "ax", "xload", "loads", "LOAD", "load\n", "swap", "b"} {
			if ok && re.MatchString(text) != slices.Contains(got, text) {
				t.Errorf("%s and %q disagree", c.pattern, text)
			}
		}
	}
}
