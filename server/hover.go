package server

import (
	"context"
	"fmt"
	"strings"

	"go.lsp.dev/protocol"

	"lectern/analysis/config"
	"lectern/analysis/finding"
)

// maxHoverLines is how long a hover may be: it must not hide the code that it is
// about.
const maxHoverLines = 8

// hover explains what the findings under the cursor are about, the innermost
// first. Where the text names a hint, in an allow comment or by a lint's name, it is
// about that hint.
func (s *Server) hover(p *protocol.HoverParams) (answer, error) {
	c, err := s.snapshot(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) (any, error) {
		if c == nil {
			return nil, nil
		}
		result, err := c.wait(ctx)
		if err != nil {
			return nil, err
		}
		if !c.env.settings.Enabled(config.Hover) {
			return nil, nil
		}
		off := s.positionToOffset(result.Text, p.Position)
		at := result.At(off)
		if m, ok := mentionAt(c.env, result, off); ok {
			at = at[:0]
			for _, hint := range m.hints {
				at = append(at, finding.Finding{Hint: hint.ID, Range: m.at})
			}
		}
		if len(at) == 0 {
			return nil, nil
		}
		content := s.explain(c.env, at)
		if content.Value == "" {
			return nil, nil
		}
		r := s.rangeToProtocol(result.Text, at[0].Range)
		return &protocol.Hover{Contents: content, Range: &r}, nil
	}, nil
}

// explain is the text of a hover on findings, the innermost first.
func (s *Server) explain(env *environment, at []finding.Finding) *protocol.MarkupContent {
	write := writer{plain: !s.can.markdown}
	content := &protocol.MarkupContent{Kind: protocol.MarkupKindMarkdown}
	if write.plain {
		content.Kind = protocol.MarkupKindPlainText
	}
	var cards [][]string
	for _, f := range at {
		if card := s.card(env, write, f.Hint); card != nil && !seen(at, f) {
			cards = append(cards, card)
		}
	}
	content.Value = strings.Join(layout(cards, write), "\n")
	return content
}

// seen reports that an earlier finding is of the same hint.
func seen(at []finding.Finding, f finding.Finding) bool {
	for _, other := range at {
		if other.Hint == f.Hint {
			return other.Range != f.Range
		}
	}
	return false
}

// card is what there is to say about a hint: its title, its first paragraph, and
// where to read on, a line each.
func (s *Server) card(env *environment, write writer, id string) []string {
	hint, ok := env.library().Hint(id)
	if !ok {
		return nil
	}
	link := func(target string) string { return s.linkFrom(env, hint, target) }
	lines := []string{write.bold(write.paragraph(hint.Title, link))}
	if lead := write.paragraph(hint.Lead, link); lead != "" {
		lines = append(lines, lead)
	}
	var more []string
	if lesson, ok := env.library().SectionOf(hint); ok && !lesson.Draft() {
		more = append(more, write.link(env.breadcrumb(lesson), s.pageLink(env, lesson)))
	}
	for _, r := range hint.References {
		if safeLink(r) {
			more = append(more, write.link(referenceLabel(r), r))
		}
	}
	if len(more) > 0 {
		lines = append(lines, strings.Join(more, " · "))
	}
	return lines
}

// layout joins cards to at most maxHoverLines lines. A single card has air; of
// several, the last that do not fit are only named.
func layout(cards [][]string, write writer) []string {
	if len(cards) == 1 {
		return strings.Split(strings.Join(cards[0], "\n\n"), "\n")
	}
	var lines []string
	for i, card := range cards {
		need := len(card)
		if i > 0 {
			need++ // the empty line between
		}
		if left := len(cards) - i; len(lines)+need > maxHoverLines {
			if i > 0 {
				lines[len(lines)-1] += write.lineBreak()
				lines = append(lines, fmt.Sprintf("and %d more around it", left))
			}
			return lines
		}
		if i > 0 {
			lines = append(lines, "")
		}
		for j, line := range card {
			if j+1 < len(card) {
				line += write.lineBreak()
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// referenceLabel is a short name for a web page: its site and its last part.
func referenceLabel(link string) string {
	rest := link[strings.Index(link, "//")+2:]
	rest, _, _ = strings.Cut(rest, "#")
	rest, _, _ = strings.Cut(rest, "?")
	rest = strings.Trim(rest, "/")
	site, path, _ := strings.Cut(rest, "/")
	site = strings.TrimPrefix(site, "www.")
	last := path[strings.LastIndexByte(path, '/')+1:]
	last = strings.TrimSuffix(last, ".html")
	if last == "" || last == "index" {
		return site
	}
	return site + ": " + last
}
