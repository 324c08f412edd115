package finding

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"lectern/analysis/text"
)

func TestWordsRoundTrip(t *testing.T) {
	for _, w := range Kinds() {
		k, ok := ParseKind(w)
		if !ok || k.String() != w {
			t.Errorf("kind %q: got %v, %v", w, k, ok)
		}
	}
	for _, w := range Severities() {
		s, ok := ParseSeverity(w)
		if !ok || s.String() != w {
			t.Errorf("severity %q: got %v, %v", w, s, ok)
		}
	}
	for _, w := range Applicabilities() {
		a, ok := ParseApplicability(w)
		if !ok || a.String() != w {
			t.Errorf("applicability %q: got %v, %v", w, a, ok)
		}
	}
	if got, want := MaybeIncorrect.String(), "maybe-incorrect"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := Pitfall.String(), "pitfall"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if !(Off < Hint && Hint < Information && Information < Warning && Warning < Error) {
		t.Error("severities are not ordered by loudness")
	}
	if _, ok := ParseSeverity("info"); ok {
		t.Error("info was taken for a severity")
	}
	if got, want := Severity(9).String(), "Severity(9)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWordsInJSON(t *testing.T) {
	type all struct {
		K Kind
		S Severity
		A Applicability
	}
	in := all{Praise, Information, HasPlaceholders}
	b, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(b), `{"K":"praise","S":"information","A":"has-placeholders"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	var out all
	if err := json.Unmarshal(b, &out); err != nil || out != in {
		t.Errorf("got %v, %v, want %v", out, err, in)
	}
	if err := json.Unmarshal([]byte(`{"K":"rule"}`), &out); err == nil {
		t.Error("an unknown kind was accepted")
	}
}

func TestCompare(t *testing.T) {
	at := func(start, end int, hint string) Finding {
		return Finding{Hint: hint, Range: text.Range{Start: start, End: end}}
	}
	want := []Finding{at(1, 9, "a"), at(1, 4, "b"), at(1, 4, "c"), at(2, 3, "a")}
	got := []Finding{want[2], want[3], want[1], want[0]}
	slices.SortFunc(got, Compare)
	for i := range want {
		if Compare(got[i], want[i]) != 0 {
			t.Errorf("place %d: got %v, want %v", i, got[i], want[i])
		}
	}
}

func TestCapture(t *testing.T) {
	f := Finding{Captures: []Capture{{"a", text.Range{Start: 1, End: 2}}, {"a", text.Range{Start: 3, End: 4}}}}
	if r, ok := f.Capture("a"); !ok || r.Start != 1 {
		t.Errorf("got %v, %v, want the first capture", r, ok)
	}
	if _, ok := f.Capture("b"); ok {
		t.Error("a capture was found that is not there")
	}
}

func TestApply(t *testing.T) {
	tests := []struct {
		name  string
		edits []text.Edit
		want  string
	}{
		{"nothing", nil, "0123456789"},
		{"any order", []text.Edit{{Start: 8, End: 9, New: "x"}, {Start: 0, End: 2, New: ""}}, "234567x9"},
		{"insertions at one place in their order", []text.Edit{{Start: 3, End: 3, New: "a"}, {Start: 3, End: 3, New: "b"}}, "012ab3456789"},
		{"insertion where a deletion starts", []text.Edit{{Start: 3, End: 5}, {Start: 3, End: 3, New: "a"}}, "012a56789"},
		{"insertion where a deletion ends", []text.Edit{{Start: 5, End: 5, New: "a"}, {Start: 3, End: 5}}, "012a56789"},
		{"neighbors", []text.Edit{{Start: 3, End: 5, New: "x"}, {Start: 5, End: 6, New: "y"}}, "012xy6789"},
		{"both ends", []text.Edit{{Start: 10, End: 10, New: ">"}, {Start: 0, End: 0, New: "<"}}, "<0123456789>"},
	}
	for _, test := range tests {
		got, err := Apply([]byte("0123456789"), test.edits)
		if err != nil || string(got) != test.want {
			t.Errorf("%s: got %q, %v, want %q", test.name, got, err, test.want)
		}
	}
}

func TestApplyRefuses(t *testing.T) {
	_, err := Apply([]byte("0123456789"), []text.Edit{{Start: 4, End: 6}, {Start: 1, End: 5}})
	var overlap *OverlapError
	if !errors.As(err, &overlap) {
		t.Fatalf("got %v, want an overlap", err)
	}
	if got, want := overlap.First.Start, 1; got != want {
		t.Errorf("first edit starts at %d, want %d", got, want)
	}
	if _, err := Apply([]byte("0123456789"), []text.Edit{{Start: 5, End: 5, New: "x"}, {Start: 4, End: 6}}); err == nil {
		t.Error("an insertion inside a deletion was applied")
	}
	for _, e := range []text.Edit{{Start: -1, End: 0}, {Start: 9, End: 11}, {Start: 3, End: 2}} {
		if _, err := Apply([]byte("0123456789"), []text.Edit{e}); err == nil {
			t.Errorf("the edit %v was applied", e)
		}
	}
}

func TestMerge(t *testing.T) {
	fix := func(edits ...text.Edit) Fix { return Fix{Edits: edits} }
	use := text.Edit{New: "use a;\n"}
	tests := []struct {
		name    string
		fixes   []Fix
		want    string
		skipped int
	}{
		{"apart", []Fix{fix(text.Edit{Start: 5, End: 6}), fix(text.Edit{Start: 1, End: 2})}, "02346789", 0},
		{"the second overlaps", []Fix{fix(text.Edit{Start: 1, End: 4}), fix(text.Edit{Start: 3, End: 5}), fix(text.Edit{Start: 4, End: 5})}, "056789", 1},
		{"skipped whole", []Fix{fix(text.Edit{Start: 1, End: 4}), fix(text.Edit{Start: 8, End: 9}, text.Edit{Start: 3, End: 5})}, "0456789", 1},
		{"the same deletion", []Fix{fix(text.Edit{Start: 1, End: 4}), fix(text.Edit{Start: 1, End: 4}, text.Edit{Start: 9, End: 10})}, "045678", 0},
		{"the same line", []Fix{fix(use, text.Edit{Start: 1, End: 2}), fix(use, text.Edit{Start: 3, End: 4})}, "use a;\n02456789", 0},
		{"the same place in a line", []Fix{fix(text.Edit{Start: 1, End: 1, New: "{"}, text.Edit{Start: 5, End: 5, New: "}"}),
			fix(text.Edit{Start: 1, End: 1, New: "{"}, text.Edit{Start: 7, End: 7, New: "}"})}, "0{1234}56789", 1},
		{"broken", []Fix{fix(text.Edit{Start: 1, End: 4}, text.Edit{Start: 2, End: 3}), fix(text.Edit{Start: 9, End: 10})}, "012345678", 1},
		{"its own order", []Fix{fix(text.Edit{Start: 2, End: 2, New: "a"}, text.Edit{Start: 2, End: 2, New: "b"})}, "01ab23456789", 0},
	}
	for _, test := range tests {
		edits, skipped := Merge(test.fixes)
		got, err := Apply([]byte("0123456789"), edits)
		if err != nil || string(got) != test.want || skipped != test.skipped {
			t.Errorf("%s: got %q, %d skipped, %v, want %q, %d skipped", test.name, got, skipped, err, test.want, test.skipped)
		}
		if !slices.IsSortedFunc(edits, compareEdits) {
			t.Errorf("%s: %v is not sorted", test.name, edits)
		}
	}
}

// FuzzMerge holds Merge to its promise: what it returns can always be applied.
func FuzzMerge(f *testing.F) {
	f.Add([]byte{1, 2, 'a', 3, 1, 'b', 3, 1, 'b'})
	f.Fuzz(func(t *testing.T, data []byte) {
		var fixes []Fix
		for len(data) >= 3 {
			start := int(data[0]) % 50
			e := text.Edit{Start: start, End: start + int(data[1])%5, New: string(rune('a' + data[2]%3))}
			if data[2]%7 == 0 || len(fixes) == 0 {
				fixes = append(fixes, Fix{})
			}
			last := &fixes[len(fixes)-1]
			last.Edits = append(last.Edits, e)
			data = data[3:]
		}
		edits, skipped := Merge(fixes)
		if skipped > len(fixes) {
			t.Fatalf("%d of %d skipped", skipped, len(fixes))
		}
		if _, err := Apply(make([]byte, 60), edits); err != nil {
			t.Fatalf("%v from %v", err, fixes)
		}
	})
}
