package problem

import (
	"strings"
	"testing"
)

func TestBound(t *testing.T) {
	var list []Problem
	for i := range 130 {
		list = append(list, Problem{File: "a", Line: i + 1, Message: "m"})
		if i < 100 {
			list = append(list, Problem{File: "b", Line: i + 1, Message: "m"})
		}
	}
	list = append(list, Problem{File: "d", Message: "`a\r\n\nb` is no c"})
	list = append(list, Problem{File: "c", Message: strings.Repeat("é", 500), Help: strings.Repeat("x", 400)})
	got := Bound(list)
	files := map[string]int{}
	for _, p := range got {
		files[p.File]++
	}
	if files["a"] != 101 || files["b"] != 100 || files["c"] != 1 {
		t.Errorf("got %v problems by file, want 100 of each at most and one that counts the rest", files)
	}
	if p, want := got[200], "a:101:1: and 30 more mistakes from here on"; p.String() != want {
		t.Errorf("got %q, want %q", p.String(), want)
	}
	if p, want := got[len(got)-2], "d: `a b` is no c"; p.String() != want {
		t.Errorf("got %q, want %q", p.String(), want)
	}
	last := got[len(got)-1]
	if want := strings.Repeat("é", 400) + " …"; last.Message != want || last.Help != strings.Repeat("x", 400) {
		t.Errorf("got %q (%q), want 400 characters of each", last.Message, last.Help)
	}
	if len(Bound(nil)) != 0 {
		t.Error("of nothing came something")
	}
}

func TestLines(t *testing.T) {
	l := NewLines("é2\r\n\r3")
	for _, test := range []struct{ line, column, wantLine, wantColumn int }{
		{1, 1, 1, 1}, {1, 3, 1, 3}, {1, 4, 1, 3}, {0, 0, 1, 1}, {2, 9, 2, 1}, {3, 2, 3, 2}, {4, 1, 3, 1}, {9, 9, 3, 2}, {-1, 2, 1, 2},
	} {
		if line, column := l.Place(test.line, test.column); line != test.wantLine || column != test.wantColumn {
			t.Errorf("%d:%d: got %d:%d, want %d:%d", test.line, test.column, line, column, test.wantLine, test.wantColumn)
		}
	}
	if line, column := NewLines("").Place(5, 5); line != 1 || column != 1 {
		t.Errorf("of no text: got %d:%d, want 1:1", line, column)
	}
}
