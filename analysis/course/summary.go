package course

import (
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// summary reads SUMMARY.md as mdBook does: links in front of the list, the
// numbered list (chapters, and all below them as their sections), part titles,
// links behind it. An empty link is a draft.
type summary struct {
	decoder
	source   []byte
	course   string
	part     string
	inList   bool // a list has been seen
	chapters []*Chapter
	pages    map[string]*Section // by path
}

// readSummary reads the outline of a course.
func readSummary(file, course string, source string) *summary {
	s := &summary{
		decoder: decoder{file: file},
		source:  []byte(source), course: course, pages: map[string]*Section{},
	}
	root := goldmark.DefaultParser().Parse(text.NewReader(s.source))
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Heading:
			if n.PreviousSibling() != nil {
				s.part = s.plain(n)
			}
		case *ast.List:
			s.inList = true
			s.list(n)
		case *ast.Paragraph:
			for c := n.FirstChild(); c != nil; c = c.NextSibling() {
				if link, ok := c.(*ast.Link); ok {
					s.chapter(link, nil, false)
				}
			}
		}
	}
	if len(s.chapters) == 0 {
		s.fail(1, 1, "the summary lists no chapter", "write a list of links: `- [Title](chapter/section.md)`")
	}
	return s
}

// list reads the numbered chapters.
func (s *summary) list(list *ast.List) {
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		link, below := s.item(item)
		if link == nil {
			line, column := s.place(item)
			s.fail(line, column, "an entry of the summary without a link", "write `- [Title](page.md)`, or `- [Title]()` for a draft")
			continue
		}
		s.chapter(link, below, true)
	}
}

// item is the link of a list item and the list below it, if any.
func (s *summary) item(item ast.Node) (link *ast.Link, below *ast.List) {
	for c := item.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.List:
			below = c
		default:
			for i := c.FirstChild(); i != nil && link == nil; i = i.NextSibling() {
				link, _ = i.(*ast.Link)
			}
		}
	}
	return link, below
}

// chapter adds a chapter with the sections below it, of whatever depth.
func (s *summary) chapter(link *ast.Link, below *ast.List, numbered bool) {
	c := &Chapter{Title: s.plain(link), Part: s.part, Numbered: numbered}
	page := s.section(link, c)
	s.sections(c, below)
	if !page.Draft() {
		c.Page = page
		c.ID = page.ID
	}
	for _, section := range c.Sections {
		if dir := path.Dir(section.ID); !section.Draft() && dir != "." {
			c.ID = dir
			break
		}
	}
	for _, other := range s.chapters {
		if other.ID != c.ID || c.ID == "" {
			continue
		}
		if c.ID = ""; c.Page != nil && c.Page.ID != other.ID {
			c.ID = c.Page.ID
		}
	}
	s.chapters = append(s.chapters, c)
}

func (s *summary) sections(c *Chapter, list *ast.List) {
	if list == nil {
		return
	}
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		link, below := s.item(item)
		if link == nil {
			line, column := s.place(item)
			s.fail(line, column, "an entry of the summary without a link", "write `- [Title](page.md)`, or `- [Title]()` for a draft")
		} else {
			c.Sections = append(c.Sections, s.section(link, c))
		}
		s.sections(c, below)
	}
}

// section is the page of a link; a draft when it has none or a wrong one.
func (s *summary) section(link *ast.Link, c *Chapter) *Section {
	out := &Section{Course: s.course, Chapter: c.Title, Title: s.plain(link)}
	dest := string(link.Destination)
	if dest == "" {
		return out
	}
	line, column := s.place(link)
	if plain, err := url.PathUnescape(dest); err == nil {
		dest = plain
	}
	clean := path.Clean(dest)
	_, odd := unseen(clean)
	switch {
	case odd:
		s.fail(line, column, fmt.Sprintf("%q has a character that cannot be seen", dest), "rename the file")
	case strings.Contains(dest, "://"):
		s.fail(line, column, fmt.Sprintf("`%s` is no page of the course", dest), "an entry leads to a file beside SUMMARY.md or below it")
	case !fs.ValidPath(clean) || strings.Contains(clean, `\`):
		s.fail(line, column, fmt.Sprintf("`%s` leaves the course's folder", dest), "pages stand beside SUMMARY.md or below it")
	case path.Ext(clean) != ".md":
		s.fail(line, column, fmt.Sprintf("`%s` is no Markdown file", dest), "a page ends in .md")
	case s.pages[clean] != nil:
		s.fail(line, column, fmt.Sprintf("`%s` is listed twice", dest), "keep one of the two")
	default:
		out.Path, out.ID = clean, pageID(clean)
		s.pages[clean] = out
	}
	return out
}

// pageID is the id of a page by its path: without ".md", and the folder's for
// its README.md, as mdBook has it.
func pageID(p string) string {
	dir, base := path.Split(p)
	if dir != "" && (strings.EqualFold(base, "README.md") || base == "index.md") {
		return strings.TrimSuffix(dir, "/")
	}
	return strings.TrimSuffix(p, ".md")
}

// plain is the text of a node without marks.
func (s *summary) plain(n ast.Node) string {
	title := plainText(n, s.source)
	line, column := s.place(n)
	if r, odd := unseen(title); odd {
		s.fail(line, column, fmt.Sprintf("a title has the character %U, which cannot be seen", r), "leave it out")
		return "?"
	}
	if utf8.RuneCountInString(title) > maxLine {
		s.fail(line, column, fmt.Sprintf("a title has more than %d characters", maxLine), "")
		return "?"
	}
	return title
}

// plainText is the text below a Markdown node without marks.
func plainText(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			value := t.Segment.Value(source)
			if n.Parent().Kind() != ast.KindCodeSpan {
				value = util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(value)))
			}
			b.Write(value)
			if t.SoftLineBreak() || t.HardLineBreak() {
				b.WriteByte(' ')
			}
		}
		return ast.WalkContinue, nil
	})
	return strings.TrimSpace(b.String())
}

// place is the line and column of the first text below a node.
func (s *summary) place(n ast.Node) (line, column int) {
	at := -1
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			at = t.Segment.Start
			return ast.WalkStop, nil
		}
		return ast.WalkContinue, nil
	})
	if at < 0 {
		return 1, 1
	}
	return lineColumn(string(s.source), at)
}

// lineColumn is the line and column, from 1 and in code points, of an offset.
func lineColumn(source string, at int) (line, column int) {
	start := strings.LastIndexByte(source[:at], '\n') + 1
	return strings.Count(source[:at], "\n") + 1, utf8.RuneCountInString(source[start:at]) + 1
}
