package engine

import (
	"strings"
	"testing"

	"lectern/analysis/course"
	"lectern/analysis/internal/sample"
	"lectern/analysis/text"
)

// A hint that the sieve rules out is not found by a whole check either, in any
// source, nor in any piece of one, which may be broken.
func TestSieveLosesNothing(t *testing.T) {
	rules := compiled(t)
	rs := rules.languages["rust"]
	passed, parsed, ruledOut := 0, 0, 0
	try := func(path string, content []byte) {
		r, err := Check(rules, Input{Path: path, Text: text.New(content)})
		if err != nil {
			t.Fatal(err)
		}
		words := rs.sieve.Words(content)
		may := map[string]bool{}
		for i := range rs.rules {
			may[rs.rules[i].hint.ID] = may[rs.rules[i].hint.ID] || words.May(i)
		}
		d, err := Open(rules, Input{Path: path, Text: text.New(content)})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		if got, want := describe(r), describe(d.Result()); got != want {
			t.Errorf("%s: check found\n%s\nwithout the sieve\n%s", path, got, want)
		}
		if r.Tree == nil {
			passed++
		} else {
			parsed++
		}
		for _, ok := range may {
			if !ok {
				ruledOut++
			}
		}
		for _, n := range d.live {
			for _, f := range n.findings {
				if !may[f.rule.hint.ID] {
					t.Errorf("%s: the sieve rules out %s, which is found", path, f.rule.hint.ID)
				}
			}
		}
	}
	for path, content := range sample.Sources(t, 2000) {
		try(path, content)
		for i := 1; i < 4 && len(content) < 20_000; i++ {
			try(path, content[i*len(content)/7:len(content)-i*len(content)/9])
		}
	}
	for _, h := range rules.library.Hints() {
		for _, e := range h.Examples {
			if h.Language == "rust" {
				try(h.ID, []byte(e.Text))
			}
		}
	}
	if ruledOut < 10*(passed+parsed) {
		t.Errorf("the sieve ruled out %d hints in %d texts, want 10 in each at least", ruledOut, passed+parsed)
	}
	t.Logf("%d texts not parsed, %d parsed, %d hints ruled out", passed, parsed, ruledOut)
}

// An allow comment is looked at where nothing else is: it may be unused.
func TestSieveKeepsAllows(t *testing.T) {
	rules := compiled(t)
	none := func(*course.Hint) bool { return false }
	for _, c := range []struct {
		source string
		allows int
		parsed bool
	}{
		{"fn f() {}\n", 0, false},
		{"// lectern: allow(relaxed-flag): nothing is behind it\nfn f() {}\n", 1, true},
		{"fn f() {} // lectern: alow(relaxed-flag)\n", 1, true},
	} {
		r, err := Check(rules, Input{Path: "a.rs", Text: text.New([]byte(c.source)), Wanted: none})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Allows) != c.allows || (r.Tree != nil) != c.parsed {
			t.Errorf("%q: %d allows, parsed %v; want %d, %v", strings.TrimSpace(c.source), len(r.Allows), r.Tree != nil, c.allows, c.parsed)
		}
	}
}
