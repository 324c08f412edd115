package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// The parts of a tree are disjoint and together the whole, in every format and
// however the tree is named.
func TestShardsAreAPartition(t *testing.T) {
	files := map[string]string{}
	for i := range 120 {
		files[fmt.Sprintf("src/d%d/f%d.rs", i%7, i)] = fmt.Sprintf("fn f%d() { foo(); }\n", i)
	}
	folderOf(t, files)
	for _, format := range []string{"jsonl", "github"} {
		whole, _ := lectern(t, 1, "check", "--course", "mini", "--format", format, "src")
		want := strings.Split(strings.TrimSpace(whole), "\n")
		if len(want) != len(files) {
			t.Fatalf("%s: got %d lines for %d files", format, len(want), len(files))
		}
		slices.Sort(want)
		for n := 1; n <= 7; n++ {
			var got []string
			for i := 1; i <= n; i++ {
				part, _ := lectern(t, 1, "check", "--course", "mini", "--format", format, "--shard", fmt.Sprintf("%d/%d", i, n), "src")
				lines := strings.Split(strings.TrimSpace(part), "\n")
				if least := len(files) / n / 2; len(lines) < least {
					t.Errorf("part %d of %d has %d files, want at least %d", i, n, len(lines), least)
				}
				got = append(got, lines...)
			}
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%s: the %d parts are not the whole", format, n)
			}
		}
	}
}

func TestShardWords(t *testing.T) {
	for _, s := range []string{"0/3", "4/3", "1/0", "1", "/", "a/b", "-1/3", "1/3/5", "1/ 3"} {
		if _, err := parseShard(s); err == nil || !strings.Contains(err.Error(), s) {
			t.Errorf("%q: got %v, want an error that names it", s, err)
		}
	}
	if s, err := parseShard("2/3"); err != nil || s != (shard{1, 3}) {
		t.Errorf("got %v, %v", s, err)
	}
}
