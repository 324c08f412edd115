package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"lectern/analysis/config"
	"lectern/analysis/course"
	"lectern/analysis/problem"
	"lectern/analysis/report"
	"lectern/queries"
)

// sources are the flags that say which courses and settings to use.
type sources struct {
	courses  []string
	config   string
	noConfig bool
}

func (s *sources) define(cmd *cobra.Command) {
	grouped(cmd, "Courses and settings", func(f *pflag.FlagSet) {
		f.StringArrayVar(&s.courses, "course", nil, "also load the course in folder `DIR`; can be repeated")
		f.StringVar(&s.config, "config", "", "read settings from `FILE`, not from the nearest lectern.yaml")
		f.BoolVar(&s.noConfig, "no-config", false, "read no lectern.yaml")
	})
}

// material is what the sources gave.
type material struct {
	settings *config.Settings
	library  *course.Library
	problems []problem.Problem
	named    []string // files and folders that the user named, absolute
}

// builtInMark begins the names of files that are part of the program, to tell
// them from files on disk.
const builtInMark = "built-in:"

// builtIn are the courses that are part of the program.
func builtIn() []course.Source {
	var list []course.Source
	for _, name := range queries.Names() {
		list = append(list, course.Source{Name: builtInMark + name, FS: queries.Course(name)})
	}
	return list
}

// load reads settings and courses. The error is about what the user named and
// what is not there; mistakes in files are problems.
func (s *sources) load() (*material, error) {
	m := &material{settings: config.Default()}
	if err := s.readSettings(m); err != nil {
		return nil, err
	}
	list := builtIn()
	for _, f := range m.settings.Courses() {
		source, err := folder(f.Path)
		if err != nil {
			m.problems = append(m.problems, f.Problem(fmt.Sprintf("the course %s: %v", f.Path, err), "courses are folders, relative to lectern.yaml"))
			continue
		}
		list = append(list, source)
	}
	for _, dir := range s.courses {
		source, err := folder(dir)
		if err != nil {
			return nil, fmt.Errorf("--course %s: %w", dir, err)
		}
		list = append(list, source)
		m.name(dir)
	}
	library, problems := course.Load(list...)
	m.library = library
	m.problems = append(m.problems, problems...)
	m.problems = append(m.problems, m.settings.Check(chapters(library), library.HintIDs())...)
	return m, nil
}

func (s *sources) readSettings(m *material) error {
	path := s.config
	switch {
	case s.noConfig && path != "":
		return errors.New("--config and --no-config exclude each other")
	case s.noConfig:
		return nil
	case path == "":
		nearest, ok := config.Find(".")
		if !ok {
			return nil
		}
		path = nearest
	default:
		m.name(path)
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("reading the settings: %w", err)
	}
	settings, problems, err := config.Load(absolute)
	if err != nil {
		return err
	}
	m.settings, m.problems = settings, append(m.problems, problems...)
	return nil
}

func (m *material) name(path string) {
	if absolute, err := filepath.Abs(path); err == nil {
		m.named = append(m.named, absolute)
	}
}

// folder is the source of a course's folder.
func folder(dir string) (course.Source, error) {
	info, err := os.Stat(dir)
	var at *fs.PathError
	switch {
	case errors.As(err, &at):
		return course.Source{}, at.Err
	case err != nil:
		return course.Source{}, err
	case !info.IsDir():
		return course.Source{}, errors.New("is not a folder")
	}
	return course.Folder(dir, os.DirFS(dir)), nil
}

func chapters(l *course.Library) []string {
	var ids []string
	for _, c := range l.Courses() {
		for _, ch := range c.Chapters {
			if ch.ID != "" {
				ids = append(ids, ch.ID)
			}
		}
	}
	return ids
}

// tell writes the problems, and makes the run fail when one is in a file that
// the user named: what is there by itself must not turn a check red.
func (a *app) tell(m *material, problems []problem.Problem) {
	for _, p := range problem.Bound(problems) {
		p.File = shorter(p.File)
		fmt.Fprintln(a.errors, report.Plain(p.String()))
		if m.owns(p.File) {
			a.code = failed
		}
	}
}

func (m *material) owns(file string) bool {
	for _, n := range m.named {
		if within, err := under(n); err == nil && within(file) {
			return true
		}
	}
	return false
}

// shorter is a path relative to the working directory if it is in it.
func shorter(path string) string {
	if !filepath.IsAbs(path) {
		return path
	}
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	if rel, err := filepath.Rel(here, path); err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return rel
	}
	return path
}
