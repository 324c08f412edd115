package course

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"lectern/analysis/problem"
)

// volume is a folder that is being turned into a course.
type volume struct {
	decoder
	folder *folder
	root   string // folder of the pages: "" or such as "src"
	meta   manifest
	course *Course
	own    bool // has a course.yaml
}

// manifest reads course.yaml, or what an mdBook has instead.
func (v *volume) manifest() {
	f := v.folder
	v.meta = manifest{id: idFrom(f.Name), language: "rust"}
	title, src := "", "src"
	book, isBook := f.text["book.toml"]
	if isBook {
		var named string
		if title, named = bookManifest(book); named != "" {
			src = named
		}
		v.meta.title = title
	}
	if _, ok := f.text["SUMMARY.md"]; !ok && (isBook || f.text[src+"/SUMMARY.md"] != "") {
		v.root = src
	}
	v.decoder.file = f.file("course.yaml")
	text, ok := f.text["course.yaml"]
	switch {
	case ok:
		v.own = true
		v.readManifest(&v.meta, text)
	case slices.Contains(f.names, "course.yaml"): // could not be read, which has been said
		v.own = true
	case !isBook:
		v.fail(0, 0, "the course has no course.yaml", "write one with the lines `id: ...` and `title: ...`")
	}
	if v.meta.title == "" && v.meta.extends == "" {
		v.meta.title = v.meta.id
	}
	v.course = &Course{
		ID: v.meta.id, Title: v.meta.title, Description: v.meta.description, BaseURL: v.meta.baseURL, Source: f.file(""),
	}
}

// idFrom makes an id of a folder's name.
func idFrom(name string) string {
	id := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r | 0x20
		}
		return '-'
	}, path.Base(name))
	if id = strings.Trim(id, "-"); id == "" {
		return "course"
	}
	return id
}

// outline reads SUMMARY.md and the pages that it lists.
func (v *volume) outline() {
	f := v.folder
	name := path.Join(v.root, "SUMMARY.md")
	text, ok := f.text[name]
	if !ok {
		if v.meta.extends == "" && !slices.Contains(f.names, name) { // else it has been said why it is not read
			v.decoder.file = f.file(name)
			v.fail(0, 0, "the course has no SUMMARY.md", "write a list of links in the order of the lessons: `- [Title](chapter/section.md)`; until then the folders' names give the order")
		}
		v.foundOutline()
		return
	}
	s := readSummary(f.file(name), v.course.ID, text)
	v.problems = append(v.problems, s.problems...)
	v.course.Chapters = s.chapters
	for _, p := range slices.Sorted(maps.Keys(s.pages)) {
		section := s.pages[p]
		full := path.Join(v.root, p)
		section.File = f.file(full)
		body, ok := f.text[full]
		if !ok && !slices.Contains(f.names, full) {
			v.decoder.file = f.file(name)
			line, column := (&Hint{source: text}).find("("+p, 1, 1)
			v.fail(line, column, fmt.Sprintf("there is no page `%s`", p),
				fmt.Sprintf("write it, or make the entry a draft: `[%s]()`", section.Title))
		}
		section.Body = []byte(body)
	}
}

// foundOutline makes chapters of the pages that are there.
func (v *volume) foundOutline() {
	for _, name := range v.folder.names {
		page, ok := strings.CutPrefix(name, v.prefix())
		text, read := v.folder.text[name]
		if !ok || !read || path.Ext(page) != ".md" || strings.Count(page, "/") != 1 || isHintText(text) {
			continue
		}
		dir := path.Dir(page)
		chapters := v.course.Chapters
		if len(chapters) == 0 || chapters[len(chapters)-1].ID != dir {
			chapters = append(chapters, &Chapter{ID: dir, Title: dir, Numbered: true})
			v.course.Chapters = chapters
		}
		c := chapters[len(chapters)-1]
		c.Sections = append(c.Sections, &Section{
			ID: pageID(page), Course: v.course.ID, Chapter: c.Title, Title: titleOf(text, pageID(page)),
			Path: page, File: v.folder.file(name), Body: []byte(text),
		})
	}
}

// titleOf is the first heading of a page.
func titleOf(text, otherwise string) string {
	for line := range strings.Lines(text) {
		if title, ok := strings.CutPrefix(line, "# "); ok {
			return strings.TrimSpace(title)
		}
	}
	return otherwise
}

func (v *volume) prefix() string {
	if v.root == "" {
		return ""
	}
	return v.root + "/"
}

// isHintText reports a Markdown file that is a hint for sure: front matter with
// a kind.
func isHintText(text string) bool {
	first, rest, ok := strings.Cut(text, "\n")
	if !ok || !isRuler(first) {
		return false
	}
	end, _ := frontEnd(rest)
	if end < 0 {
		end = len(rest)
	}
	return strings.HasPrefix(rest[:end], "kind:") || strings.Contains(rest[:end], "\nkind:")
}

