// Package files finds and reads the files that a check looks at.
//
// Files named on the command line are always read. In a folder it takes Rust files
// and Cargo.toml, and passes over what nobody means to have checked: what a
// .gitignore or an exclude pattern names, hidden folders, Cargo's target folder,
// and symbolic links, which are met again where they lead, or lead in a circle.
//
// Nothing that stands in a folder can stop a run: what cannot be read (a pipe, a
// folder without permission, a file beyond the size limit) is an error of its own
// path, and the rest goes on.
package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Limit is the size in bytes of the largest file that is read.
const Limit = 64 << 20

// File is a file that was found, read or not.
type File struct {
	Path    string // as the argument it was found by spells it, cleaned
	Content []byte // nil after an error
	Err     error  // why it could not be read; does not name the path
}

// Read reads a regular file of at most Limit bytes. Its error does not name the
// path.
func Read(path string) ([]byte, error) { return read(path, Limit) }

func read(path string, limit int64) ([]byte, error) {
	// A pipe without a writer would keep an ordinary open waiting.
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, cause(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, cause(err)
	}
	if err := regular(info); err != nil {
		return nil, err
	}
	if info.Size() > limit {
		return nil, tooLarge(info.Size(), limit)
	}
	content, err := readAll(io.LimitReader(f, limit+1), info.Size())
	if err != nil {
		return nil, cause(err)
	}
	if int64(len(content)) > limit {
		return nil, tooLarge(int64(len(content)), limit)
	}
	if bytes.HasPrefix(content, []byte("\xff\xfe")) || bytes.HasPrefix(content, []byte("\xfe\xff")) {
		return nil, errors.New("is UTF-16 text; save it as UTF-8, which alone rustc reads")
	}
	return content, nil
}

// readAll reads to the end, into memory for size bytes if that suffices.
func readAll(r io.Reader, size int64) ([]byte, error) {
	buf := bytes.NewBuffer(make([]byte, 0, size+bytes.MinRead))
	_, err := buf.ReadFrom(r)
	return buf.Bytes(), err
}

func tooLarge(size, limit int64) error {
	return fmt.Errorf("the file has %d bytes, the limit is %d", size, limit)
}

// regular explains why something is not a file to read.
func regular(info fs.FileInfo) error {
	switch m := info.Mode(); {
	case m.IsRegular():
		return nil
	case m.IsDir():
		return errors.New("is a folder")
	case m&fs.ModeNamedPipe != 0:
		return errors.New("is a pipe, not a file; use - to check standard input")
	case m&fs.ModeSocket != 0:
		return errors.New("is a socket, not a file")
	case m&fs.ModeDevice != 0:
		return errors.New("is a device, not a file")
	default:
		return errors.New("is not a regular file")
	}
}

// cause is the error without the operation and path that package os puts around
// it: whoever prints it names the path.
func cause(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// Selected reports that a walk takes a file of this name.
func Selected(name string) bool {
	return filepath.Ext(name) == ".rs" || name == "Cargo.toml"
}

// Find calls yield for the files that the arguments name, until it returns false:
// the arguments in their order, the files of a folder in the order of their paths,
// no file twice. What cannot be looked at is yielded with an error that does not
// name the path. excluded says what to leave out of folders; it gets absolute
// paths and may be nil.
func Find(ctx context.Context, arguments []string, excluded func(path string) bool, yield func(path string, err error) bool) {
	w := walk{ctx: ctx, excluded: excluded, seen: map[string]bool{}, yield: yield}
	for _, a := range arguments {
		if !w.argument(filepath.Clean(a)) {
			return
		}
	}
}

// walk is one run of Find. Its methods return false to end it.
type walk struct {
	ctx      context.Context
	excluded func(string) bool
	seen     map[string]bool
	yield    func(string, error) bool
}

func (w *walk) found(path string, err error) bool {
	if w.ctx.Err() != nil {
		return false
	}
	if w.seen[path] {
		return true
	}
	w.seen[path] = true
	return w.yield(path, err)
}

func (w *walk) argument(path string) bool {
	info, err := os.Stat(path)
	if err != nil {
		return w.found(path, cause(err))
	}
	if !info.IsDir() {
		return w.found(path, nil)
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return w.found(path, err)
	}
	return w.folder(path, absolute, above(absolute))
}

// folder walks a folder. ignore is what the folders around it say.
func (w *walk) folder(path, absolute string, ignore *ignores) bool {
	if w.ctx.Err() != nil {
		return false
	}
	entries, err := os.ReadDir(path)
	if err != nil && !w.found(path, cause(err)) {
		return false
	}
	hasManifest := false
	for _, e := range entries {
		switch e.Name() {
		case ".gitignore":
			rules, err := readIgnores(filepath.Join(absolute, e.Name()))
			if err != nil && !w.found(filepath.Join(path, e.Name()), err) {
				return false
			}
			ignore = ignore.with(absolute, rules)
		case "Cargo.toml":
			hasManifest = true
		}
	}
	for _, e := range entries {
		name, at := e.Name(), filepath.Join(path, e.Name())
		full := filepath.Join(absolute, name)
		switch {
		case e.Type()&fs.ModeSymlink != 0:
			continue
		case e.IsDir():
			if name[0] == '.' || name == "target" && (hasManifest || isCache(full)) || w.skips(full, true, ignore) {
				continue
			}
			if !w.folder(at, full, ignore) {
				return false
			}
		case Selected(name) && !w.skips(full, false, ignore):
			if !w.found(at, nil) {
				return false
			}
		}
	}
	return true
}

func (w *walk) skips(absolute string, folder bool, ignore *ignores) bool {
	return ignore.match(absolute, folder) || w.excluded != nil && w.excluded(absolute)
}

// isCache reports the mark that Cargo leaves in a target folder, also where the
// folder was moved away from its Cargo.toml. A module may be called target too.
func isCache(folder string) bool {
	_, err := os.Lstat(filepath.Join(folder, "CACHEDIR.TAG"))
	return err == nil
}
