package server

import (
	"fmt"
	"path/filepath"
	"strings"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
	"go.uber.org/zap"

	"lectern/analysis/text"
)

// openParams keeps the URI as the client spells it, to answer in its own words;
// the protocol's type would change it.
type openParams struct {
	TextDocument struct {
		URI        string `json:"uri"`
		LanguageID string `json:"languageId"`
		Version    int32  `json:"version"`
		Text       string `json:"text"`
	} `json:"textDocument"`
}

func (s *Server) didOpen(p *openParams) error {
	item := &p.TextDocument
	u := uri.URI(item.URI)
	if err := checkURI(u); err != nil {
		return err
	}
	path := uriToPath(u)
	d := &document{
		server: s, uri: u, path: path, language: languageOf(item.LanguageID, u, path),
		text: text.New([]byte(item.Text)), version: item.Version,
		env: s.environmentOf(path), opened: s.documents.count.Add(1),
	}
	if old := s.documents.get(u); old != nil {
		s.log.Warn("opened twice", zap.String("uri", string(u)))
		s.close(old)
	}
	s.documents.mu.Lock()
	s.documents.open[uriKey(u)] = d
	s.documents.mu.Unlock()
	d.setEnvironment(s.environmentOf(path)) // it may have changed before d was to be seen
	s.documents.touch(d)
	s.scan.stir()
	s.crateFileChanged(d.path)
	return nil
}

// languageOf is the engine's language for a document, or "" for one that is
// only kept.
func languageOf(id string, u uri.URI, path string) string {
	name := path
	if name == "" {
		name = string(u)
	}
	switch {
	case id == "rust" || strings.HasSuffix(name, ".rs"):
		return "rust"
	case filepath.Base(name) == "Cargo.toml":
		return "toml"
	}
	return ""
}

// didChangeParams tells an edit whose range is broken from a whole new text, which
// the protocol's own type takes it for.
type didChangeParams struct {
	TextDocument   protocol.VersionedTextDocumentIdentifier `json:"textDocument"`
	ContentChanges []contentChange                          `json:"contentChanges"`
}

// contentChange is an edit, or, without a range, a whole new text.
type contentChange struct {
	Range *struct {
		Start *protocol.Position `json:"start"`
		End   *protocol.Position `json:"end"`
	} `json:"range"`
	Text *string `json:"text"`
}

// whole reports that nothing of the change is missing.
func (c *contentChange) whole() bool {
	return c.Text != nil && (c.Range == nil || c.Range.Start != nil && c.Range.End != nil)
}

func (s *Server) didChange(p *didChangeParams) error {
	if err := checkURI(p.TextDocument.URI); err != nil {
		return err
	}
	d := s.documents.get(p.TextDocument.URI)
	if d == nil {
		return fmt.Errorf("change %s: it is not open", p.TextDocument.URI)
	}
	// Only this goroutine changes text and version.
	if v := p.TextDocument.Version; v < d.version || v == d.version && v != 0 {
		return fmt.Errorf("change %s: version %d comes after version %d", d.uri, v, d.version)
	}
	next := d.text
	var edits []text.Edit
	for i, change := range p.ContentChanges {
		if !change.whole() {
			return fmt.Errorf("change %s: the change number %d lacks its text, or an end of its range", d.uri, i)
		}
		var made []text.Edit
		next, made = s.apply(next, change)
		edits = append(edits, made...)
	}
	d.change(next, edits, p.TextDocument.Version)
	s.documents.touch(d)
	s.crateFileChanged(d.path)
	return nil
}

// apply is the text after one change, and the edits that make it, in the order
// in which they are made.
func (s *Server) apply(t *text.Text, change contentChange) (*text.Text, []text.Edit) {
	if change.Range != nil {
		r := s.protocolToRange(t, protocol.Range{Start: *change.Range.Start, End: *change.Range.End})
		e := text.Edit{Start: r.Start, End: r.End, New: strings.Clone(*change.Text)}
		return t.Replace(e.Start, e.End, []byte(e.New)), []text.Edit{e}
	}
	// Few lines differ as a rule; telling which keeps the check incremental.
	edits := text.DiffLines(t.Bytes(), []byte(*change.Text))
	reversed := make([]text.Edit, 0, len(edits))
	for i := len(edits) - 1; i >= 0; i-- {
		e := edits[i]
		t = t.Replace(e.Start, e.End, []byte(e.New))
		reversed = append(reversed, e)
	}
	return t, reversed
}

func (s *Server) didSave(p *protocol.DidSaveTextDocumentParams) error {
	if err := checkURI(p.TextDocument.URI); err != nil {
		return err
	}
	s.filesChanged([]string{uriToPath(p.TextDocument.URI)})
	return nil
}

func (s *Server) didClose(p *protocol.DidCloseTextDocumentParams) error {
	if err := checkURI(p.TextDocument.URI); err != nil {
		return err
	}
	d := s.documents.get(p.TextDocument.URI)
	if d == nil {
		return fmt.Errorf("close %s: it is not open", p.TextDocument.URI)
	}
	s.closings.add(d.uri)
	s.close(d)
	s.crateFileChanged(d.path)
	return nil
}

// close forgets a document. Questions asked before are still answered.
func (s *Server) close(d *document) {
	s.documents.mu.Lock()
	delete(s.documents.open, uriKey(d.uri))
	delete(s.documents.dirty, d)
	s.documents.mu.Unlock()
	s.clear(d)
	s.scan.stir()
	d.mu.Lock()
	d.closed = true
	release := !d.owned && d.engine != nil
	d.owned = d.owned || release
	d.mu.Unlock()
	if release {
		d.release()
	}
}