// hints reads the hint files of the folder.
func (v *volume) hints() []*Hint {
	sections := map[string]*Section{}
	pages := map[string]bool{path.Join(v.root, "SUMMARY.md"): true}
	lessons := map[string]bool{} // sections, without the chapters' own pages
	for _, c := range v.course.Chapters {
		for _, s := range c.Sections {
			lessons[s.ID] = true
		}
		for s := range c.all() {
			sections[s.ID] = s
			pages[path.Join(v.root, s.Path)] = true
		}
	}
	delete(lessons, "")
	delete(sections, "")
	var names []string
	for _, name := range v.folder.names {
		rel, ok := strings.CutPrefix(name, v.prefix())
		text, read := v.folder.text[name]
		if !ok || !read || path.Ext(name) != ".md" || pages[name] {
			continue
		}
		// In the folder of a lesson every file is meant to be a hint; elsewhere
		// only what says so.
		meant := v.own && lessons[path.Dir(rel)] && !strings.EqualFold(path.Base(rel), "README.md")
		if meant || isHintText(text) {
			names = append(names, name)
		}
	}
	if len(names) > maxHints {
		v.folder.fail(names[maxHints], fmt.Sprintf("the course has more than %d hints; this one and all behind it are left out", maxHints), "")
		names = names[:maxHints]
	}
	read := make([]*Hint, len(names))
	problems := make([][]problem.Problem, len(names))
	late := make([]bool, len(names))
	inParallel(len(names), func(i int) {
		name := names[i]
		if late[i] = time.Now().After(v.folder.until); late[i] {
			return
		}
		read[i], problems[i] = readHint(v.folder.file(name), strings.TrimPrefix(name, v.prefix()), v.folder.text[name])
	})
	seen := map[string]*Hint{}
	var out []*Hint
	for i, h := range read {
		if late[i] {
			v.folder.late(names[i])
			break
		}
		v.problems = append(v.problems, problems[i]...)
		if h == nil || !v.settle(h, sections) {
			continue
		}
		if first := seen[h.ID]; first != nil {
			v.decoder.file, v.decoder.hint = h.File, h.ID
			v.fail(1, 1, fmt.Sprintf("the hint `%s` is there twice", h.ID), "the other is "+first.File)
			v.decoder.hint = ""
			continue
		}
		seen[h.ID] = h
		out = append(out, h)
	}
	return out
}

// settle fills in what the course knows of a hint; false when its section is
// unknown.
func (v *volume) settle(h *Hint, sections map[string]*Section) bool {
	h.Course = v.course.ID
	if h.Language == "" {
		h.Language = v.meta.language
	}
	for _, e := range h.Examples {
		if e.Language != h.Language {
			v.decoder.file, v.decoder.hint = h.File, h.ID
			v.fail(e.Line-1, e.Indent+4, fmt.Sprintf("an example in %s for a hint whose language is %s", e.Language, h.Language), "")
			v.decoder.hint = ""
			return false
		}
	}
	if _, ok := h.places["severity"]; !ok {
		h.Severity = defaultSeverity(h.Kind)
		if s, ok := v.meta.severity[h.Kind]; ok {
			h.Severity = s
		}
	}
	line, named := h.places["section"]
	column := 1
	if named {
		line, column = h.find(h.Section, line, 1)
	} else {
		h.Section, line = path.Dir(h.Path), 1
	}
	if sections[h.Section] != nil {
		return true
	}
	v.decoder.file, v.decoder.hint = h.File, h.ID
	help := nearOf(h.Section, slices.Sorted(maps.Keys(sections)))
	switch {
	case named && help != "":
	case named:
		help = "a section's id is the path of its page without .md"
	case h.Section == ".":
		help = "move the file into the folder of its section, or name that as `section: chapter/section`"
	default:
		help = fmt.Sprintf("list its page in SUMMARY.md, `- [Title](%s.md)`, or name another section as `section: ...`", h.Section)
	}
	v.fail(line, column, fmt.Sprintf("no section `%s`", h.Section), help)
	v.decoder.hint = ""
	return false
}

// patterns reads the .scm files of the folder's patterns.
func (v *volume) patterns() {
	byName := map[string]*Pattern{}
	for _, p := range v.course.Patterns {
		byName[p.Name] = p
	}
	for _, name := range v.folder.names {
		dir, base := path.Split(name)
		text, read := v.folder.text[name]
		if path.Ext(name) != ".scm" || !read || dir != "patterns/" && dir != v.prefix()+"patterns/" {
			continue
		}
		p := &Pattern{Name: strings.TrimSuffix(base, ".scm"), Text: text, Path: name, File: v.folder.file(name)}
		if !isPatternName(p.Name) {
			v.decoder.file = p.File
			v.fail(1, 1, fmt.Sprintf("`%s` is no name for a pattern", p.Name), "use letters, digits and `-`")
			continue
		}
		byName[p.Name] = p
	}
	v.course.Patterns = nil
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		v.course.Patterns = append(v.course.Patterns, byName[name])
	}
}
