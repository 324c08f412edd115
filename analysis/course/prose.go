package course

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"lectern/analysis/finding"
	"lectern/analysis/problem"
)

// Bounds of what a reader takes in at a glance.
const (
	maxTitle   = 60  // code points
	maxMessage = 100 // code points, captures as written
	maxLead    = 60  // words
)

// Prose tells where a hint's texts do not keep the course's rules of style. None
// of this disables the hint: `lectern test` reports it.
func Prose(h *Hint) []problem.Problem {
	p := newProse(h.File, h.source)
	p.hint = h
	p.short(h.Title, "title", maxTitle)
	p.short(h.Message, "message", maxMessage)
	for _, r := range h.Related {
		p.tone(withoutCode(r.Message), func(int) (int, int) { return r.Line, r.Column })
	}
	for _, f := range h.Fixes {
		p.tone(withoutCode(f.Title), func(int) (int, int) { return f.Line, f.Column })
	}
	p.words(h.Lead)
	p.references()
	p.examples()
	p.text()
	return p.found
}

// ProsePage tells where a lesson page does not keep the rules of style.
func ProsePage(s *Section) []problem.Problem {
	p := newProse(s.File, string(s.Body))
	p.text()
	return p.found
}

type prose struct {
	file   string
	source string
	blank  []byte // the source without front matter, lines kept
	hint   *Hint  // nil for a page
	banned *regexp.Regexp
	found  []problem.Problem
}

func newProse(file, source string) *prose {
	p := &prose{
		file: file, source: source, blank: []byte(source),
		// Words that tell the reader how hard it should be.
		banned: regexp.MustCompile(`(?i)(?:^|[^\pL\pN_-])(just|simply|easy|easily|obviously|of\s+course)(?:$|[^\pL\pN_-])`),
	}
	if first, after, ok := strings.Cut(source, "\n"); ok && isRuler(first) {
		if end, _ := frontEnd(after); end >= 0 {
			front := len(first) + 1 + end + len("---")
			for i := range front {
				if p.blank[i] != '\n' {
					p.blank[i] = ' '
				}
			}
		}
	}
	return p
}

func (p *prose) say(line, column int, message, help string) {
	p.found = append(p.found, problem.Problem{File: p.file, Line: line, Column: column, Message: message, Help: help})
}

// short checks a one-line text of the front matter.
func (p *prose) short(s, key string, most int) {
	line := p.hint.places[key]
	if n := utf8.RuneCountInString(s); n > most {
		p.say(line, 1, fmt.Sprintf("the %s has %d characters, %d are the most", key, n, most), "say what is seen here; the rest belongs in the text")
	}
	if strings.Contains(s, "](") || strings.Contains(s, "**") {
		p.say(line, 1, fmt.Sprintf("the %s is not plain text", key), "it is shown as it is; links and emphasis belong in the text")
	}
	p.tone(withoutCode(s), func(int) (int, int) { return line, 1 })
}

// withoutCode is the text with its code spans blanked.
func withoutCode(s string) string {
	parts := strings.Split(s, "`")
	for i := 1; i < len(parts)-1; i += 2 {
		parts[i] = strings.Repeat(" ", len(parts[i]))
	}
	return strings.Join(parts, "`")
}

func (p *prose) words(lead string) {
	if n := len(strings.Fields(lead)); n > maxLead {
		line, column := p.hint.find(firstLine(lead), 1, 1)
		p.say(line, column, fmt.Sprintf("the first paragraph has %d words, %d are the most", n, maxLead), "a hover shows it; put details under a heading")
	}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

func (p *prose) references() {
	for i, r := range p.hint.References {
		line, column := p.hint.find(r, p.hint.places["references"], 1)
		if !strings.HasPrefix(r, "https://") {
			p.say(line, column, fmt.Sprintf("the reference `%s` is not https", r), "")
		}
		if slices.Contains(p.hint.References[:i], r) {
			line, column = p.hint.find(r, line, column+1)
			p.say(line, column, fmt.Sprintf("the reference `%s` is there twice", r), "keep one of the two")
		}
	}
}

// examples checks that a hint shows all that it can do.
func (p *prose) examples() {
	has := func(kind ExampleKind, fix string) bool {
		return slices.ContainsFunc(p.hint.Examples, func(e Example) bool { return e.Kind == kind && e.Fix == fix })
	}
	if !has(Fires, "") {
		p.say(1, 1, "the hint has no example that fires", "add a fence that opens with ```rust fires")
	}
	if !has(Silent, "") {
		p.say(1, 1, "the hint has no silent example", "add a fence that opens with ```rust silent: what looks alike and is right")
	}
	for _, f := range p.hint.Fixes {
		if !has(Fixed, f.Title) {
			p.say(f.Line, f.Column, fmt.Sprintf("the fix %q has no example", f.Title), fmt.Sprintf("add a fence that opens with ```rust fixed=%q", plainTitle(f.Title)))
		}
	}
}

// text checks the Markdown: tone, headings, and fences that stand too deep to be
// seen by the loader.
func (p *prose) text() {
	root := goldmark.DefaultParser().Parse(text.NewReader(p.blank))
	var headings []string
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.CodeSpan, *ast.AutoLink, *ast.HTMLBlock, *ast.RawHTML:
			return ast.WalkSkipChildren, nil
		case *ast.Heading:
			if n.Level == 2 {
				headings = append(headings, plainText(n, p.blank))
			}
		case *ast.FencedCodeBlock:
			p.deep(n)
			return ast.WalkSkipChildren, nil
		case *ast.CodeBlock:
			return ast.WalkSkipChildren, nil
		case *ast.Paragraph, *ast.TextBlock:
			p.paragraph(n)
		}
		return ast.WalkContinue, nil
	})
	if p.hint == nil || p.hint.Kind != finding.Pitfall {
		return
	}
	for _, want := range []string{"Why", "What to do"} {
		if !slices.Contains(headings, want) {
			p.say(p.hint.places["kind"], 1, fmt.Sprintf("the pitfall has no `## %s`", want), "")
		}
	}
}

