package server

import (
	"path/filepath"
	"slices"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"lectern/analysis/config"
)

// This file takes note of what the user does with files in the client. A folder
// is named alone, without what is in it.

// fileOperations says of what the client is to tell: the files that findings
// depend on, and any folder, which may hold some.
func fileOperations() *protocol.FileOperationOptions {
	of := protocol.FileOperationRegistrationOptions{Filters: []protocol.FileOperationFilter{
		{Scheme: new("file"), Pattern: protocol.FileOperationPattern{
			Glob: "**/*.{rs,toml,md,scm,yaml}", Matches: protocol.FileOperationPatternKindFile,
		}},
		{Scheme: new("file"), Pattern: protocol.FileOperationPattern{Glob: "**", Matches: protocol.FileOperationPatternKindFolder}},
	}}
	return &protocol.FileOperationOptions{DidCreate: of, DidRename: of, DidDelete: of}
}

func (s *Server) didCreateFiles(p *protocol.CreateFilesParams) error {
	var paths []string
	for _, f := range p.Files {
		paths = append(paths, uriToPath(uri.URI(f.URI)))
	}
	s.treesChanged(paths)
	return nil
}

func (s *Server) didDeleteFiles(p *protocol.DeleteFilesParams) error {
	var paths []string
	for _, f := range p.Files {
		paths = append(paths, uriToPath(uri.URI(f.URI)))
	}
	s.treesChanged(paths)
	return nil
}

func (s *Server) didRenameFiles(p *protocol.RenameFilesParams) error {
	var paths []string
	for _, f := range p.Files {
		paths = append(paths, uriToPath(uri.URI(f.OldURI)), uriToPath(uri.URI(f.NewURI)))
	}
	s.treesChanged(paths)
	return nil
}

// treesChanged takes note of files and folders that came, went or changed.
func (s *Server) treesChanged(paths []string) {
	s.filesChanged(paths)
	paths = slices.DeleteFunc(paths, func(p string) bool { return p == "" || p == "/" })
	under := func(file string) bool {
		return slices.ContainsFunc(paths, func(p string) bool { return within(p, file) })
	}
	if slices.ContainsFunc(s.courseFolders(), func(dir string) bool {
		return under(dir) || slices.ContainsFunc(paths, func(p string) bool { return filepath.Ext(p) == "" && within(dir, p) })
	}) {
		s.shelf.changed()
		s.wake()
	}
	for _, f := range s.workspace.all() {
		if path, ok := settingsFile(f.root); f.root != "" && (!ok || under(path) || under(filepath.Join(f.root, config.FileName))) {
			s.wake() // it compares, and does nothing where nothing differs
			break
		}
	}
	s.crateFilesChanged(under)
}
