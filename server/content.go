package server

import (
	"context"
	"maps"
	"slices"
	"sync"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"lectern/analysis/course"
)

// content is what of our own addresses the client has been shown.
type content struct {
	mu    sync.Mutex
	shown map[string]bool
}

func (c *content) add(address string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.shown == nil {
		c.shown = map[string]bool{}
	}
	c.shown[address] = true
}

// refreshContent tells the client to read again what it was shown, as courses may
// have changed.
func (s *Server) refreshContent() {
	s.content.mu.Lock()
	shown := slices.Sorted(maps.Keys(s.content.shown))
	s.content.mu.Unlock()
	if !s.can.content || len(shown) == 0 {
		return
	}
	s.solo("refresh pages", func(ctx context.Context) error {
		for _, address := range shown {
			if err := s.client.TextDocumentContentRefresh(ctx, &protocol.TextDocumentContentRefreshParams{URI: uri.URI(address)}); err != nil {
				return err
			}
		}
		return nil
	})
}

// textDocumentContent gives clients that show documents without files the page at
// one of Lectern's addresses: a lesson or a hint.
func (s *Server) textDocumentContent(p *protocol.TextDocumentContentParams) (answer, error) {
	first := s.environmentOf("")
	return func(ctx context.Context) (any, error) {
		page, env, err := found(ctx, s, first, func(l *course.Library) (course.Page, bool) { return l.Find(string(p.URI)) })
		if err != nil {
			return nil, err
		}
		if env == nil || page.Hint == nil && page.Section.Draft() {
			return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "no course has a page %.100q", p.URI)
		}
		s.content.add(string(p.URI))
		if page.Hint != nil {
			return &protocol.TextDocumentContentResult{Text: string(safePage(page.Hint.Path, hintPage(page.Hint)))}, nil
		}
		return &protocol.TextDocumentContentResult{Text: string(safePage(page.Section.Path, page.Section.Body))}, nil
	}, nil
}

// found looks something up in the courses of a folder, and then in those of the
// others: what a client sends back says not always which folder it is about.
func found[T any](ctx context.Context, s *Server, first *environment, find func(*course.Library) (T, bool)) (one T, env *environment, err error) {
	if err := first.await(ctx); err != nil {
		return one, nil, err
	}
	for _, env := range append([]*environment{first}, s.environments()...) {
		if one, ok := find(env.library()); ok {
			return one, env, nil
		}
	}
	return one, nil, nil
}

// contentOptions announces the addresses that are Lectern's.
func contentOptions() *protocol.TextDocumentContentOptions {
	return &protocol.TextDocumentContentOptions{Schemes: []string{course.Scheme}}
}
