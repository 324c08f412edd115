package rust

import (
	"path/filepath"
	"strings"
)

// root finds the root file of the target that a file belongs to, and reads its
// attributes.
func (l loading) root(c *Crate, doc table, path string) error {
	base := filepath.Dir(c.Manifest)
	rel, err := filepath.Rel(base, path)
	if err != nil {
		return nil // not below the manifest: the root stays unknown
	}
	rel = filepath.ToSlash(rel)
	if isTarget(rel) || named(doc, rel) {
		return l.take(c, path, nil)
	}
	// src/bin/tool/args.rs belongs to src/bin/tool/main.rs.
	if dir, ok := targetFolder(rel); ok {
		root := filepath.Join(base, filepath.FromSlash(dir), "main.rs")
		content, err := l.file(root)
		if err != nil || content == nil {
			return err
		}
		return l.take(c, root, content)
	}
	type candidate struct {
		path    string
		content []byte
	}
	var found []candidate
	for _, name := range mainRoots(doc, rel) {
		root := filepath.Join(base, filepath.FromSlash(name))
		content, err := l.file(root)
		if err != nil {
			return err
		}
		if content != nil {
			found = append(found, candidate{root, content})
		}
	}
	if len(found) == 0 {
		return nil
	}
	// A package with a library and a program: the one that declares the module.
	best := found[0]
	if len(found) > 1 && !declaresMod(best.content, firstModule(rel)) {
		for _, other := range found[1:] {
			if declaresMod(other.content, firstModule(rel)) {
				best = other
				break
			}
		}
	}
	return l.take(c, best.path, best.content)
}

// take makes a file the crate's root.
func (l loading) take(c *Crate, path string, content []byte) error {
	if content == nil {
		var err error
		if content, err = l.file(path); err != nil {
			return err
		}
	}
	c.Root, c.Attributes = path, innerAttributes(content)
	return nil
}

// isTarget reports a file that is a root by Cargo's conventions. Paths are
// relative to the package, with slashes.
func isTarget(rel string) bool {
	switch rel {
	case "src/lib.rs", "src/main.rs", "build.rs":
		return true
	}
	for _, dir := range targetDirs {
		if rest, ok := strings.CutPrefix(rel, dir); ok {
			return !strings.Contains(rest, "/") || strings.Count(rest, "/") == 1 && strings.HasSuffix(rest, "/main.rs")
		}
	}
	return false
}

var targetDirs = [...]string{"src/bin/", "examples/", "tests/", "benches/"}

// targetFolder is the folder of a target with several files that holds a file.
func targetFolder(rel string) (string, bool) {
	for _, dir := range targetDirs {
		if rest, ok := strings.CutPrefix(rel, dir); ok {
			if name, _, ok := strings.Cut(rest, "/"); ok {
				return dir + name, true
			}
		}
	}
	return "", false
}

// explicit lists the paths of the targets that a manifest writes out, libraries
// first.
func explicit(doc table) []string {
	var list []string
	add := func(v any) {
		if t, ok := v.(table); ok {
			if p, ok := t["path"].(string); ok {
				list = append(list, filepath.ToSlash(filepath.Clean(p)))
			}
		}
	}
	add(doc["lib"])
	for _, kind := range []string{"bin", "example", "test", "bench"} {
		targets, _ := doc[kind].([]any)
		for _, t := range targets {
			add(t)
		}
	}
	if p, ok := sub(doc, "package")["build"].(string); ok {
		list = append(list, filepath.ToSlash(filepath.Clean(p)))
	}
	return list
}

// named reports a file that the manifest names as a target's root.
func named(doc table, rel string) bool {
	for _, p := range explicit(doc) {
		if p == rel {
			return true
		}
	}
	return false
}

// mainRoots are the roots whose modules a file may be, the nearest folder first.
func mainRoots(doc table, rel string) []string {
	all := explicit(doc)
	all = append(all, "src/lib.rs", "src/main.rs")
	var list []string
	for dir := parentDir(rel); ; dir = parentDir(dir) {
		for _, p := range all {
			if parentDir(p) == dir {
				list = append(list, p)
			}
		}
		if len(list) > 0 || dir == "" {
			return list
		}
	}
}

// parentDir is the folder of a path with slashes, "" for the package's own.
func parentDir(p string) string {
	if i := strings.LastIndexByte(p, '/'); i >= 0 {
		return p[:i]
	}
	return ""
}

// firstModule is the module under the crate's root that a file is in.
func firstModule(rel string) string {
	rel = strings.TrimPrefix(rel, "src/")
	name, _, _ := strings.Cut(rel, "/")
	return strings.TrimSuffix(name, ".rs")
}
