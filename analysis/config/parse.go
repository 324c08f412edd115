package config

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"lectern/analysis/finding"
	"lectern/analysis/problem"
)

// Parse reads the content of a settings file. Relative paths in it count from the
// file's folder.
func Parse(file string, content []byte) (*Settings, []problem.Problem) {
	v, problems := fromYAML(file, content)
	if problems != nil {
		return broken(), problems
	}
	r := reader{base: filepath.Dir(file)}
	return r.settings(v)
}

// ParseClient reads settings as an editor sends them: a JSON object with the same
// keys as the file, without the section name around it. Null and empty values
// set nothing, because editors send those for what the user left alone; to Lua,
// and so to Neovim, an object without keys is an empty list. Relative
// paths count from base, the workspace's root. source names the settings in
// problems.
func ParseClient(source, base string, content []byte) (*Settings, []problem.Problem) {
	if len(strings.TrimSpace(string(content))) == 0 {
		return Default(), nil
	}
	v, problems := fromJSON(source, content)
	if problems != nil {
		return broken(), problems
	}
	r := reader{base: base, client: true}
	return r.settings(v)
}

// reader turns a value into settings, by the table of fields.
type reader struct {
	base     string
	client   bool
	problems []problem.Problem
}

func (r *reader) wrong(at place, help, format string, args ...any) {
	r.problems = append(r.problems, at.problem(fmt.Sprintf(format, args...), help))
}

func (r *reader) settings(v value) (*Settings, []problem.Problem) {
	s := &Settings{}
	switch {
	case r.unset(v):
		return s, nil
	case v.what != isMap:
		r.wrong(v.place, "write `key: value` lines", "the settings are %s", v.what)
		return broken(), r.problems
	}
	fields := Fields()
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	for _, e := range v.entries {
		i := slices.Index(names, e.key.text)
		if i < 0 {
			if r.client && (e.key.text == "server" || e.key.text == "trace") {
				continue // what the editor's side of the client keeps for itself
			}
			r.wrong(e.key.place, suggest(e.key.text, names, "the settings are "), "unknown setting `%s`", e.key.text)
			continue
		}
		if r.unset(e.value) {
			continue
		}
		r.field(s, fields[i], e.value)
	}
	problem.Sort(r.problems)
	return s, r.problems
}

// unset reports a value that says nothing.
func (r *reader) unset(v value) bool {
	switch v.what {
	case isNull:
		return true
	case isString:
		return r.client && v.text == ""
	case isList:
		return r.client && len(v.list) == 0
	}
	return false
}

func (r *reader) field(s *Settings, f Field, v value) {
	switch f.Shape {
	case Text:
		text, ok := r.text(f.Name, v, f.Values)
		if !ok {
			return
		}
		switch f.Name {
		case "upTo":
			s.upTo = &word{text, v.place}
		case "logLevel":
			s.logLevel = text
		}
	case Texts:
		if v.what != isList {
			r.wrong(v.place, "write `"+f.Name+": "+f.Example+"`", "%s is %s, not a list", f.Name, v.what)
			return
		}
		for _, e := range v.list {
			if text, ok := r.text(f.Name, e, nil); ok {
				r.item(s, f, text, e.place)
			}
		}
		switch f.Name {
		case "courses":
			s.courses = orEmpty(s.courses)
		case "exclude":
			s.exclude = orEmpty(s.exclude)
		}
	case Levels, Toggles:
		if v.what != isMap {
			r.wrong(v.place, "write `"+f.Name+": "+f.Example+"`", "%s is %s, not a map", f.Name, v.what)
			return
		}
		for _, e := range v.entries {
			r.entry(s, f, e)
		}
	}
}

// item adds an element of a list.
func (r *reader) item(s *Settings, f Field, text string, at place) {
	switch f.Name {
	case "courses":
		path := filepath.FromSlash(text)
		if !filepath.IsAbs(path) {
			path = filepath.Join(r.base, path)
		}
		s.courses = append(s.courses, Folder{path, at})
	case "exclude":
		if !doublestar.ValidatePattern(text) {
			r.wrong(at, "`*`, `**`, `?`, `[...]` and `{a,b}` are special; put `\\` before one that is meant as itself",
				"exclude: `%s` is not a glob", text)
			return
		}
		text = strings.TrimSuffix(strings.TrimPrefix(text, "./"), "/")
		s.exclude = append(s.exclude, glob{filepath.Clean(r.base), text})
	}
}

// entry adds an entry of a map.
func (r *reader) entry(s *Settings, f Field, e entry) {
	name := f.Name + "." + e.key.text
	if len(f.Keys) > 0 {
		known := make([]string, len(f.Keys))
		for i, k := range f.Keys {
			known[i] = k.Name
		}
		if !slices.Contains(known, e.key.text) {
			r.wrong(e.key.place, suggest(e.key.text, known, "it has "), "%s has no `%s`", f.Name, e.key.text)
			return
		}
	}
	if r.unset(e.value) {
		if !r.client {
			r.wrong(e.value.place, "", "%s has no value", name)
		}
		return
	}
	if f.Shape == Toggles {
		if e.value.what != isBoolean {
			r.wrong(e.value.place, "write true or false", "%s is %s", name, r.describe(e.value))
			return
		}
		if s.features == nil {
			s.features = map[Feature]bool{}
		}
		s.features[Feature(e.key.text)] = e.value.truth
		return
	}
	text, ok := r.text(name, e.value, f.Values)
	if !ok {
		return
	}
	severity, _ := finding.ParseSeverity(text)
	switch f.Name {
	case "hints":
		if s.hints == nil {
			s.hints = map[string]level{}
		}
		s.hints[e.key.text] = level{severity, e.key.place}
	case "severity":
		kind, _ := finding.ParseKind(e.key.text)
		if s.kinds == nil {
			s.kinds = map[finding.Kind]level{}
		}
		s.kinds[kind] = level{severity, e.key.place}
	}
}

// text is a string, one of the values if there are any.
func (r *reader) text(name string, v value, values []string) (string, bool) {
	if len(values) > 0 && (v.what != isString || !slices.Contains(values, v.text)) {
		r.wrong(v.place, suggest(v.text, values, "it is one of "), "%s is %s", name, r.describe(v))
		return "", false
	}
	if v.what != isString {
		r.wrong(v.place, "put it in quotes if it is meant as text", "%s is %s, not a string", name, v.what)
		return "", false
	}
	return v.text, true
}

func (r *reader) describe(v value) string {
	switch v.what {
	case isString:
		return "`" + v.text + "`"
	case isBoolean:
		return fmt.Sprintf("`%v`", v.truth)
	}
	return v.what
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
