package server

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
	"go.uber.org/zap"

	"lectern/analysis/files"
)

// This file watches the disk for clients that cannot. It watches folders and not
// files: editors put a new file in the place of the old one, which the watch of
// a file would miss.

const (
	// maxWatches bounds the folders that are watched; systems give a user some
	// thousand for all programs.
	maxWatches = 1024
	// quiet is how long the watcher waits for more: a save or a checkout is many
	// changes.
	quiet = 100 * time.Millisecond
)

// watchAgain makes the watcher look at what is to be watched.
func (s *Server) watchAgain() {
	select {
	case s.rewatch <- struct{}{}:
	default: // somebody asked already
	}
}

// watchDisk tells the server of changes to the files that findings depend on.
func (s *Server) watchDisk(ctx context.Context) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	defer w.Close()
	d := &disk{Watcher: w, server: s}
	d.look()
	timer := time.NewTimer(quiet)
	timer.Stop()
	var changed []string
	again, set := false, false
	later := func() {
		if !set {
			set = true
			timer.Reset(quiet)
		}
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.rewatch:
			again = true
			later()
		case e := <-w.Events:
			if e.Op == fsnotify.Chmod {
				continue
			}
			if e.Has(fsnotify.Remove | fsnotify.Rename) {
				d.forget(e.Name)
			}
			again = again || e.Has(fsnotify.Create|fsnotify.Remove|fsnotify.Rename) && d.concerns(e.Name)
			if name := filepath.Base(e.Name); files.Selected(name) || courseFile(name) || d.concerns(e.Name) {
				if !slices.Contains(changed, e.Name) {
					changed = append(changed, e.Name)
				}
				later()
			}
		case err := <-w.Errors:
			if errors.Is(err, fsnotify.ErrEventOverflow) { // anything may have changed
				changed, again = append(changed, d.wanted...), true
				later()
			}
			s.log.Info("watching files", zap.Error(err))
		case <-timer.C:
			if again {
				d.look()
			}
			s.treesChanged(changed)
			changed, again, set = nil, false, false
		}
	}
}

// disk is the folders that are watched. Only watchDisk's goroutine uses it.
type disk struct {
	*fsnotify.Watcher
	server *Server
	wanted []string // whether they are there or not
	told   bool     // that there are too many
}

// concerns reports a path that is one of the folders of interest, holds one, or
// is in a course.
func (d *disk) concerns(path string) bool {
	return slices.ContainsFunc(d.wanted, func(dir string) bool { return within(path, dir) }) ||
		slices.ContainsFunc(d.server.courseFolders(), func(dir string) bool { return within(dir, path) })
}

// forget ends the watches under a path that is gone: a watch follows a folder
// that is moved, with the name that it had.
func (d *disk) forget(path string) {
	for _, dir := range d.WatchList() {
		if within(path, dir) {
			_ = d.Remove(dir) // it may have ended by itself
		}
	}
}

// look brings the watches up to date. In the place of a folder that is not there
// it watches the nearest one around it, to see it come.
func (d *disk) look() {
	d.wanted = d.server.watchedFolders()
	var there []string
	for _, dir := range d.wanted {
		if at := nearest(dir); !slices.Contains(there, at) {
			there = append(there, at)
		}
	}
	if len(there) > maxWatches {
		if !d.told {
			d.told = true
			d.server.log.Warn("too many folders to watch; changes in some are seen at the next save or reload",
				zap.Int("folders", len(there)), zap.Int("limit", maxWatches))
		}
		there = there[:maxWatches]
	}
	old := d.WatchList()
	for _, dir := range old {
		if !slices.Contains(there, dir) {
			_ = d.Remove(dir) // it may be gone
		}
	}
	var added []string
	for _, dir := range there {
		if slices.Contains(old, dir) {
			continue
		}
		if err := d.Add(dir); err != nil {
			d.server.log.Info("not watched", zap.String("folder", dir), zap.Error(err))
			continue
		}
		added = append(added, dir)
	}
	d.server.watches.Store(int32(len(d.WatchList())))
	if len(added) > 0 { // what came before the watch was not told of
		d.server.wake()
		d.server.crateFilesChanged(func(file string) bool { return slices.Contains(added, filepath.Dir(file)) })
	}
	for _, dir := range d.wanted { // one may have come between the look and the watch
		if !slices.Contains(there, dir) && nearest(dir) == dir && len(there) < maxWatches {
			d.server.watchAgain()
			return
		}
	}
}

// nearest is the folder, or the innermost one around it that is there.
func nearest(dir string) string {
	for {
		info, err := os.Stat(dir)
		if up := filepath.Dir(dir); err == nil && info.IsDir() || up == dir {
			return dir
		} else {
			dir = up
		}
	}
}

// watchedFolders are the folders whose files matter: the roots of the workspace,
// the courses with all that is in them, and where the crates of open documents
// have their manifests and roots.
func (s *Server) watchedFolders() []string {
	seen := map[string]bool{}
	var list []string
	add := func(dir string) {
		if !seen[dir] {
			seen[dir] = true
			list = append(list, dir)
		}
	}
	for _, f := range s.workspace.all() {
		if f.root == "" {
			continue
		}
		add(f.root)
		if path, ok := settingsFile(f.root); ok {
			add(filepath.Dir(path))
		}
	}
	for _, dir := range s.courseFolders() {
		add(filepath.Dir(dir)) // to see it come back
		add(dir)
	}
	for _, d := range s.documents.all() {
		d.mu.Lock()
		crate := d.crate
		d.mu.Unlock()
		if crate == nil {
			continue
		}
		for _, file := range crate.Files {
			add(filepath.Dir(file))
		}
	}
	for _, dir := range s.courseFolders() { // last: they may be many
		filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error { //nolint:errcheck // unreadable: the loader says so
			switch {
			case len(list) > maxWatches:
				return fs.SkipAll
			case err != nil || !entry.IsDir():
				return nil
			case path != dir && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules" || entry.Name() == "target"):
				return fs.SkipDir
			}
			add(path)
			return nil
		})
	}
	return list
}
