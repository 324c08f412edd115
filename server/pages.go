package server

import (
	"context"
	"fmt"
	"hash/fnv"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"lectern/analysis/course"
)

// keptPages is how long pages of a course that has changed since stay in the
// cache folder: another editor may show them.
const keptPages = 7 * 24 * time.Hour

// pagesFormat is part of the mark of a course's pages: it changes with the way
// in which they are written.
const pagesFormat = "1"

// pages writes lessons and hints as files that any editor can open. A course has
// a folder with its name and a mark of its content, in which its pages stand as
// in the course, so that links between them work. A page never changes.
type pages struct {
	dir   string                                        // "" for the user's cache folder
	later func(string, func(ctx context.Context) error) // runs a task in the background

	mu      sync.Mutex
	folders map[*course.Course]*pageFolder
}

// pageFolder is where the pages of a course are.
type pageFolder struct {
	dir   string
	from  map[string]func() []byte // what the pages are made of, by their path in the course
	order []string                 // the paths, lessons first
}

// pathOf is where a page of a course will be in a moment: a lesson's or a
// hint's, by its path in the course. Links can wait for it to be written.
func (p *pages) pathOf(library *course.Library, courseID, page string) (string, error) {
	f, err := p.folder(library, courseID)
	if err != nil {
		return "", err
	}
	return f.file(page), nil
}

// write is the same for a page that is to be there now.
func (p *pages) write(library *course.Library, courseID, page string) (string, error) {
	f, err := p.folder(library, courseID)
	if err != nil {
		return "", err
	}
	if err := f.write(page); err != nil {
		return "", fmt.Errorf("write a page of course %s: %w", courseID, err)
	}
	return f.file(page), nil
}

// folder is the folder of a course. The first time, all its pages begin to be
// written.
func (p *pages) folder(library *course.Library, courseID string) (*pageFolder, error) {
	c, ok := library.Course(courseID)
	if !ok {
		return nil, fmt.Errorf("no course %s is loaded", courseID)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if f, ok := p.folders[c]; ok {
		return f, nil
	}
	base, err := p.base()
	if err != nil {
		return nil, err
	}
	f := newPageFolder(base, c)
	if p.folders == nil {
		p.folders = map[*course.Course]*pageFolder{}
	}
	maps.DeleteFunc(p.folders, func(old *course.Course, _ *pageFolder) bool { return old.ID == c.ID }) // it was loaded anew
	p.folders[c] = f
	p.later("write the pages of course "+c.ID, func(ctx context.Context) error {
		prune(base, f.dir, pageName(c.ID))
		return f.writeAll(ctx)
	})
	return f, nil
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

func newPageFolder(base string, c *course.Course) *pageFolder {
	f := &pageFolder{from: map[string]func() []byte{}}
	add := func(page string, from func() []byte) {
		f.from[page] = from
		f.order = append(f.order, page)
	}
	for _, chapter := range c.Chapters {
		for _, s := range sectionsOf(chapter) {
			if !s.Draft() {
				add(s.Path, func() []byte { return s.Body })
			}
		}
	}
	for _, h := range c.Hints {
		add(h.Path, func() []byte { return hintPage(h) })
	}
	mark := fnv.New64a()
	fmt.Fprintf(mark, "%s\x00", pagesFormat)
	for _, name := range slices.Sorted(maps.Keys(f.from)) {
		fmt.Fprintf(mark, "%s\x00%s\x00", name, f.from[name]())
	}
	f.dir = filepath.Join(base, pageName(c.ID)+"."+strconv.FormatUint(mark.Sum64(), 36))
	return f
}

// sectionsOf are the pages of a chapter, its own first.
func sectionsOf(c *course.Chapter) []*course.Section {
	if c.Page == nil {
		return c.Sections
	}
	return append([]*course.Section{c.Page}, c.Sections...)
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

// file is where a page is. A course names its own pages; none leads out of the
// folder.
func (f *pageFolder) file(page string) string {
	return filepath.Join(f.dir, filepath.FromSlash(path.Clean("/" + page)[1:]))
}

// writeAll writes the lessons, which hovers link to, and then the hints. It rests
// twice as long as it works: the one whose hover began it asks for more meanwhile.
func (f *pageFolder) writeAll(ctx context.Context) error {
	for _, name := range f.order {
		began := time.Now()
		if err := f.write(name); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(2 * time.Since(began)):
		}
	}
	return nil
}

// write writes a page, for reading only, if it is not there.
func (f *pageFolder) write(name string) error {
	from, ok := f.from[name]
	if !ok {
		return fmt.Errorf("there is no page %s", name)
	}
	file := f.file(name)
	if _, err := os.Stat(file); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return writeReadOnly(file, safePage(name, from()))
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

// prune removes what a course's pages were long ago.
func prune(base, current, name string) {
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

// hintPage is all that a hint says, as a page.
func hintPage(h *course.Hint) []byte {
	var b strings.Builder
	b.WriteString("# " + h.Title + "\n\n" + strings.TrimSpace(h.Body) + "\n")
	if len(h.References) > 0 {
		b.WriteString("\n## References\n\n")
		for _, r := range h.References {
			b.WriteString("- <" + r + ">\n")
		}
	}
	if len(h.Lints) > 0 {
		b.WriteString("\nOther tools report this as `" + strings.Join(h.Lints, "`, `") + "`.\n")
	}
	return []byte(b.String())
}
