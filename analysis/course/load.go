package course

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"lectern/analysis/problem"
)

// Load reads courses. A later source overrides an earlier one: a hint by its id,
// and, where it extends the course, a page by its section's id and a pattern by
// its name. A hint with a mistake is left out; everything else stands. Load
// always returns a usable Library.
func Load(sources ...Source) (*Library, []problem.Problem) {
	l := newLoader()
	for _, s := range sources {
		l.add(read(s, time.Now().Add(maxTime)))
	}
	l.relations()
	problem.Sort(l.problems)
	return l.library(), l.problems
}

// loader lays sources one over the other.
type loader struct {
	courses  []*Course
	byID     map[string]*Course
	hints    map[string]*Hint
	problems []problem.Problem
}

func newLoader() *loader {
	return &loader{byID: map[string]*Course{}, hints: map[string]*Hint{}}
}

// add lays a folder over what is there.
func (l *loader) add(f *folder) {
	defer func() { l.problems = append(l.problems, f.problems...) }()
	if len(f.names) == 0 {
		if len(f.problems) == 0 {
			f.fail(".", "the folder holds no course", "a course has a course.yaml and a SUMMARY.md")
		}
		return
	}
	v := volume{folder: f, decoder: decoder{}}
	v.manifest()
	v.outline()
	c := v.course
	if old := l.byID[c.ID]; old != nil {
		c = lay(old, c)
		l.courses[slices.Index(l.courses, old)] = c
	} else {
		if v.meta.extends != "" {
			v.decoder.file = f.file("course.yaml")
			line, column := (&Hint{source: f.text["course.yaml"]}).find("extends:", 1, 1)
			v.fail(line, column, fmt.Sprintf("no course `%s` to extend", v.meta.extends), meantOf(v.meta.extends, slices.Sorted(maps.Keys(l.byID))))
		}
		l.courses = append(l.courses, c)
	}
	l.byID[c.ID] = c
	v.course = c
	for _, h := range v.hints() {
		l.take(h)
	}
	v.patterns()
	f.problems = append(f.problems, v.decoder.problems...)
}

// meantOf is meant for a set that may be empty.
func meantOf(word string, known []string) string {
	if len(known) == 0 {
		return ""
	}
	return meant(word, known)
}

// take puts a hint in, in place of one of the same id.
func (l *loader) take(h *Hint) {
	if old := l.hints[h.ID]; old != nil {
		c := l.byID[old.Course]
		c.Hints = slices.DeleteFunc(c.Hints, func(x *Hint) bool { return x == old })
	}
	l.hints[h.ID] = h
	c := l.byID[h.Course]
	c.Hints = append(c.Hints, h)
}

// lay is the old course with the chapters of another over it.
func lay(old, over *Course) *Course {
	c := *old
	if over.Title != "" && over.Title != over.ID {
		c.Title = over.Title
	}
	if over.Description != "" {
		c.Description = over.Description
	}
	if over.BaseURL != "" {
		c.BaseURL = over.BaseURL
	}
	c.Chapters = slices.Clone(old.Chapters)
	for _, ch := range over.Chapters {
		i := slices.IndexFunc(c.Chapters, func(x *Chapter) bool { return x.ID == ch.ID && ch.ID != "" })
		if i < 0 {
			c.Chapters = append(c.Chapters, ch)
			continue
		}
		c.Chapters[i] = layChapter(c.Chapters[i], ch)
	}
	return &c
}

func layChapter(old, over *Chapter) *Chapter {
	c := *old
	c.Title = over.Title
	c.Sections = slices.Clone(old.Sections)
	switch {
	case over.Page == nil:
	case old.Page == nil || old.Page.ID == over.Page.ID:
		c.Page = over.Page
	default: // another page: the old one may have hints
		c.Sections = append(c.Sections, over.Page)
	}
	for _, s := range over.Sections {
		i := slices.IndexFunc(c.Sections, func(x *Section) bool {
			return x.ID == s.ID && s.ID != "" || x.Draft() && x.Title == s.Title
		})
		if i < 0 {
			c.Sections = append(c.Sections, s)
		} else {
			c.Sections[i] = s
		}
	}
	return &c
}

// relations checks what hints say about other hints, and leaves out those that
// name an unknown one.
func (l *loader) relations() {
	ids := slices.Sorted(maps.Keys(l.hints))
	for _, id := range ids {
		h := l.hints[id]
		for _, r := range h.Related {
			if r.Hint == "" || l.hints[r.Hint] != nil {
				continue
			}
			line, column := h.find(r.Hint, r.Line, r.Column)
			l.problems = append(l.problems, problem.Problem{
				File: h.File, Line: line, Column: column, Hint: h.ID,
				Message: fmt.Sprintf("no hint `%s`", r.Hint), Help: nearOf(r.Hint, ids),
			})
			c := l.byID[h.Course]
			c.Hints = slices.DeleteFunc(c.Hints, func(x *Hint) bool { return x == h })
			delete(l.hints, id)
			break
		}
	}
}

// nearOf is "did you mean", or nothing where all known words would be too many.
func nearOf(word string, known []string) string {
	if near, ok := problem.Nearest(word, known); ok {
		return fmt.Sprintf("did you mean `%s`?", near)
	}
	return ""
}
