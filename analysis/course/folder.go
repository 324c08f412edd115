package course

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"lectern/analysis/problem"
)

// Limits of a course folder. They are far above what a course needs, and keep a
// wrong folder from filling the memory.
const (
	maxFile  = 1 << 20  // bytes of one file
	maxTotal = 64 << 20 // bytes of all files
	maxFiles = 20_000   // Markdown and pattern files
	maxHints = 10_000
	maxWalk  = 200_000 // directory entries looked at
	maxTime  = 30 * time.Second
)

// Source is a folder that holds a course.
type Source struct {
	Name string // for the course's id when it names none, and for problems
	FS   fs.FS  // its root is the course's folder
	Dir  string // the folder on disk, or "" when it is built in
}

// Folder is the source of a folder on disk.
func Folder(dir string, fsys fs.FS) Source {
	return Source{Name: filepath.Base(dir), FS: fsys, Dir: dir}
}

// file is the name under which a reader would open one of the source's files.
func (s Source) file(name string) string {
	if s.Dir != "" {
		return filepath.Join(s.Dir, filepath.FromSlash(name))
	}
	return path.Join(s.Name, name)
}

// folder is a source whose files have been read.
type folder struct {
	Source
	names    []string          // of the files, sorted
	text     map[string]string // their text; lines end in "\n"
	until    time.Time         // when reading is given up
	problems []problem.Problem
}

func (f *folder) fail(name, message, help string) {
	p := problem.Problem{File: f.file(name), Message: message, Help: help}
	if name == "." {
		p.File = f.file("")
	}
	f.problems = append(f.problems, p)
}

// wanted reports files that a course is made of.
func wanted(name string) bool {
	switch path.Ext(name) {
	case ".md", ".scm":
		return true
	}
	return name == "course.yaml" || name == "book.toml"
}

// late is the end of a course that takes too long: the file is where it is given up.
func (f *folder) late(name string) {
	f.fail(name, fmt.Sprintf("the course takes more than %v to read; this file and all behind it are left out", maxTime),
		"name the course's own folder, not one above it")
}

// read reads all files of a source that a course can be made of.
func read(s Source, until time.Time) *folder {
	f := &folder{Source: s, text: map[string]string{}, until: until}
	if s.FS == nil {
		f.fail(".", "no such course", "")
		return f
	}
	if !f.walk() {
		return f
	}
	texts := make([]string, len(f.names))
	errs := make([]error, len(f.names))
	inParallel(len(f.names), func(i int) {
		if time.Now().After(until) {
			errs[i] = errLate
			return
		}
		texts[i], errs[i] = readText(s.FS, f.names[i])
		if path.Ext(f.names[i]) == ".md" && errs[i] == nil {
			if line, column, found := crowded(texts[i]); found {
				errs[i] = crowdedError{line, column}
			}
		}
	})
	total := 0
	for i, name := range f.names {
		if errs[i] == errLate {
			f.late(name)
			break
		}
		if err := errs[i]; err != nil {
			f.refuse(name, err)
			continue
		}
		if total += len(texts[i]); total > maxTotal {
			f.fail(name, fmt.Sprintf("the course has more than %d MiB of text; this file and all behind it are left out", maxTotal>>20),
				"name the course's own folder, not one above it")
			break
		}
		f.text[name] = texts[i]
	}
	return f
}

