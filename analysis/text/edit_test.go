package text

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestRange(t *testing.T) {
	r := Range{2, 5}
	if r.Len() != 3 || r.Shift(-2) != (Range{0, 3}) {
		t.Errorf("Len %d, Shift %v", r.Len(), r.Shift(-2))
	}
	for off, want := range map[int]bool{1: false, 2: true, 4: true, 5: false} {
		if got := r.Contains(off); got != want {
			t.Errorf("Contains(%d) = %v, want %v", off, got, want)
		}
	}
	for o, want := range map[Range]bool{{0, 1}: false, {0, 2}: true, {3, 3}: true, {5, 9}: true, {6, 9}: false} {
		if got := r.Touches(o); got != want {
			t.Errorf("Touches(%v) = %v, want %v", o, got, want)
		}
	}
}

func TestApply(t *testing.T) {
	tests := []struct {
		name  string
		edits []Edit
		want  string
		err   string
	}{
		{name: "nothing", want: "abcdef"},
		{name: "unsorted", edits: []Edit{{4, 5, "E"}, {0, 1, "AA"}}, want: "AAbcdEf"},
		{name: "insertions keep their order", edits: []Edit{{2, 2, "1"}, {2, 2, "2"}}, want: "ab12cdef"},
		{name: "insertion beside a replacement", edits: []Edit{{2, 4, "-"}, {2, 2, "<"}, {4, 4, ">"}}, want: "ab<->ef"},
		{name: "at the end", edits: []Edit{{6, 6, "!"}}, want: "abcdef!"},
		{name: "overlap", edits: []Edit{{0, 3, ""}, {2, 4, ""}}, err: "overlaps"},
		{name: "insertion inside", edits: []Edit{{0, 3, ""}, {2, 2, "x"}}, err: "overlaps"},
		{name: "past the end", edits: []Edit{{5, 7, ""}}, err: "outside"},
		{name: "backwards", edits: []Edit{{3, 2, ""}}, err: "outside"},
		{name: "negative", edits: []Edit{{-1, 2, ""}}, err: "outside"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := New([]byte("abcdef")).Apply(test.edits)
			switch {
			case test.err != "":
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("error %v, want one that says %q", err, test.err)
				}
			case err != nil:
				t.Error(err)
			case string(got.Bytes()) != test.want:
				t.Errorf("got %q, want %q", got.Bytes(), test.want)
			}
		})
	}
}

// Few edits are applied one by one and many in one go: both must agree.
func TestApplyMany(t *testing.T) {
	content := strings.Repeat("line\n", 2000)
	for _, n := range []int{64, 65, 2000} {
		var edits []Edit
		for i := range n {
			edits = append(edits, Edit{i * 5, i*5 + 4, fmt.Sprint(i)})
		}
		var want strings.Builder
		for i := range 2000 {
			if i < n {
				fmt.Fprintln(&want, i)
			} else {
				fmt.Fprintln(&want, "line")
			}
		}
		rand.New(rand.NewPCG(1, 1)).Shuffle(n, func(i, j int) { edits[i], edits[j] = edits[j], edits[i] })
		got, err := New([]byte(content)).Apply(edits)
		if err != nil {
			t.Fatal(err)
		}
		if string(got.Bytes()) != want.String() {
			t.Errorf("%d edits give another text", n)
		}
	}
}

func TestChanges(t *testing.T) {
	tests := []struct {
		name  string
		edits []Edit
		want  []Change
	}{
		{"none", nil, nil},
		{"one", []Edit{{3, 5, "abc"}}, []Change{{Range{3, 5}, Range{3, 6}}}},
		{"two, downwards", []Edit{{3, 5, "abc"}, {10, 10, "x"}}, []Change{{Range{3, 5}, Range{3, 6}}, {Range{9, 9}, Range{10, 11}}}},
		{"two, upwards", []Edit{{9, 9, "x"}, {3, 5, "abc"}}, []Change{{Range{3, 5}, Range{3, 6}}, {Range{9, 9}, Range{10, 11}}}},
		{"typing", []Edit{{3, 3, "a"}, {4, 4, "b"}, {5, 5, "c"}}, []Change{{Range{3, 3}, Range{3, 6}}}},
		{"undone", []Edit{{3, 3, "abc"}, {3, 6, ""}}, []Change{{Range{3, 3}, Range{3, 3}}}},
		{"over two", []Edit{{3, 3, "abc"}, {10, 12, ""}, {2, 11, "-"}}, []Change{{Range{2, 10}, Range{2, 3}}}},
		{"inside one", []Edit{{0, 4, "0123456789"}, {4, 6, ""}}, []Change{{Range{0, 4}, Range{0, 8}}}},
	}
	for _, test := range tests {
		if got := Changes(test.edits); !slices.Equal(got, test.want) {
			t.Errorf("%s: got %v, want %v", test.name, got, test.want)
		}
	}
}

func FuzzChanges(f *testing.F) {
	f.Add(uint64(1), uint8(3))
	f.Fuzz(func(t *testing.T, seed uint64, count uint8) {
		r := rand.New(rand.NewPCG(seed, 3))
		old := make([]byte, r.IntN(200))
		for i := range old {
			old[i] = byte('a' + i%26)
		}
		now := old
		var edits []Edit
		for range count % 8 {
			start := r.IntN(len(now) + 1)
			e := Edit{start, min(len(now), start+r.IntN(20)), strings.Repeat("#", r.IntN(20))}
			now = slices.Concat(now[:e.Start], []byte(e.New), now[e.End:])
			edits = append(edits, e)
		}
		// Building the new text from the changes alone gives the new text, and
		// changes are apart.
		var built []byte
		from := 0
		changes := Changes(edits)
		for i, c := range changes {
			if i > 0 && c.New.Start <= changes[i-1].New.End {
				t.Fatalf("changes touch: %v", changes)
			}
			built = append(append(built, old[from:c.Old.Start]...), now[c.New.Start:c.New.End]...)
			from = c.Old.End
		}
		built = append(built, old[from:]...)
		if !bytes.Equal(built, now) {
			t.Errorf("edits %v, changes %v:\n got %q\nwant %q", edits, changes, built, now)
		}
	})
}
