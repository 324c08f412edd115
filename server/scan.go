package server

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sync"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
	"go.uber.org/zap"

	"lectern/analysis/config"
	"lectern/analysis/engine"
	"lectern/analysis/files"
	"lectern/analysis/rust"
	"lectern/analysis/text"
)

// This file looks at all files of the open folders, for whoever asks about the
// whole workspace. Of a file that is not open it keeps what it answers, not its
// text or its tree.

const (
	batchSize   = 64       // files that are looked at before somebody hears of them
	maxScanned  = 4 << 20  // bytes of a file that is not open; the parser takes no more
	maxReports  = 32 << 20 // bytes of encoded diagnostics that are kept, of all files
	maxOccurred = 500_000  // places that are kept, of all files
)

// scan is what is known of the files of the workspace.
type scan struct {
	one chan struct{} // holds one while somebody scans: two would do the same work twice

	mu      sync.Mutex
	changed chan struct{} // closed when something changed on which a report may depend
	known   map[string]*scanned
	crates  map[crateKey]*rust.Crate
	bytes   int // of the reports
	places  int
}

type crateKey struct{ manifest, root string }

// scanned is what came of a file, and what it was made from.
type scanned struct {
	info     os.FileInfo // of a file that is not open
	rules    *engine.Rules
	settings *config.Settings
	crate    *rust.Crate

	uri     uri.URI
	version *int32 // of an open document
	id      string
	items   []byte // encoded; nil when they were too many to keep
	places  []place
	full    bool // places has all of them
}

// place is where a hint matched.
type place struct {
	hint, section string
	at            protocol.Range
}

// stir tells those who wait that something may have changed.
func (c *scan) stir() {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(c.changed)
	c.changed = make(chan struct{})
}

// change is closed at the next stir.
func (c *scan) change() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.changed
}

// scanWorkspace calls yield with what is known of the files of the workspace, in
// batches, in the order of their paths, after at most done of total files.
func (s *Server) scanWorkspace(ctx context.Context, yield func(batch []*scanned, done, total int)) error {
	select {
	case s.scan.one <- struct{}{}:
		defer func() { <-s.scan.one }()
	case <-ctx.Done():
		return ctx.Err()
	}
	defer s.working()()
	paths, err := s.workspaceFiles(ctx)
	if err != nil {
		return err
	}
	s.scan.forget(paths)
	loader := rust.NewLoader(s.readFile)
	done := 0
	for batch := range slices.Chunk(paths, batchSize) {
		out := make([]*scanned, len(batch))
		var running sync.WaitGroup
		next := make(chan int)
		for range cap(s.documents.slots) {
			running.Go(func() {
				for i := range next {
					found, err := guard(s, "look at "+batch[i], func() (*scanned, error) { return s.look(ctx, batch[i], loader) })
					if err != nil && ctx.Err() == nil {
						s.log.Info("not looked at", zap.String("file", batch[i]), zap.Error(err))
					}
					out[i] = found
				}
			})
		}
		for i := range batch {
			next <- i
		}
		close(next)
		running.Wait()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		done += len(batch)
		yield(slices.DeleteFunc(out, func(f *scanned) bool { return f == nil }), done, len(paths))
	}
	return nil
}

// workspaceFiles are the paths of the files in the folders that the client has
// open, each once.
func (s *Server) workspaceFiles(ctx context.Context) ([]string, error) {
	seen := map[string]bool{}
	for _, f := range s.workspace.all() {
		if f.root == "" || f.found {
			continue
		}
		env := s.environmentIn(f)
		if err := env.await(ctx); err != nil {
			return nil, err
		}
		files.Find(ctx, []string{f.root}, env.settings.Excluded, func(path string, err error) bool {
			if err != nil {
				s.log.Debug("passed over", zap.String("path", path), zap.Error(err))
			} else {
				seen[path] = true
			}
			return true
		})
	}
	paths := make([]string, 0, len(seen))
	for p := range seen {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	return paths, ctx.Err()
}

// forget drops what is known of files that are not there any more.
func (c *scan) forget(paths []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for path, f := range c.known {
		if _, there := slices.BinarySearch(paths, path); !there {
			c.drop(path, f)
		}
	}
}

// outdated drops what is known of files that were changed, even if their time and
// their length are the same.
func (c *scan) outdated(paths []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, path := range paths {
		if f := c.known[path]; f != nil {
			c.drop(path, f)
		}
	}
}

// drop forgets a file. The caller holds mu.
func (c *scan) drop(path string, f *scanned) {
	delete(c.known, path)
	c.bytes -= len(f.items)
	c.places -= len(f.places)
}

// keep remembers what came of a file, as far as there is room: what is left out
// is worked out again when it is asked for.
func (c *scan) keep(path string, f *scanned) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.known[path]; old != nil {
		c.drop(path, old)
	}
	kept := *f
	if c.bytes+len(f.items) > maxReports {
		kept.items = nil
	}
	if c.places+len(f.places) > maxOccurred {
		kept.places, kept.full = nil, false
	}
	c.known[path] = &kept
	c.bytes += len(kept.items)
	c.places += len(kept.places)
}