// walk lists the files; false when there is no folder.
func (f *folder) walk() bool {
	seen := 0
	err := fs.WalkDir(f.FS, ".", func(name string, entry fs.DirEntry, err error) error {
		if seen++; seen > maxWalk || len(f.names) > maxFiles {
			f.fail(name, fmt.Sprintf("the folder has more than %d files; this one and all behind it are left out", maxFiles),
				"name the course's own folder, not one above it")
			return fs.SkipAll
		}
		switch {
		case err != nil && name == ".":
			return err
		case err != nil:
			f.fail(name, "cannot be read: "+reason(err), "")
			return nil
		case entry.IsDir():
			if name != "." && strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules" {
				return fs.SkipDir
			}
			return nil
		case !wanted(name) || strings.HasPrefix(entry.Name(), "."):
			return nil
		case isOdd(name):
			f.fail(name, fmt.Sprintf("the name %q has a character that cannot be seen", name), "rename the file or the folder")
			return nil
		case !entry.Type().IsRegular():
			f.fail(name, "is not a regular file", "copy the file here: links and devices are not read")
			return nil
		}
		f.names = append(f.names, name)
		return nil
	})
	if err != nil {
		f.fail(".", "the course's folder cannot be read: "+reason(err), "")
	}
	return err == nil
}

func isOdd(name string) bool {
	_, odd := unseen(name)
	return odd || strings.ContainsAny(name, "\n\r\t")
}

// reason is an error without the operation and path that it repeats.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// textError is a place in a file that is not text.
type textError struct {
	line, column int
}

func (e textError) Error() string { return "this is not UTF-8" }

var errLate = errors.New("the course takes too long")

var errTooLarge = fmt.Errorf("larger than %d MiB", maxFile>>20)

// readText reads a text file: UTF-8, without a byte order mark, lines ending in
// "\n".
func readText(fsys fs.FS, name string) (string, error) {
	file, err := fsys.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	size := 0
	if info, err := file.Stat(); err == nil {
		if !info.Mode().IsRegular() {
			return "", errors.New("is not a regular file")
		}
		if info.Size() > maxFile {
			return "", errTooLarge
		}
		size = int(info.Size())
	}
	content, err := readAll(file, size)
	if err != nil {
		return "", err
	}
	if len(content) > maxFile {
		return "", errTooLarge
	}
	text := string(content)
	if !utf8.ValidString(text) {
		at := 0
		for i, r := range text {
			if r == utf8.RuneError && !strings.HasPrefix(text[i:], "\uFFFD") {
				at = i
				break
			}
		}
		before := cleanText(text[:at])
		line, column := lineColumn(before, len(before))
		return "", textError{line, column}
	}
	return cleanText(text), nil
}

// readAll reads to the end, or a little more than maxFile; size is a guess. It
// does without io.Copy, whose buffer would be ten times the file.
func readAll(r io.Reader, size int) ([]byte, error) {
	content := make([]byte, 0, size+1)
	for len(content) <= maxFile {
		if len(content) == cap(content) {
			content = slices.Grow(content, 4096)
		}
		n, err := r.Read(content[len(content):cap(content)])
		content = content[:len(content)+n]
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	return content, nil
}

// cleanText takes a byte order mark and carriage returns off.
func cleanText(text string) string {
	text = strings.TrimPrefix(text, "\uFEFF")
	if strings.Contains(text, "\r") {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	return text
}

// refuse writes down why a file was not read.
func (f *folder) refuse(name string, err error) {
	p := problem.Problem{File: f.file(name), Message: "cannot be read: " + reason(err)}
	var bad textError
	var full crowdedError
	switch {
	case errors.As(err, &full):
		p.Line, p.Column = full.line, full.column
		p.Message, p.Help = full.Error(), "a file like that is no hint and no lesson; it is left out"

	case errors.As(err, &bad):
		p.Line, p.Column = bad.line, bad.column
		p.Message, p.Help = bad.Error(), "save the file as UTF-8"
	case errors.Is(err, errTooLarge):
		p.Message, p.Help = "is "+err.Error(), "split it: a hint or a page is a few kilobytes"
	}
	f.problems = append(f.problems, p)
}

// inParallel calls do for 0 to n-1 on all cores and waits for the end.
func inParallel(n int, do func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	const batch = 8
	var next int
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for {
				mu.Lock()
				from := next
				next += batch
				mu.Unlock()
				if from >= n {
					return
				}
				for i := from; i < min(from+batch, n); i++ {
					do(i)
				}
			}
		})
	}
	wg.Wait()
}
