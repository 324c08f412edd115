package main

import (
	"strings"
	"testing"

	"lectern/analysis/syntax"
)

// Captures that only a relation knows are no reason to reject a query; what no
// tree can have still is.
func TestRejection(t *testing.T) {
	const relation = `((await_expression) @hint (#has? @hint loop) (#same-body? @hint @inner) (#eq? @inner "x"))`
	if got := rejection(syntax.Rust(), relation); got != nil {
		t.Errorf("got %v for a capture that a relation adds", got)
	}
	for query, want := range map[string]string{
		`((await_expression (use_declaration)) @hint (#same-body? @hint @inner))`: "mpossible",
		`((nothing) @hint (#same-body? @hint @inner))`:                  "nothing",
	} {
		got := rejection(syntax.Rust(), query)
		if got == nil || !strings.Contains(got.Message, want) {
			t.Errorf("%s: got %v, want a rejection with %q", query, got, want)
		}
	}
}
