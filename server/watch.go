package server

import (
	"context"
	"path/filepath"
	"slices"

	"go.lsp.dev/protocol"

	"lectern/analysis/config"
)

// The ids of the registrations, to replace them by.
const (
	watchFilesID    = "lectern-files"
	watchSettingsID = "lectern-settings"
)

// watched is what the client was asked to tell of; watchFiles's own.
type watched struct {
	files    string // the options of the registration
	settings bool
}

// watchFiles asks the client to tell of changes to the files that findings
// depend on. Where a client cannot, watcher.go watches.
func (s *Server) watchFiles() {
	s.watchAgain()
	if !s.can.watchFiles && !s.can.watchConfiguration {
		return
	}
	s.solo("register for changes", func(ctx context.Context) error {
		select {
		case <-s.greeted:
		case <-ctx.Done():
			return nil
		}
		var list []protocol.Registration
		if s.can.watchFiles {
			options, err := protocol.Marshal(&protocol.DidChangeWatchedFilesRegistrationOptions{Watchers: s.watchers()})
			if err != nil {
				return err
			}
			if old := s.watched.files; string(options) != old {
				s.watched.files = string(options)
				list = append(list, protocol.Registration{
					ID: watchFilesID, Method: protocol.MethodWorkspaceDidChangeWatchedFiles, RegisterOptions: options,
				})
				if old != "" {
					err := s.client.UnregisterCapability(ctx, &protocol.UnregistrationParams{Unregisterations: []protocol.Unregistration{
						{ID: watchFilesID, Method: protocol.MethodWorkspaceDidChangeWatchedFiles},
					}})
					if err != nil {
						return err
					}
				}
			}
		}
		if s.can.watchConfiguration && !s.watched.settings {
			s.watched.settings = true
			list = append(list, protocol.Registration{
				ID: watchSettingsID, Method: protocol.MethodWorkspaceDidChangeConfiguration,
				RegisterOptions: protocol.LSPAny(`{"section":"` + section + `"}`),
			})
		}
		if len(list) == 0 {
			return nil
		}
		return s.client.RegisterCapability(ctx, &protocol.RegistrationParams{Registrations: list})
	})
}

// watchers are the files of interest.
func (s *Server) watchers() []protocol.FileSystemWatcher {
	list := []protocol.FileSystemWatcher{
		{GlobPattern: protocol.Pattern("**/" + config.FileName)},
		{GlobPattern: protocol.Pattern("**/Cargo.toml")},
		{GlobPattern: protocol.Pattern("**/*.rs")}, // roots of crates, and files that are not open
	}
	for _, dir := range s.courseFolders() {
		if s.can.watchRelativePattern {
			list = append(list, protocol.FileSystemWatcher{GlobPattern: &protocol.RelativePattern{
				BaseURI: protocol.URI(pathToURI(dir)), Pattern: "**/*.{md,scm,yaml}",
			}})
			continue
		}
		list = append(list, protocol.FileSystemWatcher{GlobPattern: protocol.Pattern(filepath.ToSlash(dir) + "/**/*.{md,scm,yaml}")})
	}
	return list
}

// courseFolders are the folders of courses that workspaces name.
func (s *Server) courseFolders() []string {
	var list []string
	for _, env := range s.environments() {
		list = append(list, env.courses...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (s *Server) didChangeWatchedFiles(p *protocol.DidChangeWatchedFilesParams) error {
	var paths []string
	for _, change := range p.Changes {
		paths = append(paths, uriToPath(change.URI))
	}
	s.treesChanged(paths)
	return nil
}

// filesChanged takes note of files that changed on disk.
func (s *Server) filesChanged(paths []string) {
	s.scan.outdated(paths)
	s.scan.stir()
	courses := s.courseFolders()
	for _, path := range paths {
		switch {
		case path == "":
			continue
		case filepath.Base(path) == config.FileName:
			s.wake()
		case len(courses) > 0 && courseFile(path):
			if slices.ContainsFunc(courses, func(dir string) bool { return within(dir, path) }) {
				s.shelf.changed() // even if its time and its length are the same
			}
			s.wake()
		}
		s.crateFileChanged(path)
	}
}
