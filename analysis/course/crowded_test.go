package course

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/text"
)

// Markdown that a parser needs minutes for is left out, at its place; what people
// write, however long, is not.
func TestCrowded(t *testing.T) {
	const mega = maxFile
	slow := map[string]string{ // as much as a file may hold of what parsers look back at
		"quotes in quotes": "> ", "lists in lists": "1. ", "links that do not end": "[a](", "emphasis that does not end": "*a_ ",
		"definitions": "[a]: b\n", "footnotes": "[^1]: a\n", "lists in bullets": "- a\n ", "tags": "<b\n",
	}
	for name, piece := range slow {
		source := "# T\n\n" + strings.Repeat(piece, (mega-10)/len(piece))
		fsys := fstest.MapFS{
			"course.yaml": {Data: []byte("id: c\ntitle: C\n")}, "SUMMARY.md": {Data: []byte("- [A]()\n    - [B](a/b.md)\n")}, "a/b.md": {Data: []byte(source)},
		}
		start := time.Now()
		l, problems := Load(Source{Name: "c", FS: fsys})
		if len(problems) != 1 || problems[0].File != "c/a/b.md" || problems[0].Line == 0 || !strings.Contains(problems[0].Message, "more than 20000 Markdown marks") {
			t.Errorf("%s: got %v, want the place with too many marks", name, problems)
		}
		if s, _ := l.Section("a/b"); len(s.Body) > 0 {
			t.Errorf("%s: the page is there", name)
		}
		// The bound is one of operations; this is to notice when it is none.
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%s took %v", name, took)
		}
		// At the bound itself the parser is quick enough.
		fits := "# T\n\n" + strings.Repeat(piece, maxMarks/max(1, marksIn(piece)))
		if line, _, found := crowded(fits); found {
			t.Errorf("%s: %d marks are too many, at line %d", name, maxMarks, line)
		}
		start = time.Now()
		goldmark.DefaultParser().Parse(text.NewReader([]byte(fits)))
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%s: the parser took %v at the bound", name, took)
		}
	}
	for name, source := range map[string]string{
		"a long lesson":  strings.Repeat("A *line* of [text](a.md) with `code` in it.\n\n- and\n- a list\n\n", 10_000),
		"a long table":   strings.Repeat("| [a](b.md) | `c` | *d* |\n", 1_500),
		"a long summary": strings.Repeat("- [A chapter](the_chapter/the_section.md)\n", 3_000),
		"long code":      "```rust\n" + strings.Repeat("let x = [y[0], z_a];\n", 3_000) + "```\n",
	} {
		if line, column, found := crowded(source); found {
			t.Errorf("%s: too many marks at %d:%d", name, line, column)
		}
	}
}

func marksIn(piece string) (n int) {
	for i := range len(piece) {
		if isMark(piece, i) {
			n++
		}
	}
	return n
}
