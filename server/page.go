package server

import (
	"bytes"
	"cmp"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"lectern/analysis/course"
)

// safePage is a Markdown page of a course in which nothing can act when an editor
// renders it: raw HTML is shown as it is written, images become links, and a
// block with a link to a command or the like becomes the text that it is written
// as. All other bytes stay as they are. name is the page's path in its course,
// which no link of it may leave.
func safePage(name string, page []byte) []byte {
	page = bytes.ReplaceAll(page, []byte("\r"), []byte("\n")) // courses have none; some readers end a line at it
	c := cleaner{name: name, readers: readers()}
	// Text that was HTML may have Markdown in it, so look again until all is safe.
	clean := page
	for range 5 {
		changes := c.dangers(clean)
		if len(changes) == 0 {
			return clean
		}
		clean = rewrite(clean, changes)
	}
	return asCode(page)
}

// readers are the ways in which editors read Markdown: as CommonMark has it, and
// with what many add to it. What is a picture for one may be nothing for another.
func readers() []parser.Parser {
	more := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote, extension.DefinitionList))
	return []parser.Parser{goldmark.DefaultParser(), more.Parser()}
}

// cleaner makes one page safe.
type cleaner struct {
	name    string
	readers []parser.Parser
}

// change does something to [start, stop) of a page.
type change struct {
	start, stop int
	do          repair
}

type repair int

const (
	inert    repair = iota // show the block as it is written
	noImages               // make links of the images in it
	noTag                  // "<" becomes a character as any other
	noEscape               // a backslash and a character become that character's entity
)

func (r repair) of(source []byte) []byte {
	switch r {
	case noImages:
		return bytes.ReplaceAll(source, []byte("!["), []byte("["))
	case noTag:
		return []byte(entity('<'))
	case noEscape:
		return []byte(entity(source[1]))
	}
	return inertText(source)
}

func rewrite(page []byte, changes []change) []byte {
	slices.SortFunc(changes, func(a, b change) int { return cmp.Or(a.start-b.start, b.stop-a.stop, int(a.do-b.do)) })
	var out []byte
	at := 0
	for _, c := range changes {
		if c.start < at {
			continue // inside what is replaced already
		}
		out = append(append(out, page[at:c.start]...), c.do.of(page[c.start:c.stop])...)
		at = c.stop
	}
	return append(out, page[at:]...)
}

// dangers are the changes that make a page safe, or at least safer.
func (c cleaner) dangers(page []byte) []change {
	var changes []change
	seen := map[change]bool{} // a block may have many images and links
	add := func(more ...change) {
		for _, m := range more {
			if !seen[m] {
				seen[m] = true
				changes = append(changes, m)
			}
		}
	}
	for _, p := range c.readers {
		root := p.Parse(text.NewReader(page))
		_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the walker returns no error
			if !entering {
				return ast.WalkContinue, nil
			}
			switch n := n.(type) {
			case *ast.RawHTML:
				for i := range n.Segments.Len() {
					add(escapeTags(page, n.Segments.At(i).Start, n.Segments.At(i).Stop)...)
				}
			case *ast.HTMLBlock:
				for i := range n.Lines().Len() {
					add(escapeTags(page, n.Lines().At(i).Start, n.Lines().At(i).Stop)...)
				}
				if n.HasClosure() {
					add(escapeTags(page, n.ClosureLine.Start, n.ClosureLine.Stop)...)
				}
			case *ast.Text:
				add(escapes(page, n)...)
			case *ast.CodeSpan:
				if hidden(page, n) {
					start, stop := blockOf(page, n)
					add(change{start, stop, inert})
				}
			case *ast.Image:
				start, stop := blockOf(page, n)
				add(change{start, stop, noImages})
			case *ast.Link:
				if !harmless(unescape(n.Destination), c.name) {
					start, stop := blockOf(page, n)
					add(change{start, stop, inert})
				}
			case *ast.AutoLink:
				if !harmless(string(n.URL(page)), c.name) {
					start, stop := blockOf(page, n)
					add(change{start, stop, inert})
				}
			}
			return ast.WalkContinue, nil
		})
	}
	return changes
}

func escapeTags(page []byte, start, stop int) []change {
	var changes []change
	for i := start; i < stop; i++ {
		if page[i] == '<' {
			changes = append(changes, change{i, i + 1, noTag})
		}
	}
	return changes
}

// escapes are the backslashes behind an address that a reader could take for a
// part of it, and what they escape for what it is.
func escapes(page []byte, n *ast.Text) []change {
	if n.Parent().Kind() == ast.KindCodeSpan {
		return nil
	}
	var changes []change
	for i := n.Segment.Start; i+1 < n.Segment.Stop; i++ {
		if page[i] != '\\' {
			continue
		}
		if strings.IndexByte(openers, page[i+1]) >= 0 && address(before(page, i)) {
			changes = append(changes, change{i, i + 2, noEscape})
		}
		i++
	}
	return changes
}

// hidden reports code behind an address, which a reader could take for a part of
// the address with its first backquote.
func hidden(page []byte, n *ast.CodeSpan) bool {
	first, ok := n.FirstChild().(*ast.Text)
	if !ok {
		return false
	}
	start := first.Segment.Start
	for start > 0 && (page[start-1] == '`' || page[start-1] == ' ') {
		start--
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok && bytes.ContainsAny(t.Segment.Value(page), "<[") {
			return address(before(page, start))
		}
	}
	return false
}

// before is the page in front of a place, as far as a word there may reach.
func before(page []byte, at int) string { return string(page[max(0, at-1000):at]) }

// harmless reports a link that does nothing but open a page: on the web, one of
// Lectern's, or, without a scheme, of the course itself; name is the page that it
// stands on.
func harmless(target, name string) bool {
	scheme, _, ok := strings.Cut(target, ":")
	if ok && !strings.ContainsAny(scheme, "/?#") {
		switch strings.ToLower(scheme) {
		case "http", "https", "ftp", "mailto", course.Scheme:
			return true
		}
		return false
	}
	way, _, _ := strings.Cut(target, "#")
	way, _, _ = strings.Cut(way, "?")
	plain, err := url.PathUnescape(way)
	if err != nil || strings.ContainsAny(plain, `\%`) || strings.HasPrefix(plain, "/") {
		return false
	}
	to := path.Join(path.Dir(name), plain)
	return to != ".." && !strings.HasPrefix(to, "../")
}

// blockOf is the bytes of the block of text that an inline node stands in, in
// whole lines.
func blockOf(page []byte, n ast.Node) (start, stop int) {
	for n != nil && (n.Type() == ast.TypeInline || n.Lines() == nil || n.Lines().Len() == 0) {
		n = n.Parent()
	}
	if n == nil {
		return 0, len(page)
	}
	lines := n.Lines()
	start, stop = lines.At(0).Start, lines.At(lines.Len()-1).Stop
	return start, stop
}

// inertText is source with every character that can begin something escaped.
func inertText(source []byte) []byte {
	var b bytes.Buffer
	for _, c := range source {
		if strings.IndexByte("\\`*_{}[]<>()#+-.!|~&:", c) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
	return b.Bytes()
}

// asCode is a whole page as one block of code.
func asCode(page []byte) []byte {
	lines := bytes.SplitAfter(page, []byte("\n"))
	var out []byte
	for _, l := range lines {
		out = append(append(out, "    "...), l...)
	}
	return out
}
