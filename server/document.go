package server

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"go.lsp.dev/uri"

	"lectern/analysis/config"
	"lectern/analysis/engine"
	"lectern/analysis/rust"
	"lectern/analysis/text"
)

// document is an open document. Its text follows the client at once; its
// findings are worked out by one goroutine at a time, the owner, when somebody
// asks. All that arrived between two questions costs one check.
type document struct {
	server   *Server
	uri      uri.URI // as the client spells it
	path     string  // "" when it is no file
	language string  // of the engine: "rust" or "toml"; "" when it is not checked
	opened   uint64  // the how manyth document of the session it is, from 1

	mu      sync.Mutex
	text    *text.Text
	version int32
	edits   []text.Edit  // made since a check was last asked for
	env     *environment // that the next check runs with
	crate   *rust.Crate  // that the next check runs with; nil when it is not loaded yet
	current *check       // of this very state; nil when there is none yet
	jobs    []*check     // for the owner, oldest first
	owned   bool         // the owner runs
	closed  bool

	// Used by the owner only.
	engine *engine.Document
	has    struct { // what engine was given
		rules    *engine.Rules
		settings *config.Settings
		crate    *rust.Crate
	}

	pushed  pushed
	encoded encoded
}

// check is the promise of a result for one state of a document.
type check struct {
	doc     *document
	env     *environment
	crate   *rust.Crate // nil when the owner is to load it
	text    *text.Text
	version int32
	edits   []text.Edit // since the check before it

	// Guarded by the document's mu.
	wanted   bool          // somebody waits for the result
	urgent   chan struct{} // closed when wanted
	push     bool          // the diagnostics are to be pushed
	finished bool

	// Valid once done is closed.
	done   chan struct{}
	result *engine.Result
	err    error
}

// wait is the check's result, or ctx's error when that ends first.
func (c *check) wait(ctx context.Context) (*engine.Result, error) {
	select {
	case <-c.done:
		if err := takeTurn(ctx); err != nil {
			return nil, err
		}
		return c.result, c.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// change makes edits, in their order, and takes the version over.
func (d *document) change(next *text.Text, edits []text.Edit, version int32) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.text, d.version = next, version
	d.edits = append(d.edits, edits...)
	d.current = nil
}

// setEnvironment makes the next check run with other rules or settings.
func (d *document) setEnvironment(env *environment) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.env != env {
		d.env, d.current = env, nil
	}
}

// replaceEnvironment does so if the document has the old one.
func (d *document) replaceEnvironment(old, next *environment) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.env != old {
		return false
	}
	d.env, d.current = next, nil
	return true
}

// setCrate makes the next check run with other facts about the crate.
func (d *document) setCrate(crate *rust.Crate) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.crate, d.current = crate, nil
}

// ask is the check of the document's present state; nil for a document that is
// not checked. wanted says that the result will be waited for, push that it is
// to be pushed when it is there.
func (d *document) ask(wanted, push bool) *check {
	if d.language == "" {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil
	}
	c := d.current
	switch {
	case c == nil:
		c = &check{
			doc: d, env: d.env, crate: d.crate, text: d.text, version: d.version, edits: d.edits,
			urgent: make(chan struct{}), done: make(chan struct{}),
		}
		d.edits, d.current = nil, c
		d.supersede(c)
		d.jobs = append(d.jobs, c)
	case c.finished && push:
		d.jobs = append(d.jobs, c) // only to be pushed, in its turn
	}
	c.push = c.push || push
	if wanted && !c.wanted {
		c.wanted = true
		close(c.urgent)
	}
	if len(d.jobs) > 0 && !d.owned {
		d.owned = true
		d.server.background("check a document", func(ctx context.Context) error { d.own(ctx); return nil })
	}
	return c
}

// supersede drops the last job if it has not begun and nobody waits for it; its
// edits become part of c.
func (d *document) supersede(c *check) {
	n := len(d.jobs)
	if n == 0 || d.jobs[n-1].wanted || d.jobs[n-1].finished {
		return
	}
	last := d.jobs[n-1]
	d.jobs = d.jobs[:n-1]
	c.edits = append(slices.Clip(last.edits), c.edits...)
	c.push = c.push || last.push
}

// own works the jobs off, in their order, until there are none.
func (d *document) own(ctx context.Context) {
	for {
		d.mu.Lock()
		if len(d.jobs) == 0 {
			d.owned = false
			release := d.closed && d.engine != nil
			d.mu.Unlock()
			if release {
				d.release()
			}
			return
		}
		c := d.jobs[0]
		d.jobs = d.jobs[1:]
		finished := c.finished
		d.mu.Unlock()

		if !finished {
			d.perform(ctx, c)
		}
		d.mu.Lock()
		push := c.push
		c.push, c.finished = false, true
		d.mu.Unlock()
		if !finished {
			close(c.done)
		}
		if push && c.err == nil {
			d.server.push(ctx, d, c)
		}
	}
}

// documents are the open documents.
type documents struct {
	slots chan struct{} // what nobody waits for takes one while it runs

	count atomic.Uint64 // of all that were opened

	mu    sync.Mutex
	open  map[string]*document // by uriKey
	dirty map[*document]bool   // changed since the last idle moment
	stale map[*document]bool   // whose crate is to be looked at; nil when nobody does
}

// get is the open document of a URI, or nil.
func (ds *documents) get(u uri.URI) *document {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	return ds.open[uriKey(u)]
}

// all is the open documents, in no order.
func (ds *documents) all() []*document {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	out := make([]*document, 0, len(ds.open))
	for _, d := range ds.open {
		out = append(out, d)
	}
	return out
}

// touch remembers that a document changed.
func (ds *documents) touch(d *document) {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	ds.dirty[d] = true
}

// idle is called on the read loop when no input is at hand: the moment to check
// what changed. Clients that pull find the result ready when they ask.
func (s *Server) idle() {
	s.documents.mu.Lock()
	dirty := s.documents.dirty
	if len(dirty) > 0 {
		s.documents.dirty = map[*document]bool{}
	}
	s.documents.mu.Unlock()
	for d := range dirty {
		d.ask(false, !s.can.pull)
	}
}

// snapshot is the check of a document's state at this point of the input; nil
// when there is no such document, or none that is checked.
func (s *Server) snapshot(u uri.URI) (*check, error) {
	if err := checkURI(u); err != nil {
		return nil, err
	}
	d := s.documents.get(u)
	if d == nil {
		return nil, nil
	}
	return d.ask(true, false), nil
}
