package main

import (
	"fmt"
	"os"
	"reflect"
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

// In which order paths are named, how they are spelled, and whether one is in
// another, changes nothing: each file is in one part, the same one every time.
func TestShardsOfSeveralPaths(t *testing.T) {
	files := map[string]string{}
	for i := range 60 {
		files[fmt.Sprintf("src/d%d/f%d.rs", i%5, i)] = "fn f() { foo(); }\n"
	}
	folderOf(t, files)
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	const n = 3
	parts := func(paths ...string) (list [n][]string) {
		for i := range list {
			arguments := append([]string{"check", "--course", "mini", "--format", "jsonl", "--kind", "pitfall", "--shard", fmt.Sprintf("%d/%d", i+1, n)}, paths...)
			out, _ := lectern(t, 1, arguments...)
			for _, line := range strings.Split(strings.TrimSpace(out), "\n") {
				_, rest, _ := strings.Cut(line, `"path":"`)
				path, _, _ := strings.Cut(rest, `"`)
				list[i] = append(list[i], strings.TrimPrefix(path, here+"/"))
			}
			slices.Sort(list[i])
		}
		return list
	}
	want := parts("src")
	if got := len(want[0]) + len(want[1]) + len(want[2]); got != len(files) {
		t.Fatalf("got %d files in all parts, want %d", got, len(files))
	}
	for _, paths := range [][]string{
		{"src/d4", "src/d0", "src/d2", "src/d3", "src/d1"},
		{"src/d3/f8.rs", "src/d3", "src", "src/d0/f5.rs"},
		{"./src/../src/"},
		{here + "/src/d2", "src/d1", "src/d0", "src/d4/", "src/d3"},
	} {
		if got := parts(paths...); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: got %q, want %q", paths, got, want)
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
