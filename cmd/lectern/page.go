package main

import (
	"fmt"
	"strings"

	"github.com/rivo/uniseg"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	tables "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"lectern/analysis/report"
)

// maxIndent is how far lists and quotes in each other are moved in, in columns.
const maxIndent = 24

// page writes Markdown for a terminal: wrapped text, indented code, aligned
// tables, links with their targets.
type page struct {
	b     strings.Builder
	width int
	color bool
	link  func(target string) string // what to show for a link's target, "" for nothing
	src   []byte
}

// write adds a piece of Markdown.
func (p *page) write(markdown string) {
	p.src = []byte(markdown)
	parser := goldmark.New(goldmark.WithExtensions(extension.Table)).Parser()
	p.blocks(parser.Parse(text.NewReader(p.src)), "", "", false)
}

// line adds a line of text as it is; what comes from a course must be made plain
// first.
func (p *page) line(format string, args ...any) {
	p.b.WriteString(strings.TrimRight(fmt.Sprintf(format, args...), " ") + "\n")
}

// blocks writes the children of a node. first is the indentation of the first
// line, rest that of the others. Tight blocks have no empty lines between them.
func (p *page) blocks(n ast.Node, first, rest string, tight bool) {
	if len(rest) > maxIndent { // thousands of lists in lists would be all white space
		first, rest = first[:min(len(first), maxIndent)], rest[:maxIndent]
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if c != n.FirstChild() {
			first = rest
			if !tight && !skipped(c) {
				p.line("%s", rest)
			}
		}
		p.block(c, first, rest)
	}
}

// skipped reports blocks that say nothing to a reader.
func skipped(n ast.Node) bool {
	_, html := n.(*ast.HTMLBlock)
	return html
}

func (p *page) block(n ast.Node, first, rest string) {
	switch n := n.(type) {
	case *ast.Heading:
		p.heading(p.inline(n), n.Level, first, rest)
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		p.code(string(n.Lines().Value(p.src)), rest)
	case *ast.List:
		p.list(n, first, rest)
	case *ast.Blockquote:
		p.blocks(n, first+"> ", rest+"> ", false)
	case *ast.ThematicBreak:
		p.line("%s", first+strings.Repeat("-", 20))
	case *tables.Table:
		p.table(n, first, rest)
	case *ast.Paragraph, *ast.TextBlock:
		p.wrap(p.inline(n), first, rest)
	default:
		if !skipped(n) {
			p.blocks(n, first, rest, false)
		}
	}
}

func (p *page) heading(spans []span, level int, first, rest string) {
	for i := range spans {
		spans[i].style = "1"
	}
	p.wrap(spans, first, rest)
	if !p.color && level <= 2 {
		width := 0
		for _, s := range spans {
			width += uniseg.StringWidth(s.text)
		}
		p.line("%s", rest+strings.Repeat(string("=-"[level-1]), min(width, p.width)))
	}
}

func (p *page) code(code, indent string) {
	for line := range strings.Lines(code) {
		p.line("%s    %s", indent, report.Plain(strings.TrimRight(line, "\r\n")))
	}
}

func (p *page) list(n *ast.List, first, rest string) {
	number := n.Start
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if c != n.FirstChild() {
			first = rest
			if !n.IsTight {
				p.line("%s", rest)
			}
		}
		bullet := "- "
		if n.IsOrdered() {
			bullet = fmt.Sprintf("%d. ", number)
			number++
		}
		p.blocks(c, first+bullet, rest+strings.Repeat(" ", len(bullet)), n.IsTight)
	}
}