// look is what a file has to report; nil when it has nothing to do with anybody.
func (s *Server) look(ctx context.Context, path string, loader *rust.Loader) (*scanned, error) {
	s.workspace.mu.Lock()
	f := s.workspace.around(path)
	s.workspace.mu.Unlock()
	if f == nil {
		return nil, nil // its folder was removed meanwhile, and must not be found again
	}
	env := s.environmentIn(f)
	if err := env.await(ctx); err != nil {
		return nil, err
	}
	if env.settings.Excluded(path) { // of a folder within another one
		return nil, nil
	}
	if d := s.documents.get(pathToURI(path)); d != nil {
		if c := d.ask(true, false); c != nil {
			result, err := c.wait(ctx)
			if err != nil {
				return nil, err
			}
			found, err := s.reported(c, result, func(*protocol.Diagnostic) bool { return true })
			if found != nil {
				found.version = &c.version
			}
			return found, err
		}
	}
	return s.lookAtDisk(ctx, path, env, loader)
}

// lookAtDisk is what a file that is not open has to report. One that cannot be
// checked has nothing to report until it changes.
func (s *Server) lookAtDisk(ctx context.Context, path string, env *environment, loader *rust.Loader) (*scanned, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	crate := s.crateOf(path, loader)
	s.scan.mu.Lock()
	old := s.scan.known[path]
	s.scan.mu.Unlock()
	if old != nil && old.items != nil && old.full && old.rules == env.rules && old.settings == env.settings && old.crate == crate &&
		old.info.Size() == info.Size() && old.info.ModTime().Equal(info.ModTime()) {
		return old, nil
	}
	// Only so many at a time, and none while open documents need the room.
	select {
	case s.documents.slots <- struct{}{}:
		defer func() { <-s.documents.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	in := engine.Input{Path: path, Text: text.New(nil), Crate: crate, Settings: env.settings}
	if info.Size() > maxScanned {
		s.log.Info("too large to be checked", zap.String("file", path), zap.Int64("bytes", info.Size()))
	} else if content, err := files.Read(path); err != nil {
		return nil, err
	} else {
		in.Text = text.New(content)
	}
	result, err := engine.Check(env.rules, in)
	s.parsed()
	if err != nil {
		s.log.Info("not checked", zap.String("file", path), zap.Error(err))
		result = &engine.Result{Text: in.Text}
	}
	c := &check{doc: &document{server: s, uri: pathToURI(path), path: path}, env: env, text: in.Text}
	found, err := s.reported(c, result, actionable)
	if err != nil {
		return nil, err
	}
	found.info, found.rules, found.settings, found.crate = info, env.rules, env.settings, crate
	s.scan.keep(path, found)
	return found, nil
}

// actionable chooses what is told of a file that is not open. A list of problems
// is for what somebody should act on: a learner who opens a large workspace is
// not to be met by the concepts of all its files. They appear when it is opened.
func actionable(d *protocol.Diagnostic) bool { return d.Severity <= protocol.DiagnosticSeverityWarning }

// reported is what a check found, as far as it is wanted.
func (s *Server) reported(c *check, result *engine.Result, wanted func(*protocol.Diagnostic) bool) (*scanned, error) {
	found := &scanned{uri: c.doc.uri, full: true}
	var list []protocol.Diagnostic
	if c.env.settings.Enabled(config.WorkspaceDiagnostics) {
		list = slices.DeleteFunc(s.diagnostics(c, result), func(d protocol.Diagnostic) bool { return !wanted(&d) })
	}
	var err error
	if found.items, found.id, err = encodeDiagnostics(list); err != nil {
		return nil, err
	}
	for _, f := range result.Findings() {
		found.places = append(found.places, place{f.Hint, f.Section, s.rangeToProtocol(result.Text, f.Range)})
	}
	return found, nil
}

// crateOf is the crate of a file that is not open: the same facts are the same
// pointer, so that what was made with them can be told.
func (s *Server) crateOf(path string, loader *rust.Loader) *rust.Crate {
	if filepath.Ext(path) != ".rs" {
		return nil
	}
	crate, err := loader.Load(path)
	if err != nil {
		s.log.Debug("the crate cannot be read", zap.String("file", path), zap.Error(err))
	}
	if crate == nil {
		return nil
	}
	facts := *crate
	facts.Files = nil // differ from file to file, and are not facts
	s.scan.mu.Lock()
	defer s.scan.mu.Unlock()
	key := crateKey{facts.Manifest, facts.Root}
	if old := s.scan.crates[key]; old != nil && reflect.DeepEqual(*old, facts) {
		return old
	}
	s.scan.crates[key] = &facts
	return &facts
}
