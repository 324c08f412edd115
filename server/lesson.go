package server

import (
	"context"
	"strings"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
	"go.uber.org/zap"

	"lectern/analysis/course"
)

// breadcrumb is the way to a lesson from its chapter.
func (c *contents) breadcrumb(l *course.Section) string {
	trail := c.library().Breadcrumb(l)
	return strings.Join(trail[max(0, len(trail)-2):], " › ")
}

// pageLink is where a click on a lesson's name leads: to the web if the lesson is
// there, else to its page, at our own address where the client shows those, or in
// the cache folder.
func (s *Server) pageLink(env *environment, l *course.Section) string {
	if page := env.library().URL(l); page != "" {
		return page
	}
	if s.can.content {
		return l.URI()
	}
	file, err := s.pages.pathOf(env.library(), l.Course, l.Path)
	if err != nil {
		s.log.Warn("the lesson has no place", zap.Error(err))
		return ""
	}
	return string(pathToURI(file))
}

// linkFrom is where a link in a hint leads: web pages as they are, and other
// pages of the course. Anything else is no link.
func (s *Server) linkFrom(env *environment, from *course.Hint, target string) string {
	if strings.HasPrefix(target, "http://") || strings.HasPrefix(target, "https://") {
		return target
	}
	page, ok := env.library().Resolve(from.Course, from.Path, target)
	if !ok || page.Section == nil {
		return ""
	}
	return s.pageLink(env, page.Section)
}

// opened is the answer of the commands that show a page.
type opened struct {
	URI   string `json:"uri"`
	Path  string `json:"path"`
	Title string `json:"title"`
	Shown bool   `json:"shown"` // by window/showDocument
}

// openLesson shows a lesson in the client.
func (s *Server) openLesson(arguments []protocol.LSPAny) (answer, error) {
	id, near, err := s.aboutArguments(arguments, "lesson")
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) (any, error) {
		l, env, err := found(ctx, s, near, func(l *course.Library) (*course.Section, bool) { return l.Section(id) })
		if err != nil {
			return nil, err
		}
		if env == nil || l.Draft() {
			return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "no course has a lesson %.100q", id)
		}
		file, err := s.pages.write(env.library(), l.Course, l.Path)
		if err != nil {
			return nil, err
		}
		return s.show(ctx, l.URI(), file, l.Title)
	}, nil
}

// explainHint shows all that a hint has to say.
func (s *Server) explainHint(arguments []protocol.LSPAny) (answer, error) {
	id, near, err := s.aboutArguments(arguments, "hint")
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) (any, error) {
		hint, env, err := found(ctx, s, near, func(l *course.Library) (*course.Hint, bool) { return l.Hint(id) })
		if err != nil {
			return nil, err
		}
		if env == nil {
			return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "no course has a hint %.100q", id)
		}
		file, err := s.pages.write(env.library(), hint.Course, hint.Path)
		if err != nil {
			return nil, err
		}
		return s.show(ctx, hint.URI(), file, plainTitle(hint))
	}, nil
}

// show opens a page in the client, or tells where it is. A client that shows our
// own addresses gets the address, and every other one the file.
func (s *Server) show(ctx context.Context, address, file, title string) (any, error) {
	o := opened{URI: string(pathToURI(file)), Path: file, Title: title}
	if s.can.content {
		o.URI = address
		s.content.add(address)
	}
	if s.can.showDocument {
		shown, err := s.client.ShowDocument(ctx, &protocol.ShowDocumentParams{URI: uri.URI(o.URI), TakeFocus: new(true)})
		o.Shown = err == nil && shown != nil && shown.Success
	}
	if !o.Shown {
		s.tell(protocol.MessageTypeInfo, title+": "+file)
	}
	answer, err := protocol.Marshal(o)
	if err != nil {
		return nil, err
	}
	return jsonrpc2.RawMessage(answer), nil
}

// plainTitle is a hint's title where Markdown is not read.
func plainTitle(h *course.Hint) string {
	return writer{plain: true}.paragraph(h.Title, func(string) string { return "" })
}
