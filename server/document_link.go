package server

import (
	"bytes"
	"context"
	"slices"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
	"go.uber.org/zap"

	"lectern/analysis/config"
	"lectern/analysis/course"
	"lectern/analysis/engine"
	"lectern/analysis/text"
)

// documentLink makes links of what comments name: the hints of an allow, a
// lesson by its id, a `lectern:` address.
func (s *Server) documentLink(p *protocol.DocumentLinkParams) (answer, error) {
	c, err := s.snapshot(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) (any, error) {
		links := []protocol.DocumentLink{}
		if c == nil {
			return links, nil
		}
		result, err := c.wait(ctx)
		if err != nil {
			return nil, err
		}
		if !c.env.settings.Enabled(config.DocumentLinks) || result.Tree == nil {
			return links, nil
		}
		for _, n := range namedPages(c.env.library(), result) {
			target, title := s.pageTarget(c.env, n.page)
			if target == "" {
				continue
			}
			links = append(links, protocol.DocumentLink{
				Range: s.rangeToProtocol(result.Text, n.at), Target: new(uri.URI(target)), Tooltip: new(title),
			})
		}
		return links, nil
	}, nil
}

// namedPage is a page that a comment names.
type namedPage struct {
	page course.Page
	at   text.Range
}

// namedPages are the pages that a text's comments name, in source order.
func namedPages(library *course.Library, result *engine.Result) []namedPage {
	var named []namedPage
	for _, use := range result.Allows {
		for _, id := range use.IDs {
			if hint, ok := library.Hint(id.Name); ok {
				lesson, _ := library.SectionOf(hint)
				named = append(named, namedPage{course.Page{Section: lesson, Hint: hint}, id.Range})
			}
		}
	}
	all := result.Text.Bytes()
	for i := 0; i < len(all); i++ {
		// Ids of lessons have a slash in them, and addresses a colon.
		skip := bytes.IndexAny(all[i:], "/:")
		if skip < 0 {
			break
		}
		i += skip
		at, ok := wordAround(all, i)
		if !ok {
			continue
		}
		word := string(all[at.Start:at.End])
		page, ok := library.Find(word)
		if !ok && all[i] == '/' {
			page.Section, ok = library.Section(word)
		}
		if ok && result.Tree.InComment(at.Start) {
			named = append(named, namedPage{page, at})
			i = at.End
		}
	}
	slices.SortStableFunc(named, func(a, b namedPage) int { return a.at.Start - b.at.Start })
	return named
}

// wordAround is the run of letters that an id or an address can have around byte
// i, without a full stop or a colon at its end; it must stand for itself, not be
// part of a path or of code.
func wordAround(b []byte, i int) (text.Range, bool) {
	part := func(c byte) bool {
		return c == '-' || c == '_' || c == '/' || c == ':' || c == '.' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
	}
	start, end := i, i
	for start > 0 && part(b[start-1]) {
		start--
	}
	for end < len(b) && part(b[end]) {
		end++
	}
	for end > start && (b[end-1] == '.' || b[end-1] == ':') {
		end--
	}
	return text.Range{Start: start, End: end}, end-start > 2 && b[start] != '/'
}

// pageTarget is where a link to a page leads, and the page's title.
func (s *Server) pageTarget(env *environment, page course.Page) (target, title string) {
	switch {
	case page.Hint != nil && s.can.content:
		return page.Hint.URI(), plainTitle(page.Hint)
	case page.Hint != nil:
		file, err := s.pages.pathOf(env.library(), page.Hint.Course, page.Hint.Path)
		if err != nil {
			s.log.Warn("the hint has no page", zap.Error(err))
			return "", ""
		}
		return string(pathToURI(file)), plainTitle(page.Hint)
	case page.Section != nil && !page.Section.Draft():
		return s.pageLink(env, page.Section), page.Section.Title
	}
	return "", ""
}
