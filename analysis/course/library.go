package course

import (
	"iter"
	"path"
	"slices"
	"strings"
)

// Library is all courses that are loaded. It never changes; the zero Library is
// empty.
type Library struct {
	courses  []*Course
	hints    map[string]*Hint
	sections map[string]map[string]*Section // by course, then by id
	chapters map[*Section]*Chapter
	bySect   map[*Section][]*Hint
	lints    map[string][]*Hint
}

// library indexes what the loader put together.
func (l *loader) library() *Library {
	lib := &Library{
		courses: l.courses, hints: l.hints,
		sections: map[string]map[string]*Section{}, chapters: map[*Section]*Chapter{},
		bySect: map[*Section][]*Hint{}, lints: map[string][]*Hint{},
	}
	for _, c := range l.courses {
		sections, order := map[string]*Section{}, map[string]int{}
		for _, ch := range c.Chapters {
			for s := range ch.all() {
				lib.chapters[s] = ch
				if s.ID != "" {
					sections[s.ID], order[s.ID] = s, len(order)
				}
			}
		}
		lib.sections[c.ID] = sections
		slices.SortFunc(c.Hints, func(a, b *Hint) int {
			if d := order[a.Section] - order[b.Section]; d != 0 {
				return d
			}
			return strings.Compare(a.ID, b.ID)
		})
		for _, h := range c.Hints {
			s := sections[h.Section]
			h.chapter = lib.chapters[s].ID
			lib.bySect[s] = append(lib.bySect[s], h)
			for _, lint := range h.Lints {
				name := lintName(lint)
				lib.lints[name] = append(lib.lints[name], h)
			}
		}
	}
	return lib
}

// all are the chapter's own page and its sections.
func (c *Chapter) all() iter.Seq[*Section] {
	return func(yield func(*Section) bool) {
		if c.Page != nil && !yield(c.Page) {
			return
		}
		for _, s := range c.Sections {
			if !yield(s) {
				return
			}
		}
	}
}

// Courses are the courses in the order of their sources.
func (l *Library) Courses() []*Course { return l.courses }

// Course is the course with an id.
func (l *Library) Course(id string) (*Course, bool) {
	for _, c := range l.courses {
		if c.ID == id {
			return c, true
		}
	}
	return nil, false
}

// Hints are all hints, by course, section and id.
func (l *Library) Hints() []*Hint {
	var out []*Hint
	for _, c := range l.courses {
		out = append(out, c.Hints...)
	}
	return out
}

// Hint is the hint with an id.
func (l *Library) Hint(id string) (*Hint, bool) {
	h, ok := l.hints[id]
	return h, ok
}

// HintIDs are the ids of all hints, sorted.
func (l *Library) HintIDs() []string {
	out := make([]string, 0, len(l.hints))
	for id := range l.hints {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// Section is the lesson with an id, such as "allocators/global-alloc", or
// "advanced-rust/allocators/global-alloc" with the course in front. Where two
// courses have it, the later one answers.
func (l *Library) Section(id string) (*Section, bool) {
	for _, c := range slices.Backward(l.courses) {
		if s, ok := l.sections[c.ID][id]; ok {
			return s, true
		}
	}
	first, rest, _ := strings.Cut(id, "/")
	s, ok := l.sections[first][rest]
	return s, ok
}

// SectionOf is the lesson that a hint belongs to.
func (l *Library) SectionOf(h *Hint) (*Section, bool) {
	s, ok := l.sections[h.Course][h.Section]
	return s, ok
}

// ChapterOf is the chapter that a lesson belongs to.
func (l *Library) ChapterOf(s *Section) (*Chapter, bool) {
	c, ok := l.chapters[s]
	return c, ok
}

// HintsOf are the hints of a lesson, by id.
func (l *Library) HintsOf(s *Section) []*Hint { return l.bySect[s] }

// HintsByLint are the hints that report the same thing as a lint or an error
// code: "E0133", "unsafe_op_in_unsafe_fn", "clippy::mutex_atomic" (with or
// without its tool).
func (l *Library) HintsByLint(name string) []*Hint { return l.lints[lintName(name)] }

// lintName is one spelling for the several that tools use.
func lintName(s string) string {
	if i := strings.LastIndex(s, "::"); i >= 0 {
		s = s[i+2:]
	}
	return strings.ReplaceAll(s, "-", "_")
}

// Pattern is a named pattern of a course.
func (l *Library) Pattern(course, name string) (*Pattern, bool) {
	c, ok := l.Course(course)
	if !ok {
		return nil, false
	}
	i, ok := slices.BinarySearchFunc(c.Patterns, name, func(p *Pattern, name string) int { return strings.Compare(p.Name, name) })
	if !ok {
		return nil, false
	}
	return c.Patterns[i], true
}

// Breadcrumb are the titles from the course to the lesson.
func (l *Library) Breadcrumb(s *Section) []string {
	var out []string
	if c, ok := l.Course(s.Course); ok {
		out = append(out, c.Title)
	}
	if ch, ok := l.chapters[s]; ok && ch.Page != s {
		out = append(out, ch.Title)
	}
	return append(out, s.Title)
}

// Scheme is the scheme of the addresses that Lectern gives its own pages.
const Scheme = "lectern"

// URL is the address of a lesson's published page, or "".
func (l *Library) URL(s *Section) string {
	c, ok := l.Course(s.Course)
	if !ok || c.BaseURL == "" || s.Draft() {
		return ""
	}
	page := strings.TrimSuffix(s.Path, ".md")
	if dir, base := path.Split(page); strings.EqualFold(base, "README") {
		page = dir + "index"
	}
	return c.BaseURL + "/" + escapePath(page) + ".html"
}

// URI is Lectern's own address of a lesson: `lectern:/<course>/<page>.md`. A
// relative link between pages leads from one such address to another.
func (s *Section) URI() string { return Scheme + ":/" + s.Course + "/" + escapePath(s.Path) }

// URI is Lectern's own address of a hint: `lectern:/<course>/<section>/<hint>.md`.
func (h *Hint) URI() string {
	return Scheme + ":/" + h.Course + "/" + escapePath(h.Path)
}

// Page is what an address or a link leads to: a lesson or a hint.
type Page struct {
	Section *Section // of a hint, its lesson
	Hint    *Hint    // nil for a lesson
}

// Find is the page at one of Lectern's addresses. It also takes what people
// write in comments: `lectern:allocators/global-alloc`,
// `lectern:allocating-in-alloc`.
func (l *Library) Find(uri string) (Page, bool) {
	rest, ok := strings.CutPrefix(uri, Scheme+":")
	if !ok {
		return Page{}, false
	}
	rest, _, _ = strings.Cut(rest, "#")
	rest = strings.TrimSuffix(strings.Trim(unescapePath(rest), "/"), ".md")
	if h, ok := l.hints[rest]; ok {
		return l.pageOf(h)
	}
	if s, ok := l.Section(pageID(rest + ".md")); ok {
		return Page{Section: s}, true
	}
	if h, ok := l.hints[path.Base(rest)]; ok {
		if file := strings.TrimSuffix(h.Path, ".md"); rest == file || rest == h.Course+"/"+file || rest == h.Section+"/"+h.ID || rest == h.Course+"/"+h.Section+"/"+h.ID {
			return l.pageOf(h)
		}
	}
	return Page{}, false
}

func (l *Library) pageOf(h *Hint) (Page, bool) {
	s, ok := l.SectionOf(h)
	return Page{Section: s, Hint: h}, ok
}
