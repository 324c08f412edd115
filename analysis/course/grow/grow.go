// Package grow gives tests and benchmarks courses of any size: the hints of a
// course again and again, with other names and looking for other words.
package grow

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing/fstest"
)

var (
	// fences are the queries of a hint file.
	fences = regexp.MustCompile("(?s)```query.*?\n```")
	// words are predicates whose texts are names in the code, and not node kinds or ranges.
	words = regexp.MustCompile(`\(#(?:not-)?(?:path|eq|any-eq|any-of)\?[^()"]*(?:"[^"\\]*"[^()"]*)+\)`)
	quote = regexp.MustCompile(`"([^"]*\w)"`) // not those that end in ::*
)

// Course is the course of from with the id, and n hints: the first n of from by
// path, and after the last one the first again. The texts are all there, so that
// reading them costs what it costs for a course that somebody wrote. Copy number
// k looks for words that end in k; copy 0 for those of from.
func Course(from fs.FS, id string, n, k int) (fs.FS, error) {
	out := fstest.MapFS{}
	hints := map[string]string{}
	var names []string
	err := fs.WalkDir(from, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		if path.Ext(name) == ".md" && strings.Count(name, "/") == 2 {
			hints[name] = string(content)
			names = append(names, name)
			return nil
		}
		if name == "course.yaml" {
			_, rest, _ := strings.Cut(string(content), "\n")
			content = []byte("id: " + id + "\n" + rest)
		}
		out[name] = &fstest.MapFile{Data: content}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("grow the course %s: %w", id, err)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("grow the course %s: it has no hints", id)
	}
	for i := range n {
		name, copied := names[i%len(names)], k+i/len(names)
		text := hints[name]
		if copied > 0 {
			name = fmt.Sprintf("%s-%d.md", strings.TrimSuffix(name, ".md"), copied)
			text = fences.ReplaceAllStringFunc(text, func(fence string) string {
				return words.ReplaceAllStringFunc(fence, func(p string) string {
					return quote.ReplaceAllString(p, fmt.Sprintf(`"${1}%d"`, copied))
				})
			})
		}
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out, nil
}
