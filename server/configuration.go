package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"time"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
	"go.uber.org/zap"

	"lectern/analysis/config"
	"lectern/analysis/course"
	"lectern/analysis/engine"
	"lectern/analysis/problem"
)

// clientSettings is the name of the client's settings where problems name files.
const clientSettings = "the client's settings"

// section is the name of Lectern's part of a client's settings.
const section = "lectern"

// patience is how long the first check, and a reload that the user asked for, waits
// for the client's settings: better right at once than different in a moment, but no
// client may hold it up.
const patience = time.Second

// askConfiguration asks the client for the settings of each folder. The channel is
// closed when the client has answered this question, or one that came behind it, or
// when the question has failed.
func (s *Server) askConfiguration() <-chan struct{} {
	w := &s.workspace
	answered := make(chan struct{})
	if !s.can.configuration {
		close(answered)
		return answered
	}
	w.mu.Lock()
	w.asking = append(w.asking, answered)
	w.mu.Unlock()
	s.solo("ask for the settings", func(ctx context.Context) error {
		defer w.once.Do(func() { close(w.configured) })
		asking := take(w, &w.asking)
		defer func() {
			for _, a := range asking {
				close(a)
			}
		}()
		folders := w.all()
		items := make([]protocol.ConfigurationItem, len(folders))
		for i, f := range folders {
			items[i] = protocol.ConfigurationItem{Section: new(section)}
			if f.uri != "" {
				items[i].ScopeURI = new(uri.URI(f.uri))
			}
		}
		answers, err := s.client.Configuration(ctx, &protocol.ConfigurationParams{Items: items})
		if err != nil {
			return fmt.Errorf("ask for the settings: %w", err)
		}
		if len(answers) != len(items) {
			return fmt.Errorf("ask for the settings: %d answers to %d questions", len(answers), len(items))
		}
		w.mu.Lock()
		for i, f := range folders {
			if string(answers[i]) != "null" {
				f.client = slices.Clone(answers[i])
			}
		}
		w.mu.Unlock()
		s.wake()
		return nil
	})
	return answered
}

// didChangeConfiguration takes the settings that come with it, if any do: clients
// that can be asked send none.
func (s *Server) didChangeConfiguration(p *protocol.DidChangeConfigurationParams) error {
	if s.can.configuration {
		s.askConfiguration()
		return nil
	}
	settings := slices.Clone(p.Settings)
	var wrapped struct {
		Lectern protocol.LSPAny `json:"lectern"`
	}
	if err := protocol.Unmarshal(settings, &wrapped); err == nil && len(wrapped.Lectern) > 0 {
		settings = wrapped.Lectern
	}
	if string(settings) == "null" {
		return nil
	}
	w := &s.workspace
	w.mu.Lock()
	w.loose.client = settings
	for _, f := range w.folders {
		f.client = settings
	}
	w.mu.Unlock()
	s.wake()
	return nil
}

// wake asks for settings and courses to be looked at again.
func (s *Server) wake() {
	select {
	case s.workspace.wake <- struct{}{}:
	default: // somebody asked already
	}
}

// reloaded wakes and gives a channel that is closed when all is loaded.
func (s *Server) reloaded() <-chan struct{} {
	done := make(chan struct{})
	s.workspace.mu.Lock()
	s.workspace.waiting = append(s.workspace.waiting, done)
	s.workspace.mu.Unlock()
	s.wake()
	return done
}

// take empties one of the workspace's lists of channels to close, and gives what was
// in it.
func take(w *workspace, list *[]chan struct{}) []chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	taken := *list
	*list = nil
	return taken
}

// reload loads settings and courses, first for the start and then whenever it is
// woken. It is the only one that makes environments.
func (s *Server) reload(ctx context.Context) error {
	wait(s.workspace.configured, patience)
	for {
		waiting := take(&s.workspace, &s.workspace.waiting)
		done := s.working()
		s.updateHealth(func(h *health) { h.broken = "" })
		for _, f := range s.workspace.toLoad() {
			s.reloadFolder(f)
			s.setLogLevel() // the next folder's courses may take a while
		}
		s.showProblems()
		s.updateHealth(func(h *health) { h.problem = problemsMessage(s.allProblems()) })
		done()
		for _, w := range waiting {
			close(w)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-s.workspace.wake:
		}
	}
}

