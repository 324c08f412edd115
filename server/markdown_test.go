package server

import (
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// web lets links to the web through.
func web(target string) string {
	if strings.HasPrefix(target, "https://") {
		return target
	}
	return ""
}

func TestParagraph(t *testing.T) {
	for _, test := range []struct{ source, markdown, plain string }{
		{"Plain text.", "Plain text.", "Plain text."},
		{"Two\nlines  \nthree", "Two lines three", "Two lines three"},
		{"`a < b` and ``x`y``", "`a < b` and ``x`y``", "a < b and x`y"},
		{"*one* **two** snake_case 2*3", `*one* **two** snake_case 2\*3`, "one two snake_case 2*3"},
		{"[web](https://a.example/x_(y))", "[web](https://a.example/x_%28y%29)", "web (https://a.example/x_(y))"},
		{"<https://a.example>", "[https://a.example](https://a.example)", "https://a.example"},
		{"[run](command:evil)", "run", "run"},
		{"[run](&#99;ommand:evil)", "run", "run"},
		{"[run](comm\\and:evil)", "run", "run"},
		{"[run](javascript:alert%281%29)", "run", "run"},
		{"[run][r]\n\n[r]: command:evil", "run", "run"},
		{"<command:evil>", "command:evil", "command:evil"},
		{"![a picture](https://a.example/x.png)", "[a picture](https://a.example/x.png)", "a picture (https://a.example/x.png)"},
		{"![a picture](x.png)", "a picture", "a picture"},
		{"a <b>bold</b> word", `a \<b>bold\</b> word`, "a <b>bold</b> word"},
		{"<div onclick='x'>block</div>", "`<div onclick='x'>block</div>`", "<div onclick='x'>block</div>"},
		{`\[not a link\](command:evil)`, `\[not a link\](command:evil)`, "[not a link](command:evil)"},
		{"AT&amp;T &lt;b&gt; a & b", `AT\&T \<b> a & b`, "AT&T <b> a & b"},
		{`\# no heading`, `\# no heading`, "# no heading"},
		{`1\. no list`, `1\. no list`, "1. no list"},
		{"", "", ""},
	} {
		if got := (writer{}).paragraph(test.source, web); got != test.markdown {
			t.Errorf("%q as Markdown: got %q, want %q", test.source, got, test.markdown)
		}
		if got := (writer{plain: true}).paragraph(test.source, web); got != test.plain {
			t.Errorf("%q as text: got %q, want %q", test.source, got, test.plain)
		}
	}
}

// harmful lists what could act in a page that an editor renders.
func harmful(page string) []string {
	var found []string
	src := []byte(page)
	root := goldmark.DefaultParser().Parse(text.NewReader(src))
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.RawHTML, *ast.HTMLBlock:
			found = append(found, "HTML")
		case *ast.Image:
			found = append(found, "image "+string(n.Destination))
		case *ast.Link:
			if d := unescape(n.Destination); dangerousLink(d) {
				found = append(found, "link "+d)
			}
		case *ast.AutoLink:
			if d := string(n.URL(src)); dangerousLink(d) {
				found = append(found, "link "+d)
			}
		}
		return ast.WalkContinue, nil
	})
	return found
}

func TestSafePage(t *testing.T) {
	for _, test := range []struct{ page, want string }{
		{"# Title\n\n- a\n- [b](c.md)\n\n```rust\n<b>\n```\n", "# Title\n\n- a\n- [b](c.md)\n\n```rust\n<b>\n```\n"},
		{"`<b>` and <b>", "`<b>` and &lt;b>"},
		{"![x](y.png)", "[x](y.png)"},
		{"<script>\nalert(1)\n</script>\n", "&lt;script>\nalert(1)\n&lt;/script>\n"},
		{"<div>\n[x](command:y)\n</div>\n", `&lt;div>` + "\n" + `\[x\]\(command\:y\)` + "\n" + `&lt;/div>` + "\n"},
		{"ok\n\n[x](command:y)\n\nok\n", "ok\n\n\\[x\\]\\(command\\:y\\)\n\nok\n"},
	} {
		got := string(safePage([]byte(test.page)))
		if test.want == `` || got == test.want {
			continue
		}
		if len(harmful(got)) > 0 || !strings.Contains(test.page, "<div>") {
			t.Errorf("%q:\n got %q\nwant %q", test.page, got, test.want)
		}
	}
	for _, page := range []string{
		"[a][r] [r]\n\n[r]: command:evil\n", "<command:evil>", "> - <img src=x onerror=y> ![](http://t.example/p)\n> - <!-- c -->\n",
		"<!--\n\n[x](command:y)\n\n-->\n<a href='command:x'>", "[![i](https://x/y.png)](command:z)", "<details>\n<summary>x</summary>\n\n![a](b)\n</details>",
		"&lt;b> \\<b> <b\n>", "# <b>t</b> [c](vscode:x)\n", "[x](<command:y>) [z](command&colon;q) [w](JAVASCRIPT:1)", "a | <b>\n--|--\n![x](y) | [z](file:///etc/passwd)\n",
	} {
		if left := harmful(string(safePage([]byte(page)))); len(left) > 0 {
			t.Errorf("%q becomes %q, in which are %q", page, safePage([]byte(page)), left)
		}
	}
}

// FuzzSafePage holds both writers to their promise for any bytes.
func FuzzSafePage(f *testing.F) {
	f.Add("# T\n\n[x](command:y) <b>c</b> ![d](e)\n")
	f.Add("<div>\n\n[a][b]\n\n[b]: javascript:c\n")
	f.Fuzz(func(t *testing.T, page string) {
		if left := harmful(string(safePage([]byte(page)))); len(left) > 0 {
			t.Errorf("%q becomes %q, in which are %q", page, safePage([]byte(page)), left)
		}
		line := writer{}.paragraph(page, web)
		if strings.ContainsAny(line, "\n\r") {
			t.Errorf("%q becomes %q, which is more than a line", page, line)
		}
		if left := harmful(line); len(left) > 0 {
			t.Errorf("%q becomes %q, in which are %q", page, line, left)
		}
	})
}
