package engine

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"lectern/analysis/text"
)

// A case is a source and the findings that are wanted: line, hint and the text
// that is underlined. A file "only" lists the hints that count; without it, those
// that are wanted anywhere in the case count, and all others are left out.
func TestCases(t *testing.T) {
	rules := compiled(t)
	files, err := filepath.Glob(filepath.Join("testdata", "cases", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var path, want, only string
			var source []byte
			for _, f := range a.Files {
				switch f.Name {
				case "want":
					want = string(f.Data)
				case "only":
					only = string(f.Data)
				default:
					path, source = f.Name, f.Data
				}
			}
			hints := strings.Fields(only)
			if only == "" {
				for _, line := range strings.Split(strings.TrimSpace(want), "\n") {
					if f := strings.Fields(line); len(f) > 1 {
						hints = append(hints, f[1])
					}
				}
			}
			for _, id := range hints {
				if !rules.active[id] {
					t.Errorf("the case speaks of a hint %q that does not exist", id)
				}
			}
			r, err := Check(rules, Input{Path: path, Text: text.New(source)})
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			for _, f := range r.Findings() {
				if slices.Contains(hints, f.Hint) {
					fmt.Fprintf(&got, "%d %s %s\n", r.Text.LineOf(f.Range.Start)+1, f.Hint, r.Text.Slice(f.Range.Start, f.Range.End))
				}
			}
			if got.String() != want {
				t.Errorf("got\n%s\nwant\n%s", got.String(), want)
			}
		})
	}
}
