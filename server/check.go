package server

import (
	"context"
	"errors"
	"fmt"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"

	"lectern/analysis/engine"
	"lectern/analysis/rust"
	"lectern/analysis/syntax"
)

// This file is what a document's owner does.

// perform works out the check's result.
func (d *document) perform(ctx context.Context, c *check) {
	select {
	case <-c.env.ready:
	case <-ctx.Done():
		c.err = ctx.Err()
		return
	}
	// Nobody may be kept waiting by checks that nobody waits for.
	select {
	case <-c.urgent:
	case d.server.documents.slots <- struct{}{}:
		defer func() { <-d.server.documents.slots }()
	case <-ctx.Done():
		c.err = ctx.Err()
		return
	}
	c.result, c.err = guard(d.server, "check "+string(d.uri), func() (*engine.Result, error) { return d.check(c), nil })
	if c.err != nil {
		// Whatever state the engine's document is in, it is not used again.
		d.release()
		d.server.tellOnce(protocol.MessageTypeError, fmt.Sprintf("Lectern could not check %s: %v", d.uri, c.err))
		return
	}
	d.server.parsed()
	d.server.giveUp(c.env, c.result)
	d.server.log.Debug("checked", zap.String("uri", string(d.uri)), zap.Int32("version", c.version), zap.Int("edits", len(c.edits)))
}

// check brings the engine's document to the state that c is of. What the engine
// refuses (a text that takes too long) has a result too, an empty one.
func (d *document) check(c *check) *engine.Result {
	if d.path != "" && c.env.settings.Excluded(d.path) {
		d.release()
		return &engine.Result{Version: c.version, Text: c.text}
	}
	crate := c.crate
	if crate == nil {
		crate = d.loadCrate()
	}
	if d.engine == nil {
		return d.open(c, crate)
	}
	result := d.engine.Result()
	if len(c.edits) > 0 || result.Version != c.version {
		result = d.accept(d.engine.Edit(c.edits, c.version))
	}
	if d.has.rules != c.env.rules {
		result = d.accept(d.engine.SetRules(c.env.rules, c.env.settings))
	} else if d.has.settings != c.env.settings {
		result = d.engine.SetSettings(c.env.settings)
	}
	if d.has.crate != crate {
		result = d.engine.SetCrate(crate)
	}
	d.has.rules, d.has.settings, d.has.crate = c.env.rules, c.env.settings, crate
	return result
}

func (d *document) open(c *check, crate *rust.Crate) *engine.Result {
	opened, err := engine.Open(c.env.rules, engine.Input{
		Path: d.path, Language: d.language, Version: c.version, Text: c.text, Crate: crate, Settings: c.env.settings,
	})
	if err != nil {
		return d.accept(&engine.Result{Version: c.version, Text: c.text}, err)
	}
	d.engine = opened
	d.has.rules, d.has.settings, d.has.crate = c.env.rules, c.env.settings, crate
	return opened.Result()
}

// accept says what the engine could not do, once to the user, and goes on without
// findings.
func (d *document) accept(result *engine.Result, err error) *engine.Result {
	if err != nil {
		d.server.log.Warn("not checked", zap.String("uri", string(d.uri)), zap.Error(err))
		if errors.Is(err, syntax.ErrLength) || errors.Is(err, syntax.ErrLimit) {
			d.server.tellOnce(protocol.MessageTypeWarning, fmt.Sprintf("Lectern does not check %s: %v", d.uri, err))
		}
	}
	return result
}

// loadCrate looks at the crate for the first time.
func (d *document) loadCrate() *rust.Crate {
	crate := d.server.loadCrate(d.path, d.language)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.crate == nil {
		d.crate = crate
		d.server.watchAgain()
	}
	return d.crate
}

// release frees the engine's document.
func (d *document) release() {
	old := d.engine
	d.engine = nil
	if old == nil {
		return
	}
	d.server.parsed()
	_, err := guard(d.server, "close a document", func() (struct{}, error) { old.Close(); return struct{}{}, nil })
	if err != nil {
		d.server.log.Warn("closing failed", zap.Error(err))
	}
}
