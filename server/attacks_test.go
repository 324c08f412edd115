package server

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// Attacks are Markdown that would do something in an editor, each way of writing
// it with each thing to do.
func Attacks() []string {
	list := []string{
		// Raw HTML, and what hides it.
		"<script>alert(1)</script>", "<script>\nalert(1)\n</script>\n", "a <b onclick=x>b</b>", "<a\nhref='command:x'>b</a>", "<img src=https://e.example/x.png>", "<!-- c -->", "<!--\n\n[x](command:y)\n\n-->\n<a href='command:x'>",
		"<?php x ?>", "<!DOCTYPE x>", "<![CDATA[ <b> ]]>", "<details>\n<summary>x</summary>\n\n![a](https://e.example/b)\n</details>", "> - <img src=x onerror=y> ![](https://e.example/p)\n> - <!-- c -->\n",
		"&lt;b>", "&#60;img src=x&#62;", "\\<b>", "<b\n>", "# <b>t</b>\n", "[<img src=x>](https://e.example)", "[a](https://e.example 'ti\"<img src=x>tle')", "`<b>` ``<i>``` <u>", "    code\n<b>", "*<b>*", "a | <b>\n--|--\n<i> | c\n",
		"<div>\n\n[x](command:y)\n\n</div>", "<svg><style>@import 'https://e.example/x.css'</style></svg>", "<iframe src='https://e.example'></iframe>", "<DIV\n", "</b>", "<a-b c>", "a<b>c", "\u2028<b>", "<\u0000b>", "[^n]: <img/src=x/onerror=y>\n\na[^n]\n",
		"term\n: <b>\n", "~~<b>~~", "- [ ] <b>", "***\n<b>", "<b `c>`", "`a\n<b>", "<b title='`'>`", "<https://e.example/<b>>", "<https://e.example/\"onclick=x>",
		// Backslashes that are part of an address for readers that look for addresses.
		"https://e.example/\\<b>", "https://e.example/<b>", "www.e.example/\\<img src=x>", "http://e.example\\<b>", "a@e.example\\<b>", "https://e.example/\\`<b>`", "https://e.example/'</style>", "https://e.example/\\<https://e.example/\\<b>>", "https://e.example/\\*<b>",
		"https://e.example/`<b>`", "www.e.example/`<b>`", "https://e.example/*`<b>`*", "https://e.example/**`<b>`**", "e.example/`<b>`", "https://e.example/``<b>``", "[x](https://e.example)`<b>`", "https://e.example/*a*`<b>`", "https://e.example/\\\\\\<b>",
		// Deep and long ones.
		strings.Repeat("> ", 50) + "<b>", strings.Repeat("[", 50) + "![x](https://e.example)" + strings.Repeat("](command:x)", 50), strings.Repeat("*", 300) + "<b>", strings.Repeat("<div>\n\n", 20) + "[x](command:y)",
		strings.Repeat("- ", 30) + "[x](command:y)",
	}
	targets := []string{
		"command:workbench.action.quit", "COMMAND:x", "javascript:alert(1)", "vbscript:x", "data:text/html;base64,PHNjcmlwdD4=", "data:image/svg+xml,x", "file:///etc/passwd", "file:x", "vscode://x", "vscode-insiders:x", "ssh://x", "tel:1", "about:blank",
		"view-source:x", "//e.example/x", "/etc/passwd", "../../../../etc/passwd", "..\\..\\x", "\\\\e.example\\x", "%2e%2e/%2e%2e/%2e%2e/x", "comm&#97;nd:x", "command&colon;x", "command&#58;x", "com\\mand:x", "java&#10;script:x", "java\tscript:x", "&#1;command:x", "c:/x",
		"https://e.example/x.png", // harmless as a link, not as an image
	}
	shapes := []string{
		"[x](T)", "[x](<T>)", "[x](T 'title')", "[x](T \"ti](command:z)tle\")", "<T>", "[x][r]\n\n[r]: T\n", "[r]\n\n[r]: T\n", "[r][]\n\n[r]: <T> 'title'\n", "![x](T)", "!![x](T)", "\\![x](T)", "&#33;[x](T)", "!<T>", "!\n[x](T)", "!*[x](T)*", "!\\[x](T)",
		"![x][r]\n\n[r]: T\n", "![r]\n\n[r]: T\n", "[![x](T)](T)", "[![x](T)](https://e.example)", "![![x](T)](T)", "[*x* ![y](T) `z`](T)", "# [x](T)\n", "- a\n- [x](T)\n", "1. ![x](T)\n", "> [x](T)\n", "a | b\n--|--\n[x](T) | ![y](T)\n", "| [x](T) |\n|--|\n| ![y](T) |\n",
		"a[^1]\n\n[^1]: [x](T)\n", "a[^1]\n\n[^1]: ![x](T)\n", "a[^1]\n\n[^1]:\n    ![x](T)\n\n    [y](T)\n", "[^1]\n\n[^1]: T\n", "term\n: [x](T) ![y](T)\n", "~~[x](T)~~ ~~![y](T)~~", "- [x] [y](T)\n", "**[x](T)**![y](T)", "text [x](T) text\nmore ![y](T)\n", "[x]\n(T)", "[x](\nT\n)",
		"<a href='T'>x</a>", "<img src=\"T\">", "<div>\n[x](T)\n</div>", "[x](T)\n=====\n", "`[x](T)` [y](T)", "``` \n[x](T)\n```\n[y](T)", "\\`[x](T)\\`", "[x](T)[y](T)", "[[x](T)](T)", "[x]:T\n[x]", "* * [x](T)", "&#91;x](T)", "[x&#93;(T)", "a\u00a0![x](T)",
		"https://e.example/[x](T)", "https://e.example/\\[x](T)", "www.e.example/\\![x](T)", "https://e.example\\![x](T)", "https://e.example/!\\[x](T)", "https://e.example/\\`[x](T)`", "a@e.example\\[x](T)", "https://e.example/*\\[x](T)*",
		"https://e.example/\\[x y](T)", "www.e.example/\\![x y](T)", "https://e.example\\![x y](T)", "e.example/\\[x y](T)", "//e.example/\\[x y](T)", "ftp://e.example/\\[x y](T)", "a@e.example/\\[x y](T)", "mailto:a@e.example?\\[x y](T)",
		"https://e.example/`[x y](T)`", "https://e.example/*`[x y](T)`*", "https://e.example/**\\[x y](T)**", "https://e.example/\\\\\\[x y](T)", "https://e.example/\\`a` [x](T)", "[https://e.example/\\](T) y](https://e.example)",
	}
	for _, shape := range shapes {
		for _, target := range targets {
			list = append(list, strings.ReplaceAll(shape, "T", target))
		}
	}
	return list
}

