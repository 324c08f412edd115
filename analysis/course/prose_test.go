package course

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

func TestProse(t *testing.T) {
	fsys, want := unpack(t, "testdata/prose/style.txtar")
	l, problems := Load(Source{FS: fsys})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var got strings.Builder
	for _, id := range []string{"long", "good"} {
		h, _ := l.Hint(id)
		for _, p := range Prose(h) {
			got.WriteString(p.String() + "\n")
		}
	}
	for _, p := range ProsePage(mustSection(t, l, "a/b")) {
		got.WriteString(p.String() + "\n")
	}
	if got.String() != want["want"] {
		t.Errorf("got:\n%s\nwant:\n%s", got.String(), want["want"])
	}
}

// fencesByGoldmark are the fenced blocks at the top level of a document, as
// goldmark reads them.
func fencesByGoldmark(source string) []fence {
	b := []byte(source)
	var out []fence
	root := goldmark.DefaultParser().Parse(text.NewReader(b))
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		f, ok := n.(*ast.FencedCodeBlock)
		if !ok {
			continue
		}
		var x fence
		if f.Info != nil {
			x.info = string(f.Info.Segment.Value(b))
		}
		for i := range f.Lines().Len() {
			line := f.Lines().At(i)
			x.text += string(line.Value(b))
			if i == 0 {
				x.line, _ = lineColumn(source, line.Start)
				x.line--
			}
		}
		out = append(out, x)
	}
	return out
}

// compareFences holds the cut by lines to goldmark's reading.
func compareFences(t *testing.T, name, source string) {
	t.Helper()
	var d document
	d.body(source, 1)
	want := fencesByGoldmark(source)
	if len(d.fences) != len(want) {
		t.Errorf("%s: got %d fences, want %d", name, len(d.fences), len(want))
		return
	}
	for i, w := range want {
		g := d.fences[i]
		if g.info != w.info || g.text != w.text || w.text != "" && g.line != w.line {
			t.Errorf("%s: fence %d: got %q %q line %d, want %q %q line %d", name, i, g.info, g.text, g.line, w.info, w.text, w.line)
		}
	}
}

func TestFencesAreGoldmarks(t *testing.T) {
	for name, source := range map[string]string{
		"plain":         "a\n\n```rust fires\nx\n\ny\n```\nb\n",
		"tildes":        "~~~ query name=\"x\"\n```\n~~~~\n",
		"longer":        "````\n```\n````\n```\nx\n```\n",
		"indented":      "  ```rust\n  a\n    b\nc\n  ```\n",
		"too far in":    "a\n\n    ```\n    x\n",
		"interrupts":    "a\n```\nx\n```\nb\n",
		"not closed":    "```\nx\n",
		"closing info":  "```\nx\n``` no\n```\n",
		"comment":       "<!--\n```\nx\n```\n-->\n\n```\ny\n```\n",
		"comment ends":  "<!-- a --> \n```\nx\n```\n",
		"empty":         "```query\n```\n",
		"spaces behind": "```  rust   fires  \nx\n```   \n",
		"tab":           "```\n\tx\n```\n",
		"escapes":       "\\```\nx\n",
		"inline":        "a ``` b\n\n``` c ``` d\n",
	} {
		compareFences(t, name, source)
	}
	files, _ := filepath.Glob("../../queries/*/*/*.md")
	more, _ := filepath.Glob("../../queries/*/*/*/*.md")
	for _, file := range append(files, more...) {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		source := cleanText(string(b))
		if first, rest, ok := strings.Cut(source, "\n"); ok && isRuler(first) {
			end, _ := frontEnd(rest)
			_, source, _ = strings.Cut(rest[end:], "\n")
		}
		compareFences(t, file, source)
	}
}
