package server

import (
	"context"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"lectern/analysis/course"
)

// These are what lectern.listCourse answers, for a client's tree of lessons.
type (
	listedCourse struct {
		ID          string          `json:"id"`
		Title       string          `json:"title"`
		Description string          `json:"description,omitempty"`
		Chapters    []listedChapter `json:"chapters"`
	}
	listedChapter struct {
		ID       string          `json:"id"`
		Title    string          `json:"title"`
		Part     string          `json:"part,omitempty"`
		Sections []listedSection `json:"sections"` // the chapter's own page first
	}
	listedSection struct {
		ID    string       `json:"id"` // "" for a draft
		Title string       `json:"title"`
		URI   string       `json:"uri,omitempty"` // of the page; none for a draft
		Hints []listedHint `json:"hints"`
	}
	listedHint struct {
		ID       string `json:"id"`
		Title    string `json:"title"`
		Kind     string `json:"kind"`
		Severity string `json:"severity"`
	}
)

// listCourse is the courses with their chapters, lessons and hints.
func (s *Server) listCourse(arguments []protocol.LSPAny) (answer, error) {
	about, err := optionalString(arguments, "the URI of a document")
	if err != nil {
		return nil, err
	}
	path := "" // of the first folder
	if about != "" {
		path = uriToPath(uri.URI(about))
	}
	env := s.environmentOf(path)
	return func(ctx context.Context) (any, error) {
		if err := env.await(ctx); err != nil {
			return nil, err
		}
		list := []listedCourse{}
		for _, c := range env.library().Courses() {
			one := listedCourse{ID: c.ID, Title: c.Title, Description: c.Description, Chapters: []listedChapter{}}
			for _, chapter := range c.Chapters {
				entry := listedChapter{ID: chapter.ID, Title: chapter.Title, Part: chapter.Part, Sections: []listedSection{}}
				for _, l := range sectionsOf(chapter) {
					entry.Sections = append(entry.Sections, s.listSection(env, l))
				}
				one.Chapters = append(one.Chapters, entry)
			}
			list = append(list, one)
		}
		return rawAnswer(map[string]any{"courses": list})
	}, nil
}

func (s *Server) listSection(env *environment, l *course.Section) listedSection {
	entry := listedSection{ID: l.ID, Title: l.Title, Hints: []listedHint{}}
	if l.Draft() {
		return entry
	}
	entry.URI = s.pageLink(env, l)
	for _, h := range env.library().HintsOf(l) {
		severity, ok := env.settings.Severity(h.ID, h.Kind)
		if !ok {
			severity = h.Severity
		}
		entry.Hints = append(entry.Hints, listedHint{h.ID, plainTitle(h), h.Kind.String(), severity.String()})
	}
	return entry
}

// optionalString is the one argument that a command may have.
func optionalString(arguments []protocol.LSPAny, what string) (value string, err error) {
	if len(arguments) > 1 {
		return "", jsonrpc2.Errorf(jsonrpc2.InvalidParams, "one argument at most is expected, %s", what)
	}
	if len(arguments) == 0 || string(arguments[0]) == "null" {
		return "", nil
	}
	if err := protocol.Unmarshal(arguments[0], &value); err != nil {
		return "", jsonrpc2.Errorf(jsonrpc2.InvalidParams, "%s is to be a string: %v", what, err)
	}
	return value, nil
}

// rawAnswer is plain data as an answer.
func rawAnswer(value any) (any, error) {
	encoded, err := protocol.Marshal(value)
	if err != nil {
		return nil, err
	}
	return jsonrpc2.RawMessage(encoded), nil
}
