package text

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestDiffLines(t *testing.T) {
	tests := []struct {
		name, a, b string
		want       []Edit
	}{
		{"equal", "a\nb\n", "a\nb\n", nil},
		{"empty", "", "", nil},
		{"all new", "", "a\n", []Edit{{0, 0, "a\n"}}},
		{"all gone", "a\n", "", []Edit{{0, 2, ""}}},
		{"changed line", "a\nb\nc\n", "a\nB\nc\n", []Edit{{2, 4, "B\n"}}},
		{"inserted line", "a\nc\n", "a\nb\nc\n", []Edit{{2, 2, "b\n"}}},
		{"two places", "a\nb\nc\nd\ne\n", "a\nc\nd\nD\ne\n", []Edit{{2, 4, ""}, {8, 8, "D\n"}}},
		{"no newline at the end", "a\nb", "a\nb\n", []Edit{{2, 3, "b\n"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := DiffLines([]byte(test.a), []byte(test.b)); !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// Two texts without a common line are the worst case.
func TestDiffLinesIsBounded(t *testing.T) {
	var a, b bytes.Buffer
	for i := range 100000 {
		fmt.Fprintf(&a, "a%d\n", i)
		fmt.Fprintf(&b, "b%d\n", i)
	}
	start := time.Now()
	edits := DiffLines(a.Bytes(), b.Bytes())
	if d := time.Since(start); d > 5*time.Second {
		t.Errorf("took %v", d)
	}
	if len(edits) != 1 {
		t.Errorf("%d edits, want 1", len(edits))
	}
}

func FuzzDiffLines(f *testing.F) {
	f.Add([]byte("a\nb\nc"), []byte("b\nc\r\nd"), uint64(1))
	f.Fuzz(func(t *testing.T, a, b []byte, seed uint64) {
		if seed%2 == 0 { // few different lines: many ways to align them
			r := rand.New(rand.NewPCG(seed, 4))
			lines := func() []byte {
				var s strings.Builder
				for range r.IntN(60) {
					fmt.Fprintln(&s, r.IntN(5))
				}
				return []byte(s.String())
			}
			a, b = lines(), lines()
		}
		edits := DiffLines(a, b)
		got, err := New(bytes.Clone(a)).Apply(edits)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), b) {
			t.Errorf("%q to %q: %v gives %q", a, b, edits, got.Bytes())
		}
		// No shorter list exists: what is kept is a longest common subsequence.
		la, lb := splitLines(a), splitLines(b)
		if len(la)*len(lb) > 10000 {
			return
		}
		kept := len(la)
		for _, e := range edits {
			if e.Start > 0 && a[e.Start-1] != '\n' {
				t.Errorf("edit %v starts inside a line", e)
			}
			kept -= len(splitLines(a[e.Start:e.End]))
		}
		if want := common(la, lb); kept != want {
			t.Errorf("%q to %q: %v keeps %d lines, want %d", a, b, edits, kept, want)
		}
	})
}

// common is the length of the longest common subsequence.
func common(a, b [][]byte) int {
	best := make([]int, len(b)+1)
	for _, line := range a {
		diagonal := 0
		for j, other := range b {
			above := best[j+1]
			if bytes.Equal(line, other) {
				best[j+1] = diagonal + 1
			} else {
				best[j+1] = max(above, best[j])
			}
			diagonal = above
		}
	}
	return best[len(b)]
}
