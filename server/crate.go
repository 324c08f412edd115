package server

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"slices"
	"time"

	"go.uber.org/zap"

	"lectern/analysis/rust"
)

// loadCrate is what is known about the crate of a file: never nil.
func (s *Server) loadCrate(path, language string) *rust.Crate {
	if path == "" || language != "rust" {
		return &rust.Crate{}
	}
	crate, err := guard(s, "look at the crate of "+path, func() (*rust.Crate, error) {
		return rust.LoadCrate(s.readFile, path)
	})
	if err != nil {
		s.log.Info("the crate cannot be read", zap.String("file", path), zap.Error(err))
	}
	if crate == nil {
		return &rust.Crate{}
	}
	return crate
}

// maxCrateFile bounds the files that are read from disk.
const maxCrateFile = 4 << 20

// readFile reads a file: the open buffer of it, else the disk.
func (s *Server) readFile(path string) ([]byte, error) {
	for _, d := range s.documents.all() {
		if d.path == path {
			d.mu.Lock()
			defer d.mu.Unlock()
			return d.text.Bytes(), nil
		}
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("read %s: it is not a regular file", path)
	case info.Size() > maxCrateFile:
		return nil, fmt.Errorf("read %s: it has %d bytes, the limit is %d", path, info.Size(), maxCrateFile)
	}
	return os.ReadFile(path)
}

// crateFileChanged looks again at the crates that a file says something about.
// The file may be an open buffer: those lie over the disk. Facts of a crate
// follow a moment after the change; they are of other files than the one that is
// being typed in.
func (s *Server) crateFileChanged(path string) {
	if path != "" {
		s.crateFilesChanged(func(file string) bool { return file == path })
	}
}

// crateFilesChanged does so for all files that changed says it of.
func (s *Server) crateFilesChanged(changed func(file string) bool) {
	var affected []*document
	for _, d := range s.documents.all() {
		d.mu.Lock()
		if d.crate != nil && slices.ContainsFunc(d.crate.Files, changed) {
			affected = append(affected, d)
		}
		d.mu.Unlock()
	}
	if len(affected) == 0 {
		return
	}
	s.documents.mu.Lock()
	running := s.documents.stale != nil
	if !running {
		s.documents.stale = map[*document]bool{}
	}
	for _, d := range affected {
		s.documents.stale[d] = true
	}
	s.documents.mu.Unlock()
	if !running {
		s.background("look at crates", s.reloadCrates)
	}
}

// settle is how long the look at a crate waits for more changes: its root may be
// the very file that is being typed in.
const settle = 50 * time.Millisecond

// reloadCrates runs until no document's crate is in doubt.
func (s *Server) reloadCrates(ctx context.Context) error {
	for ctx.Err() == nil {
		wait(ctx.Done(), settle)
		s.documents.mu.Lock()
		stale := s.documents.stale
		if len(stale) == 0 {
			s.documents.stale = nil
			s.documents.mu.Unlock()
			return nil
		}
		s.documents.stale = map[*document]bool{}
		s.documents.mu.Unlock()

		// All files under one root have the same facts.
		type key struct{ manifest, root string }
		loaded := map[key]*rust.Crate{}
		var changed []*document
		for d := range stale {
			d.mu.Lock()
			old := d.crate
			d.mu.Unlock()
			k := key{old.Manifest, old.Root}
			crate, ok := loaded[k]
			if !ok || k.root == "" {
				crate = s.loadCrate(d.path, d.language)
				loaded[k] = crate
			}
			if !reflect.DeepEqual(old, crate) {
				s.log.Debug("crate changed", zap.String("uri", string(d.uri)))
				d.setCrate(crate)
				changed = append(changed, d)
			}
		}
		if len(changed) > 0 {
			s.recheck(changed)
		}
	}
	return nil
}