func (p *page) table(n *tables.Table, first, rest string) {
	var rows [][]string
	var widths []int
	for r := n.FirstChild(); r != nil; r = r.NextSibling() {
		var row []string
		for c := r.FirstChild(); c != nil; c = c.NextSibling() {
			var b strings.Builder
			for _, s := range p.inline(c) {
				b.WriteString(s.text)
			}
			cell := report.Plain(strings.Join(strings.Fields(b.String()), " "))
			if len(row) == len(widths) {
				widths = append(widths, 0)
			}
			widths[len(row)] = max(widths[len(row)], uniseg.StringWidth(cell))
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	for i, row := range rows {
		var b strings.Builder
		for j, cell := range row {
			b.WriteString(cell + strings.Repeat(" ", widths[j]-uniseg.StringWidth(cell)+2))
		}
		p.line("%s%s", first, b.String())
		first = rest
		if i == 0 {
			var rule strings.Builder
			for _, w := range widths {
				rule.WriteString(strings.Repeat("-", w) + "  ")
			}
			p.line("%s%s", rest, rule.String())
		}
	}
}

// span is text in one style, an SGR number or "".
type span struct{ text, style string }

// inline is the text below a node.
func (p *page) inline(n ast.Node) []span {
	var spans []span
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			s := span{text: plainText(c.Segment.Value(p.src))}
			switch {
			case c.HardLineBreak():
				s.text += "\n"
			case c.SoftLineBreak():
				s.text += " "
			}
			spans = append(spans, s)
		case *ast.String:
			spans = append(spans, span{text: string(c.Value)})
		case *ast.CodeSpan:
			var b strings.Builder
			for t := c.FirstChild(); t != nil; t = t.NextSibling() {
				if t, ok := t.(*ast.Text); ok {
					b.Write(t.Segment.Value(p.src))
				}
			}
			s := span{strings.ReplaceAll(b.String(), "\n", " "), "36"}
			if !p.color {
				s.text = "`" + s.text + "`"
			}
			spans = append(spans, s)
		case *ast.Emphasis:
			inner := p.inline(c)
			for i := range inner {
				if inner[i].style == "" {
					inner[i].style = []string{"3", "1"}[min(c.Level, 2)-1]
				}
			}
			spans = append(spans, inner...)
		case *ast.Link:
			inner := p.inline(c)
			spans = append(spans, inner...)
			if shown := p.link(string(c.Destination)); shown != "" && !(len(inner) == 1 && inner[0].text == shown) {
				spans = append(spans, span{text: " <" + shown + ">"})
			}
		case *ast.AutoLink:
			spans = append(spans, span{text: "<" + string(c.URL(p.src)) + ">"})
		case *ast.RawHTML:
		default: // images and what extensions bring: their text
			spans = append(spans, p.inline(c)...)
		}
	}
	return spans
}

// wrap writes spans as lines of at most the page's width.
func (p *page) wrap(spans []span, first, rest string) {
	var line, word strings.Builder
	indent := first
	room := func() int { return p.width - uniseg.StringWidth(indent) }
	wordWidth, lineWidth := 0, 0
	endLine := func() {
		p.line("%s%s", indent, line.String())
		line.Reset()
		indent, lineWidth = rest, 0
	}
	endWord := func() {
		if wordWidth == 0 {
			return
		}
		if lineWidth > 0 && lineWidth+1+wordWidth > room() {
			endLine()
		}
		if lineWidth > 0 {
			line.WriteByte(' ')
			lineWidth++
		}
		line.WriteString(word.String())
		lineWidth += wordWidth
		word.Reset()
		wordWidth = 0
	}
	for _, s := range spans {
		for piece := range strings.SplitAfterSeq(s.text, " ") {
			for i, part := range strings.Split(piece, "\n") {
				if i > 0 {
					endWord()
					endLine()
				}
				text := strings.TrimRight(part, " ")
				if text != "" {
					shown := report.Plain(text)
					word.WriteString(p.paint(s.style, shown))
					wordWidth += uniseg.StringWidth(shown)
				}
				if len(text) < len(part) {
					endWord()
				}
			}
		}
	}
	endWord()
	if lineWidth > 0 {
		endLine()
	}
}

func (p *page) paint(style, s string) string {
	if !p.color || style == "" {
		return s
	}
	return "\x1b[" + style + "m" + s + "\x1b[0m"
}
