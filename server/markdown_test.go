package server

import (
	"strings"
	"testing"
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
		{"a <b>bold</b> word", "a &lt;b>bold&lt;/b> word", "a <b>bold</b> word"},
		{"<div onclick='x'>block</div>", "`<div onclick='x'>block</div>`", "<div onclick='x'>block</div>"},
		{`\[not a link\](command:evil)`, `&#91;not a link&#93;(command:evil)`, "[not a link](command:evil)"},
		{"AT&amp;T &lt;b&gt; a & b", `AT\&T &lt;b> a & b`, "AT&T <b> a & b"},
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

func TestSafePage(t *testing.T) {
	for _, test := range []struct{ page, want string }{
		{"# Title\n\n- a\n- [b](c.md)\n\n```rust\n<b>\n```\n", "# Title\n\n- a\n- [b](c.md)\n\n```rust\n<b>\n```\n"},
		{"`<b>` and <b>", "`<b>` and &lt;b>"},
		{"![x](y.png)", "[x](y.png)"},
		{"<script>\nalert(1)\n</script>\n", "&lt;script>\nalert(1)\n&lt;/script>\n"},
		{"<div>\n[x](command:y)\n</div>\n", `&lt;div>` + "\n" + `\[x\]\(command\:y\)` + "\n" + `&lt;/div>` + "\n"},
		{"ok\n\n[x](command:y)\n\nok\n", "ok\n\n\\[x\\]\\(command\\:y\\)\n\nok\n"},
	} {
		got := string(safePage("a/b.md", []byte(test.page)))
		if test.want == `` || got == test.want {
			continue
		}
		if len(Harm("a/b.md", got)) > 0 || !strings.Contains(test.page, "<div>") {
			t.Errorf("%q:\n got %q\nwant %q", test.page, got, test.want)
		}
	}
}

// TestAttacks holds both writers to their promise for the table of attacks.
func TestAttacks(t *testing.T) {
	for _, attack := range Attacks() {
		if left := Harm("a/b.md", string(safePage("a/b.md", []byte(attack)))); len(left) > 0 {
			t.Errorf("%q becomes the page\n%s\nin which are %q", attack, safePage("a/b.md", []byte(attack)), left)
		}
		line := writer{}.paragraph(attack, web)
		for _, written := range []string{line, writer{}.bold(line), "text\n\n" + line, line + "  \n" + line} {
			if left := Harm("", written); len(left) > 0 {
				t.Errorf("%q becomes the hover %q, in which are %q", attack, written, left)
			}
		}
	}
}

// TestLinksInPages: which links of a lesson stay, and which become text.
func TestLinksInPages(t *testing.T) {
	for target, stays := range map[string]bool{
		"https://a.example/b": true, "HTTP://a.example": true, "mailto:a@b.example": true, "lectern:/course/a.md": true, "c.md": true, "../d/e.md#f": true, "#g": true,
		"": true, "c.md?x=1:2": true, "./c.md": true, "d/e:f.md": true, "../../b.md": false, "../a/../../b.md": false, "%2e%2e/../b.md": false, "..%2F..%2Fb.md": false, "%252e%252e/%252e%252e/b.md": false,
		"/etc/passwd": false, "//host/share": false, "..\\..\\b.md": false, "c:/windows": false, "file:///etc/passwd": false, "FILE:x": false, "command:x": false,
		"vscode:x": false, "data:text/html,x": false, "javascript:x": false, "java&#9;script:x": false, "command&colon;x": false, "comm%61nd:x": false, "%zz": false,
	} {
		page := "[x](<" + target + ">)"
		if got := string(safePage("a/b.md", []byte(page))) == page; got != stays {
			t.Errorf("%s: it stays a link: got %v, want %v", page, got, stays)
		}
	}
}

// FuzzSafePage holds both writers to their promise for any bytes.
func FuzzSafePage(f *testing.F) {
	f.Add("# T\n\n[x](command:y) <b>c</b> ![d](e)\n")
	f.Add("<div>\n\n[a][b]\n\n[b]: javascript:c\n")
	for i, attack := range Attacks() {
		if i%50 == 0 { // all of them take the fuzzer half a minute
			f.Add(attack)
		}
	}
	f.Fuzz(func(t *testing.T, page string) {
		if left := Harm("a/b.md", string(safePage("a/b.md", []byte(page)))); len(left) > 0 {
			t.Errorf("%q becomes %q, in which are %q", page, safePage("a/b.md", []byte(page)), left)
		}
		line := writer{}.paragraph(page, web)
		if strings.ContainsAny(line, "\n\r") {
			t.Errorf("%q becomes %q, which is more than a line", page, line)
		}
		if left := Harm("", line); len(left) > 0 {
			t.Errorf("%q becomes %q, in which are %q", page, line, left)
		}
	})
}
