package server

import (
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"lectern/analysis/config"
	"lectern/analysis/course"
	"lectern/analysis/engine"
	"lectern/analysis/problem"
)

// shelf holds the courses in use, compiled. Folders that name the same courses
// share them.
type shelf struct {
	builtIn []course.Source

	changes atomic.Int64 // that were told of

	mu     sync.Mutex
	loaded map[string]*volume // by the folders of the courses
}

// changed makes courses of folders be loaded again when they are next wanted.
func (s *shelf) changed() { s.changes.Add(1) }

// volume is what came of loading some courses.
type volume struct {
	stamp    string // of the files that it was made from
	rules    *engine.Rules
	problems []problem.Problem
}

// maxVolumes bounds the sets of courses that are kept.
const maxVolumes = 16

// rules is the built-in courses with those of the folders on top, compiled. The
// same files give the same Rules.
func (s *shelf) rules(folders []config.Folder) (*engine.Rules, []problem.Problem) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var key, stamp strings.Builder
	sources := append([]course.Source(nil), s.builtIn...)
	var problems []problem.Problem
	changes := s.changes.Load()
	for _, f := range folders {
		path := filepath.Clean(f.Path)
		state, err := stampOf(path)
		if err != nil {
			problems = append(problems, f.Problem(fmt.Sprintf("the course folder cannot be read: %v", err), "courses are folders with a course.yaml, relative to lectern.yaml"))
			continue
		}
		fmt.Fprintf(&key, "%s\x00", path)
		fmt.Fprintf(&stamp, "%d %s\x00", changes, state)
		sources = append(sources, course.Folder(path, os.DirFS(path)))
	}
	v, ok := s.loaded[key.String()]
	if !ok || v.stamp != stamp.String() {
		library, found := course.Load(sources...)
		rules, more := engine.Compile(library)
		v = &volume{stamp: stamp.String(), rules: rules, problems: append(found, more...)}
		if s.loaded == nil || len(s.loaded) > maxVolumes { // of settings that were changed often
			s.loaded = map[string]*volume{}
		}
		s.loaded[key.String()] = v
	}
	return v.rules, append(problems, v.problems...)
}

// maxCourseEntries bounds what is looked at to see whether a course changed.
const maxCourseEntries = 200_000

// stampOf tells the state of a course's files from another one.
func stampOf(dir string) (string, error) {
	h := fnv.New128a()
	n := 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if n++; n > maxCourseEntries {
			return fs.SkipAll
		}
		switch {
		case err != nil && path == dir:
			return err
		case err != nil:
			return nil // unreadable: the loader says so
		case entry.IsDir() && path != dir && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case entry.IsDir() || !courseFile(path):
			return nil
		}
		info, err := entry.Info()
		if err == nil {
			fmt.Fprintf(h, "%s\x00%d\x00%d\x00", path, info.Size(), info.ModTime().UnixNano())
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	return string(h.Sum(nil)), nil
}

// courseFile reports a file that a course can be made of.
func courseFile(path string) bool {
	switch filepath.Ext(path) {
	case ".md", ".scm", ".yaml":
		return true
	}
	return filepath.Base(path) == "book.toml"
}
