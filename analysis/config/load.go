package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"lectern/analysis/problem"
)

// limit bounds the size of a settings file in bytes.
const limit = 64 << 10

// Load reads a settings file. Its relative paths count from the file's folder.
// What is wrong in it is left out and reported; the error is about reading the
// file at all, and wraps fs.ErrNotExist when there is none. The settings are
// never nil, and Broken where nothing of the file could be taken.
func Load(path string) (*Settings, []problem.Problem, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return broken(), nil, fmt.Errorf("reading the settings: %w", err)
	case !info.Mode().IsRegular():
		return broken(), nil, fmt.Errorf("reading the settings: %s is not a file", path)
	case info.Size() > limit:
		return broken(), nil, fmt.Errorf("reading the settings: %s has %d bytes, the limit is %d", path, info.Size(), limit)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return broken(), nil, fmt.Errorf("reading the settings: %w", err)
	}
	s, problems := Parse(path, content)
	return s, problems, nil
}

// Find looks for lectern.yaml in a folder and the folders around it, up to the
// root of the repository that the folder is in, or of the file system.
func Find(dir string) (path string, found bool) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", false
	}
	for {
		path := filepath.Join(dir, FileName)
		// A link that leads nowhere is there, too: Load says what is wrong with it.
		if _, err := os.Lstat(path); err == nil || !errors.Is(err, fs.ErrNotExist) {
			return path, err == nil
		}
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
			return "", false
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", false
		}
		dir = up
	}
}