// Harm lists what could act in Markdown that an editor renders, read as CommonMark
// has it, and with tables, footnotes and the like. A link may lead to the web, to
// one of Lectern's pages, to a file in a folder named lessons, or, on a page with a
// name, to another page of the course.
func Harm(name, markdown string) []string {
	more := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote, extension.DefinitionList))
	var found []string
	for _, p := range []parser.Parser{goldmark.DefaultParser(), more.Parser()} {
		src := []byte(markdown)
		_ = ast.Walk(p.Parse(text.NewReader(src)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if !entering {
				return ast.WalkContinue, nil
			}
			switch n := n.(type) {
			case *ast.RawHTML, *ast.HTMLBlock:
				found = append(found, "HTML")
			case *ast.Image:
				found = append(found, "image "+string(n.Destination))
			case *ast.Link:
				if d := unescape(n.Destination); !opensPage(d, name) {
					found = append(found, "link "+d)
				}
			case *ast.AutoLink:
				if d := string(n.URL(src)); n.AutoLinkType != ast.AutoLinkEmail && !opensPage(d, name) {
					found = append(found, "link "+d)
				}
			}
			return ast.WalkContinue, nil
		})
	}
	return found
}

func opensPage(target, name string) bool {
	scheme, rest, ok := strings.Cut(target, ":")
	switch {
	case !ok || strings.ContainsAny(scheme, "/?#"):
	case strings.EqualFold(scheme, "file"):
		return strings.Contains(rest, "/lessons/") && !strings.Contains(rest, "..")
	default:
		return slices.Contains([]string{"http", "https", "ftp", "mailto", "lectern"}, strings.ToLower(scheme))
	}
	if name == "" {
		return false
	}
	// An editor may decode the link.
	way, _, _ := strings.Cut(target, "#")
	way, _, _ = strings.Cut(way, "?")
	way, err := url.PathUnescape(way)
	return err == nil && !strings.Contains(way, `\`) && !strings.HasPrefix(way, "/") && !strings.HasPrefix(path.Join(path.Dir(name), way)+"/", "../")
}
