package engine

import (
	"testing"

	"lectern/analysis/syntax"
)

// Captures that only a relation knows are no reason to reject a query; what no
// tree can have still is, and the place is told as it was.
func TestRejection(t *testing.T) {
	for query, want := range map[string]int{
		`((await_expression) @hint (#has? @hint loop) (#same-body? @hint @inner) (#eq? @inner "x"))`: -1,
		`((await_expression (use_declaration)) @hint (#same-body? @hint @inner))`:                    19,
		`((await_expression) @hint (#same-body? @hint @inner) (nothing))`:                            54,
	} {
		got := rejection(syntax.Rust(), query)
		if want < 0 && got != nil || want >= 0 && (got == nil || got.Offset != want) {
			t.Errorf("%s: got %v, want a rejection at %d", query, got, want)
		}
	}
}
