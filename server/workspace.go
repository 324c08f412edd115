package server

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"lectern/analysis/config"
)

// workspace is the folders that the client has open.
type workspace struct {
	wake       chan struct{} // asks for a reload; holds one
	configured chan struct{} // closed with the client's first answer about settings
	once       sync.Once     // closes configured

	mu      sync.Mutex
	folders []*folder
	opened  int             // folders so far
	loose   *folder         // of documents in none of them
	leaving []*folder       // removed before they were loaded: somebody may wait for them
	waiting []chan struct{} // for the next reload to end
	asking  []chan struct{} // for the client's answer to the next question about settings
}

// folder is a part of the file system with settings of its own.
type folder struct {
	root   string // "" for what is in no folder
	real   string // without symbolic links, where that differs
	uri    uri.URI
	order  int
	found  bool            // not opened by the client: a lectern.yaml was found around a document
	client protocol.LSPAny // settings, as the client sent them; guarded by workspace.mu
	env    *environment    // the newest; guarded by workspace.mu
	good   settingsOfFile  // reload's own
}

// openWorkspace takes over what initialize says, and starts loading.
func (s *Server) openWorkspace(roots []uri.URI, options protocol.LSPAny) {
	w := &s.workspace
	w.loose = &folder{client: slices.Clone(options), env: newEnvironment()}
	for _, u := range roots {
		w.add(u)
	}
	if !s.can.configuration {
		w.once.Do(func() { close(w.configured) })
	}
	if s.can.configuration { // otherwise reload is at it at once
		s.loadAhead(w.folders, w.loose.client)
	}
	s.background("load settings and courses", s.reload)
}

// loadAhead loads the courses that the folders' own settings name while the client
// is asked for its settings, which seldom name others.
func (s *Server) loadAhead(folders []*folder, client protocol.LSPAny) {
	roots := []string{""} // for a client that opens no folder
	if len(folders) > 0 {
		roots = roots[:0]
		for _, f := range folders {
			roots = append(roots, f.root)
		}
	}
	s.background("load the courses of settings files", func(ctx context.Context) error {
		for _, root := range roots {
			if ctx.Err() != nil {
				break
			}
			var file settingsOfFile
			settings, _ := settingsOf(root, client, &file)
			s.shelf.rules(settings.Courses())
		}
		return nil
	})
}

func rootsOf(p *protocol.InitializeParams) []uri.URI {
	var roots []uri.URI
	if folders, ok := p.WorkspaceFolders.Get(); ok {
		for _, f := range folders {
			roots = append(roots, f.URI)
		}
		return roots
	}
	// Clients that know no folders say one root.
	//lint:ignore SA1019 older clients send this alone
	if p.RootURI != nil && *p.RootURI != "" {
		//lint:ignore SA1019 as above
		return []uri.URI{*p.RootURI}
	}
	//lint:ignore SA1019 the oldest clients send this alone
	if path, ok := p.RootPath.Get(); ok && path != "" {
		return []uri.URI{pathToURI(path)}
	}
	return nil
}

// add opens a folder, if it is one of the file system and not open yet.
func (w *workspace) add(u uri.URI) {
	root := uriToPath(u)
	if root == "" {
		return
	}
	f := &folder{root: root, uri: uri.URI(strings.Clone(string(u))), env: newEnvironment()}
	if real, err := filepath.EvalSymlinks(root); err == nil && real != root {
		f.real = real
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	f.client = w.loose.client
	w.insert(f)
}

// insert keeps the folders in an order in which the innermost comes first. The
// caller holds mu.
func (w *workspace) insert(f *folder) {
	if i := slices.IndexFunc(w.folders, func(o *folder) bool { return o.root == f.root }); i >= 0 {
		if old := w.folders[i]; old.found && !f.found { // the client opens what was found before
			old.found, old.uri = false, f.uri
		}
		return
	}
	w.opened++
	f.order = w.opened
	w.folders = append(w.folders, f)
	slices.SortStableFunc(w.folders, func(a, b *folder) int { return cmp.Compare(len(b.root), len(a.root)) })
}

// all is every folder, the loose one last.
func (w *workspace) all() []*folder {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append(slices.Clone(w.folders), w.loose)
}

// toLoad is every folder, and those that were removed before they were loaded.
func (w *workspace) toLoad() []*folder {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := append(append(slices.Clone(w.folders), w.loose), w.leaving...)
	w.leaving = nil
	return list
}

// primary is the folder that the client opened first; what is no file belongs to
// it. The caller holds mu.
func (w *workspace) primary() *folder {
	var first *folder
	for _, f := range w.folders {
		if !f.found && (first == nil || f.order < first.order) {
			first = f
		}
	}
	if first == nil {
		return w.loose
	}
	return first
}

// around is the innermost folder that has the path in it, or nil. The caller
// holds mu.
func (w *workspace) around(path string) *folder {
	for _, f := range w.folders {
		if within(f.root, path) || f.real != "" && within(f.real, path) {
			return f
		}
	}
	return nil
}

// folderOf is the innermost folder that a file is in. A file outside of all
// brings the folder with the nearest lectern.yaml around it, if there is one.
func (s *Server) folderOf(path string) *folder {
	w := &s.workspace
	w.mu.Lock()
	defer w.mu.Unlock()
	if f := w.around(path); f != nil {
		return f
	}
	if path == "" {
		return w.primary()
	}
	// The client may have opened the folder by another way than the file.
	if dir, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		if f := w.around(filepath.Join(dir, filepath.Base(path))); f != nil {
			return f
		}
	}
	settings, ok := config.Find(filepath.Dir(path))
	if !ok {
		return w.loose
	}
	root := filepath.Dir(settings)
	f := &folder{root: root, uri: pathToURI(root), found: true, client: w.loose.client, env: newEnvironment()}
	w.insert(f)
	s.wake()
	return f
}

// environments are those of all folders, as far as they are ready.
func (s *Server) environments() []*environment {
	var ready []*environment
	for _, f := range s.workspace.all() {
		s.workspace.mu.Lock()
		env := f.env
		s.workspace.mu.Unlock()
		if env.isReady() {
			ready = append(ready, env)
		}
	}
	return ready
}

// environmentOf is what a file is checked with.
func (s *Server) environmentOf(path string) *environment { return s.environmentIn(s.folderOf(path)) }

// environmentIn is the newest environment of a folder.
func (s *Server) environmentIn(f *folder) *environment {
	s.workspace.mu.Lock()
	defer s.workspace.mu.Unlock()
	return f.env
}

// within reports that path is root or in it.
func within(root, path string) bool {
	rel, err := filepath.Rel(root, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

func (s *Server) didChangeWorkspaceFolders(p *protocol.DidChangeWorkspaceFoldersParams) error {
	w := &s.workspace
	w.mu.Lock()
	for _, removed := range p.Event.Removed {
		root := uriToPath(removed.URI)
		w.folders = slices.DeleteFunc(w.folders, func(f *folder) bool {
			if f.root == root && !f.env.isReady() {
				w.leaving = append(w.leaving, f)
			}
			return f.root == root
		})
	}
	w.mu.Unlock()
	for _, added := range p.Event.Added {
		w.add(added.URI)
	}
	docs := s.documents.all()
	for _, d := range docs {
		d.setEnvironment(s.environmentOf(d.path))
	}
	s.wake()
	s.askConfiguration()
	s.watchFiles()
	s.recheck(docs)
	return nil
}