// paragraph checks the tone of a block's text, code left out.
func (p *prose) paragraph(n ast.Node) {
	lines := n.Lines()
	if lines.Len() == 0 {
		return
	}
	start, end := lines.At(0).Start, lines.At(lines.Len()-1).Stop
	keep := make([]byte, end-start)
	for i := range keep {
		if p.blank[start+i] == '\n' {
			keep[i] = '\n'
		}
	}
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		switch c := c.(type) {
		case *ast.CodeSpan, *ast.AutoLink, *ast.RawHTML:
			return ast.WalkSkipChildren, nil
		case *ast.Text:
			if entering && c.Segment.Start >= start && c.Segment.Stop <= end {
				copy(keep[c.Segment.Start-start:], c.Segment.Value(p.blank))
			}
		}
		return ast.WalkContinue, nil
	})
	p.tone(string(keep), func(at int) (int, int) { return lineColumn(p.source, start+at) })
}

// tone checks a text without code.
func (p *prose) tone(s string, place func(at int) (line, column int)) {
	for _, m := range p.banned.FindAllStringSubmatchIndex(s, -1) {
		line, column := place(m[2])
		p.say(line, column, fmt.Sprintf("the word %q", strings.Join(strings.Fields(strings.ToLower(s[m[2]:m[3]])), " ")), "leave it out: what is easy for the writer may not be for the reader")
	}
	if at := strings.IndexByte(s, '!'); at >= 0 {
		line, column := place(at)
		p.say(line, column, "an exclamation mark", "end the sentence with a full stop; put code in backquotes")
	}
}

// deep complains about a query or an example inside a list or a quote, where the
// loader does not look.
func (p *prose) deep(n *ast.FencedCodeBlock) {
	if p.hint == nil || n.Parent().Kind() == ast.KindDocument || n.Info == nil {
		return
	}
	at, _ := lineColumn(p.source, n.Info.Segment.Start)
	if d := cut(p.source); slices.ContainsFunc(d.fences, func(f fence) bool { return f.line == at }) {
		return
	}
	words, _ := fence{info: string(n.Info.Segment.Value(p.blank))}.attributes()
	for i, w := range words {
		if i == 0 && w.key == "query" || i > 0 && slices.Contains(exampleWords(), w.key) {
			line, column := lineColumn(p.source, n.Info.Segment.Start)
			p.say(line, column, "a query or an example inside a list or a quote is not read", "move the fence to the left margin")
			return
		}
	}
}

// Links tells of relative links in lessons and hints that lead to no page.
func (l *Library) Links() []problem.Problem {
	var out []problem.Problem
	check := func(course, from, file, source string) {
		p := newProse(file, source)
		root := goldmark.DefaultParser().Parse(text.NewReader(p.blank))
		_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			link, ok := n.(*ast.Link)
			if !ok || !entering {
				return ast.WalkContinue, nil
			}
			dest := string(link.Destination)
			if dest == "" || strings.HasPrefix(dest, "#") || strings.Contains(dest, "://") || strings.HasPrefix(dest, "mailto:") {
				return ast.WalkContinue, nil
			}
			if _, ok := l.Resolve(course, from, dest); !ok {
				line, column := 1, 1
				if t, ok := link.FirstChild().(*ast.Text); ok {
					line, column = lineColumn(source, t.Segment.Start)
				}
				p.say(line, column, fmt.Sprintf("the link `%s` leads to no page of the course", dest), "")
			}
			return ast.WalkContinue, nil
		})
		out = append(out, p.found...)
	}
	for _, c := range l.courses {
		for _, ch := range c.Chapters {
			for s := range ch.all() {
				check(c.ID, s.Path, s.File, string(s.Body))
			}
		}
		for _, h := range c.Hints {
			check(c.ID, h.Path, h.File, h.source)
		}
	}
	problem.Sort(out)
	return out
}