// reloadFolder makes the folder's environment anew. Documents are checked again
// only when something in it differs.
func (s *Server) reloadFolder(f *folder) {
	w := &s.workspace
	w.mu.Lock()
	old, client := f.env, f.client
	w.mu.Unlock()

	next := newEnvironment()
	var err error
	next.contents, err = guard(s, "load settings and courses", func() (contents, error) { return s.load(f, client), nil })
	if err != nil {
		s.updateHealth(func(h *health) { h.broken = "courses could not be loaded: " + err.Error() })
		s.tellOnce(protocol.MessageTypeError, "Lectern could not load its courses: "+err.Error())
		next.settings = config.Default()
		next.rules, _ = engine.Compile(&course.Library{}) // documents wait for some rules
	}
	if !old.isReady() { // the first keeps the promise that documents hold
		old.contents = next.contents
		close(old.ready)
		s.watchFiles()
		s.started()
		return
	}
	same := old.rules == next.rules && reflect.DeepEqual(old.settings, next.settings)
	if same && reflect.DeepEqual(old.problems, next.problems) {
		return
	}
	if same {
		next.settings = old.settings // the engine tells by identity
	}
	close(next.ready)
	w.mu.Lock()
	f.env = next
	w.mu.Unlock()
	var affected []*document
	for _, d := range s.documents.all() {
		if d.replaceEnvironment(old, next) && !same {
			affected = append(affected, d)
		}
	}
	if !slices.Equal(old.courses, next.courses) {
		s.watchFiles()
	}
	if !same {
		s.log.Info("settings or courses changed", zap.String("folder", f.root), zap.Int("documents", len(affected)))
		s.recheck(affected)
	}
}

// settingsOf is the settings of a folder's file, under those of the client.
func settingsOf(root string, client protocol.LSPAny, file *settingsOfFile) (*config.Settings, []problem.Problem) {
	settings, problems := file.read(root)
	if len(client) > 0 {
		over, found := config.ParseClient(clientSettings, root, client)
		settings, problems = settings.Merge(over), append(problems, found...)
	}
	return settings, problems
}

// load is the settings of a folder's file, under those of the client, and the
// courses that they name.
func (s *Server) load(f *folder, client protocol.LSPAny) contents {
	var c contents
	c.settings, c.problems = settingsOf(f.root, client, &f.good)
	folders := c.settings.Courses()
	for _, f := range folders {
		c.courses = append(c.courses, filepath.Clean(f.Path))
	}
	rules, found := s.shelf.rules(folders)
	c.rules, c.problems = rules, append(c.problems, found...)
	c.problems = problem.Bound(append(c.problems, c.settings.Check(c.chapterIDs(), c.library().HintIDs())...))
	return c
}

// settingsOfFile are the settings of a folder's file as it could be read last.
type settingsOfFile struct {
	path     string // "" before there are any
	settings *config.Settings
}

// read reads the folder's file, if it has one. While somebody writes in it, it may
// be broken for a moment: the settings from before stay in force then, and the
// problem says so.
func (g *settingsOfFile) read(root string) (*config.Settings, []problem.Problem) {
	path, ok := settingsFile(root)
	if !ok {
		*g = settingsOfFile{}
		return config.Default(), nil
	}
	settings, found, err := config.Load(path)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Lstat(path); err != nil { // gone since it was found
			*g = settingsOfFile{}
			return config.Default(), nil
		}
	}
	if err != nil {
		found = append(found, problem.Problem{File: path, Message: err.Error()})
	}
	if !settings.Broken() {
		*g = settingsOfFile{path, settings}
		return settings, found
	}
	force := "until it is mended, the settings are the defaults"
	if g.path == path {
		settings, force = g.settings, "until it is mended, the settings from before stay in force"
	}
	for i := range found {
		if found[i].Help != "" {
			found[i].Help += "; "
		}
		found[i].Help += force
	}
	return settings, found
}

func settingsFile(root string) (string, bool) {
	if root == "" {
		return "", false
	}
	return config.Find(root)
}
