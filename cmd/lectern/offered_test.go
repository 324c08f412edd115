package main

import (
	"testing"

	"lectern/analysis/course"
	"lectern/analysis/engine"
	"lectern/analysis/example"
)

// Every fix that is offered leaves the course's own examples as good for rustc as
// they were: the sure ones, those that may be wrong, and those with something to fill
// in, which compile before it is.
func TestOfferedFixesCompile(t *testing.T) {
	library, problems := course.Load(builtIn()...)
	for _, p := range problems {
		t.Error(p)
	}
	rules, _ := engine.Compile(library)
	type fixed struct {
		hint   *course.Hint
		line   int
		fix    course.FixRule
		before example.Source
	}
	var list []fixed
	var before, after []example.Source
	for _, h := range library.Hints() {
		for i, fix := range h.Fixes {
			tried := false
			for _, e := range h.Examples {
				if e.Kind != course.Fires {
					continue
				}
				s, made, err := example.Apply(rules, h, e, i)
				if err != nil {
					t.Error(err)
					continue
				}
				tried = tried || made
				if made && e.Language == "rust" {
					was := example.SourceOf(e)
					list = append(list, fixed{h, e.Line, fix, was})
					before, after = append(before, was), append(after, s)
				}
			}
			if !tried {
				t.Errorf("%s: no example has %q", h.ID, fix.Title)
			}
		}
	}
	was, is := compiled(t, before), compiled(t, after)
	for i, f := range list {
		if was[i].Note != "" || is[i].Note != "" || len(is[i].Errors) <= len(was[i].Errors) {
			continue // a note says what is missing here, such as a crate that the fix uses
		}
		t.Errorf("%s, the example in line %d: after %q (%s) rustc says %q, before %q\n%s",
			f.hint.ID, f.line, f.fix.Title, f.fix.Applicability, is[i].Errors, was[i].Errors, after[i].Text)
	}
}
