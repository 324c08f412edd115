package course

import (
	"net/url"
	"path"
	"strings"
)

// Resolve follows a link in a lesson or a hint: a relative path to another page
// (`arena.md`, `../lock-free/orderings.md#aba`) or one of Lectern's addresses.
// From is the path of the page in its course's folder.
func (l *Library) Resolve(course, from, link string) (Page, bool) {
	if strings.HasPrefix(link, Scheme+":") {
		return l.Find(link)
	}
	link, _, _ = strings.Cut(link, "#")
	if link == "" || strings.Contains(link, "://") || strings.HasPrefix(link, "/") {
		return Page{}, false
	}
	target := path.Join(path.Dir(from), unescapePath(link))
	if path.Ext(target) != ".md" {
		return Page{}, false
	}
	if s, ok := l.sections[course][pageID(target)]; ok {
		return Page{Section: s}, true
	}
	if h, ok := l.hints[strings.TrimSuffix(path.Base(target), ".md")]; ok && h.Course == course && h.Path == target {
		return l.pageOf(h)
	}
	return Page{}, false
}

// escapePath writes a path as a URL does.
func escapePath(p string) string { return (&url.URL{Path: p}).EscapedPath() }

func unescapePath(p string) string {
	if plain, err := url.PathUnescape(p); err == nil {
		return plain
	}
	return p
}
