// Package config reads lectern.yaml, the file with which a workspace says what it
// wants of Lectern, and the same settings as an editor sends them.
//
//	courses: [../our-course]     # folders, relative to this file
//	upTo: allocators             # the chapter that the class has reached
//	hints:
//	  allocating-in-alloc: error # or warning, information, hint, off
//	severity:
//	  concept: off               # for all hints of a kind
//	exclude: ["vendor/**"]       # globs, relative to this file
//	features:
//	  codeActions: false
//	logLevel: info
//
// Fields is the table of all keys, from which reading, documentation and schema
// are made. A wrong value is a Problem at its place and leaves out nothing but
// itself.
package config

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"lectern/analysis/finding"
	"lectern/analysis/problem"
)

// FileName is the name of the settings file at a workspace's root.
const FileName = "lectern.yaml"

// Settings are what one source says, or several merged. A Settings is immutable;
// what it does not set has its default. The zero Settings sets nothing.
type Settings struct {
	courses  []Folder // nil when not set
	upTo     *word
	hints    map[string]level
	kinds    map[finding.Kind]level
	exclude  []glob // nil when not set
	features map[Feature]bool
	logLevel string
	broken   bool
}

// Folder is a course's folder.
type Folder struct {
	Path  string // absolute, or relative to the working directory if the settings' folder was
	place place
}

// Problem is a problem with the folder, at the place that names it.
func (f Folder) Problem(message, help string) problem.Problem { return f.place.problem(message, help) }

// place is where a value was written.
type place struct {
	file         string
	line, column int // from 1; 0 when the source has no lines
}

func (p place) problem(message, help string) problem.Problem {
	return problem.Problem{File: p.file, Line: p.line, Column: p.column, Message: message, Help: help}
}

type word struct {
	text  string
	place place
}

type level struct {
	severity finding.Severity
	place    place
}

type glob struct {
	base, pattern string // base is a cleaned folder; the pattern is slashed
}

// Default is the settings that set nothing.
func Default() *Settings { return &Settings{} }

// Broken reports that these are the defaults because their source, as a whole,
// could not be read as settings.
func (s *Settings) Broken() bool { return s.broken }

// broken are the settings of a source that could not be read.
func broken() *Settings { return &Settings{broken: true} }

// Merge is s with what over sets in its place. Hints, severities and features are
// merged key by key; courses and exclude are replaced.
func (s *Settings) Merge(over *Settings) *Settings {
	m := *s
	if over.courses != nil {
		m.courses = over.courses
	}
	if over.upTo != nil {
		m.upTo = over.upTo
	}
	if over.exclude != nil {
		m.exclude = over.exclude
	}
	if over.logLevel != "" {
		m.logLevel = over.logLevel
	}
	m.hints = merged(s.hints, over.hints)
	m.kinds = merged(s.kinds, over.kinds)
	m.features = merged(s.features, over.features)
	return &m
}

func merged[K comparable, V any](a, b map[K]V) map[K]V {
	switch {
	case len(b) == 0:
		return a
	case len(a) == 0:
		return b
	}
	m := maps.Clone(a)
	maps.Copy(m, b)
	return m
}

// Courses are the folders of the courses to load after the one that is built in,
// in order.
func (s *Settings) Courses() []Folder { return slices.Clone(s.courses) }

// UpTo is the id of the last chapter whose hints are shown, or "" for all.
func (s *Settings) UpTo() string {
	if s.upTo == nil {
		return ""
	}
	return s.upTo.text
}

// Severity is the severity that the settings give a hint: its own, else that of
// its kind. It is false when they say nothing, and the hint's own severity holds.
func (s *Settings) Severity(hint string, kind finding.Kind) (finding.Severity, bool) {
	if l, ok := s.hints[hint]; ok {
		return l.severity, true
	}
	l, ok := s.kinds[kind]
	return l.severity, ok
}

// Disabled reports that a hint is off by its own entry: it is neither reported
// nor hovered. (A kind that is off still answers a hover.)
func (s *Settings) Disabled(hint string) bool {
	l, ok := s.hints[hint]
	return ok && l.severity == finding.Off
}

// Enabled reports that a feature of the server is on.
func (s *Settings) Enabled(f Feature) bool {
	if on, ok := s.features[f]; ok {
		return on
	}
	return f != CodeLens
}

// LogLevel is how much the server logs: debug, info, warn or error.
func (s *Settings) LogLevel() string {
	if s.logLevel == "" {
		return defaultLogLevel
	}
	return s.logLevel
}

// Excluded reports that a file or folder, or one that it stands in, matches an
// exclude pattern. The path is absolute, or relative to the working directory as
// the folder of the settings is.
func (s *Settings) Excluded(path string) bool {
	for _, g := range s.exclude {
		rel, err := filepath.Rel(g.base, path)
		if err != nil {
			continue
		}
		rel = filepath.ToSlash(rel)
		if rel == ".." || strings.HasPrefix(rel, "../") {
			continue
		}
		for rel != "." && rel != "" {
			if doublestar.MatchUnvalidated(g.pattern, rel) {
				return true
			}
			i := strings.LastIndexByte(rel, '/')
			rel = rel[:max(i, 0)]
		}
	}
	return false
}

// Check reports the chapter and the hints that no course has. hints and chapters
// are the ids of all.
func (s *Settings) Check(chapters, hints []string) []problem.Problem {
	var found []problem.Problem
	if s.upTo != nil && s.upTo.text != "" && !slices.Contains(chapters, s.upTo.text) {
		found = append(found, s.upTo.place.problem("upTo: there is no chapter `"+s.upTo.text+"`",
			suggest(s.upTo.text, chapters, "the chapters are ")))
	}
	known := make(map[string]bool, len(hints))
	for _, h := range hints {
		known[h] = true
	}
	for _, id := range slices.Sorted(maps.Keys(s.hints)) {
		if !known[id] {
			found = append(found, s.hints[id].place.problem("hints: there is no hint `"+id+"`", suggest(id, hints, "")))
		}
	}
	problem.Sort(found)
	return found
}

// suggest is the help for a word that is none of the known ones: the one that was
// probably meant, or all of them after the introduction, which may be "" to leave
// the list out.
func suggest(got string, known []string, introduction string) string {
	if meant, ok := problem.Nearest(got, known); ok {
		return "did you mean `" + meant + "`?"
	}
	if introduction == "" || len(known) == 0 {
		return ""
	}
	return introduction + strings.Join(known, ", ")
}
