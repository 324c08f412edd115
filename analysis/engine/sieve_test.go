package engine

import (
	"slices"
	"strings"
	"testing"

	"lectern/analysis/course"
	"lectern/analysis/internal/sample"
	"lectern/analysis/text"
)

// What a check leaves out, because nothing can be found there, changes nothing: it
// finds what a check without short cuts finds, in any source and in any piece of
// one, which may be broken. So does an open document.
func TestShortCutsLoseNothing(t *testing.T) {
	rules := compiled(t)
	rs := rules.languages["rust"]
	passed, parsed, ruledOut := 0, 0, 0
	var treeless *Result // of the text before, whose memory this one's may be
	var then string
	try := func(path string, content []byte) {
		in := Input{Path: path, Text: text.New(content)}
		got, err := Check(rules, in)
		if err != nil {
			t.Fatal(err)
		}
		plain := in
		plain.Plain = true
		d, err := Open(rules, plain)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		open, err := Open(rules, in)
		if err != nil {
			t.Fatal(err)
		}
		defer open.Close()
		want := describe(d.Result())
		if got := describe(got); got != want {
			t.Errorf("%s: check found\n%s\nwithout short cuts\n%s", path, difference(got, want), difference(want, got))
		}
		again := in
		again.Treeless = true
		without, err := Check(rules, again)
		if err != nil {
			t.Fatal(err)
		}
		if treeless != nil {
			if now := describe(treeless); now != then {
				t.Errorf("before %s, without its tree: check found\n%s\nwith it\n%s", path, difference(now, then), difference(then, now))
			}
		}
		treeless, then = without, want
		if open := describe(open.Result()); open != want {
			t.Errorf("%s: the document has\n%s\nwithout short cuts\n%s", path, difference(open, want), difference(want, open))
		}
		if got.Tree == nil {
			passed++
		} else {
			parsed++
		}
		words := rs.set.Words(content)
		may := map[string]bool{}
		for i := range rs.rules {
			may[rs.rules[i].hint.ID] = may[rs.rules[i].hint.ID] || words.May(i)
		}
		for _, ok := range may {
			if !ok {
				ruledOut++
			}
		}
		for _, n := range d.live {
			for _, f := range n.findings {
				if !may[f.rule.hint.ID] {
					t.Errorf("%s: the words rule out %s, which is found", path, f.rule.hint.ID)
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

// Items are found under other names too, in units that do not spell their own.
// Each text is also typed into an open document, last the part behind the bar.
func TestOtherNames(t *testing.T) {
	rules := compiled(t)
	for _, c := range []struct{ hint, source string }{
		{"mem-uninitialized", "fn f() { let x: u8 = unsafe { zz() }; }\n|use std::mem::uninitialized as zz;\n"},
		{"mem-uninitialized", "mod m { use super::zz as yy; fn f() { let x: u8 = unsafe { yy() }; } }\n|use std::mem::uninitialized as zz;\n"},
		{"mem-uninitialized", "mod m { pub use std::mem::{self, uninitialized as |zz}; }\nuse m::zz as yy;\nfn f() { let x: u8 = unsafe { yy() }; }\n"},
		{"mem-uninitialized", "fn f() { let x: u8 = unsafe { r#uninitialized() }; }\n|use std::mem::r#uninitialized;\n"},
		{"maybe-uninit", "fn f(x: &mut M) {}\n|type M = std::mem::MaybeUninit<u8>;\n"},
		{"maybe-uninit", "trait T {}\nimpl T for |std::mem::MaybeUninit<u8> {\n    fn f(x: &mut Self) {}\n}\n"},
	} {
		before, last, _ := strings.Cut(c.source, "|")
		found := func(r *Result) (list []string) {
			for _, f := range r.Findings() {
				if f.Hint == c.hint {
					list = append(list, string(r.Text.Slice(f.Range.Start, f.Range.End)))
				}
			}
			return list
		}
		in := Input{Path: "a.rs", Text: text.New([]byte(before + last)), Plain: true}
		plain, err := Check(rules, in)
		if err != nil {
			t.Fatal(err)
		}
		in.Plain = false
		got, err := Check(rules, in)
		if err != nil {
			t.Fatal(err)
		}
		in.Text = text.New([]byte(before))
		d, err := Open(rules, in)
		if err != nil {
			t.Fatal(err)
		}
		typed, err := d.Edit([]text.Edit{{Start: len(before), End: len(before), New: last}}, 1)
		if err != nil {
			t.Fatal(err)
		}
		want := found(plain)
		if len(want) == 0 {
			t.Errorf("%q: no %s is found at all", c.source, c.hint)
		}
		if g := found(got); !slices.Equal(g, want) {
			t.Errorf("%q: check found %q, want %q", c.source, g, want)
		}
		if g := found(typed); !slices.Equal(g, want) {
			t.Errorf("%q: typing found %q, want %q", c.source, g, want)
		}
		d.Close()
	}
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
