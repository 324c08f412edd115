package server

import (
	"fmt"
	"hash/fnv"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"lectern/analysis/course"
)

// keptPages is how long pages of a course that has changed since stay in the
// cache folder: another editor may show them.
const keptPages = 7 * 24 * time.Hour

// pages writes lessons and hints as files that any editor can open. A course is
// written whole, so that links between its pages work, to a folder that has its
// name and a mark of its content: pages never change once they are there.
type pages struct {
	dir string // "" for the user's cache folder

	mu      sync.Mutex
	written map[*course.Course]string // where each course is
}

// of is the file of a page of a course: a lesson's or a hint's, by its path in
// the course.
func (p *pages) of(library *course.Library, courseID, page string) (string, error) {
	c, ok := library.Course(courseID)
	if !ok {
		return "", fmt.Errorf("no course %s is loaded", courseID)
	}
	dir, err := p.course(c)
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, filepath.FromSlash(page)), nil
}

// course writes a course's pages if they are not there, and returns their folder.
func (p *pages) course(c *course.Course) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if dir, ok := p.written[c]; ok {
		if _, err := os.Stat(dir); err == nil { // somebody may have tidied the cache up
			return dir, nil
		}
	}
	files := map[string][]byte{}
	for _, chapter := range c.Chapters {
		for _, s := range sectionsOf(chapter) {
			if !s.Draft() {
				files[s.Path] = safePage(s.Body)
			}
		}
	}
	for _, h := range c.Hints {
		files[h.Path] = safePage(hintBody(h))
	}
	base, err := p.base()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(base, pageName(c.ID)+"."+mark(files))
	if err := writePages(dir, files); err != nil {
		return "", fmt.Errorf("write the pages of course %s: %w", c.ID, err)
	}
	p.prune(base, dir, pageName(c.ID))
	if p.written == nil {
		p.written = map[*course.Course]string{}
	}
	p.written[c] = dir
	return dir, nil
}

func (p *pages) base() (string, error) {
	if p.dir != "" {
		return filepath.Join(p.dir, "lessons"), nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find a folder for lessons: %w", err)
	}
	return filepath.Join(cache, "lectern", "lessons"), nil
}

// pageName is a course's id as the name of a folder.
func pageName(id string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
			return r
		}
		return '_'
	}, id)
}

// sectionsOf are the pages of a chapter, its own first.
func sectionsOf(c *course.Chapter) []*course.Section {
	if c.Page == nil {
		return c.Sections
	}
	return append([]*course.Section{c.Page}, c.Sections...)
}

// mark is the same for the same files only.
func mark(files map[string][]byte) string {
	var sum uint64
	for name, content := range files {
		h := fnv.New64a()
		fmt.Fprintf(h, "%s\x00%s", name, content)
		sum += h.Sum64() // the order of a map is none
	}
	return strconv.FormatUint(sum, 36)
}

// writePages writes what is not there yet, for reading only.
func writePages(dir string, files map[string][]byte) error {
	for name, content := range files {
		// A course names its own sections; none may lead out of the folder.
		name = path.Clean("/" + name)[1:]
		file := filepath.Join(dir, filepath.FromSlash(name))
		if info, err := os.Stat(file); err == nil && info.Size() == int64(len(content)) {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := writeReadOnly(file, content); err != nil {
			return err
		}
	}
	return nil
}

// writeReadOnly puts the file there in one step: another server may be at it.
func writeReadOnly(file string, content []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(file), ".lectern-*")
	if err != nil {
		return err
	}
	_, err = temp.Write(content)
	if closed := temp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Chmod(temp.Name(), 0o444)
	}
	if err == nil {
		err = os.Rename(temp.Name(), file)
	}
	if err != nil {
		os.Remove(temp.Name()) //nolint:errcheck // the first error says more
	}
	return err
}

// prune removes old pages of the course.
func (p *pages) prune(base, current, name string) {
	old, err := filepath.Glob(filepath.Join(base, name+".*"))
	if err != nil {
		return
	}
	for _, dir := range old {
		info, err := os.Stat(dir)
		if dir != current && err == nil && time.Since(info.ModTime()) > keptPages {
			os.RemoveAll(dir) //nolint:errcheck // the next server tries again
		}
	}
}

// hintBody is a hint as a page.
func hintBody(h *course.Hint) []byte {
	var b strings.Builder
	b.WriteString("# " + h.Title + "\n\n" + strings.TrimSpace(h.Body) + "\n")
	if len(h.References) > 0 {
		b.WriteString("\n## References\n\n")
		for _, r := range h.References {
			b.WriteString("- <" + r + ">\n")
		}
	}
	if len(h.Lints) > 0 {
		b.WriteString("\nReported by other tools as: `" + strings.Join(h.Lints, "`, `") + "`\n")
	}
	return []byte(b.String())
}
