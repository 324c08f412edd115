package server

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.uber.org/zap"
)

// status is what lectern.status answers: the same for people and for programs.
type status struct {
	Text          string         `json:"text"`
	Version       string         `json:"version"`
	Client        string         `json:"client"`
	Encoding      string         `json:"encoding"`
	Diagnostics   string         `json:"diagnostics"` // pulled or pushed
	Folders       []folderStatus `json:"folders"`
	OpenDocuments int            `json:"openDocuments"`
	LookedAt      int            `json:"lookedAt"`  // files that are not open
	Watched       int32          `json:"watched"`   // folders, by our own watcher
	HeapBytes     uint64         `json:"heapBytes"` // of Go, in use; trees of open documents come on top
	GoBytes       uint64         `json:"goBytes"`   // what Go has of the system's memory
	Goroutines    int            `json:"goroutines"`
}

type folderStatus struct {
	Path     string         `json:"path"` // "" for what is in no folder
	Courses  []courseStatus `json:"courses"`
	Problems []string       `json:"problems"`
}

type courseStatus struct {
	ID    string `json:"id"`
	Hints int    `json:"hints"`
}

// tellStatus says how the server is.
func (s *Server) tellStatus(arguments []protocol.LSPAny) (answer, error) {
	if err := noArguments(arguments); err != nil {
		return nil, err
	}
	return func(ctx context.Context) (any, error) {
		st := status{
			Version: s.options.Version, Client: s.clientName, Encoding: s.encoding.String(), Diagnostics: "pushed",
			Folders: []folderStatus{}, OpenDocuments: len(s.documents.all()), Goroutines: runtime.NumGoroutine(),
		}
		if s.can.pull {
			st.Diagnostics = "pulled"
		}
		for _, f := range s.workspace.all() {
			env := s.environmentIn(f)
			if err := env.await(ctx); err != nil {
				return nil, err
			}
			one := folderStatus{Path: f.root, Courses: []courseStatus{}, Problems: []string{}}
			for _, c := range env.library().Courses() {
				one.Courses = append(one.Courses, courseStatus{c.ID, len(c.Hints)})
			}
			for _, p := range env.problems {
				one.Problems = append(one.Problems, p.String())
			}
			st.Folders = append(st.Folders, one)
		}
		s.scan.mu.Lock()
		st.LookedAt = len(s.scan.known)
		s.scan.mu.Unlock()
		st.Watched = s.watches.Load()
		var memory runtime.MemStats
		runtime.ReadMemStats(&memory)
		st.HeapBytes, st.GoBytes = memory.HeapAlloc, memory.Sys-memory.HeapReleased
		st.Text = st.text()
		return rawAnswer(&st)
	}, nil
}

func (st *status) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "lectern %s with %s: positions in %s, diagnostics %s\n", st.Version, st.Client, st.Encoding, st.Diagnostics)
	for _, f := range st.Folders {
		path := f.Path
		if path == "" {
			path = "in no folder"
		}
		fmt.Fprintf(&b, "%s\n", path)
		for _, c := range f.Courses {
			fmt.Fprintf(&b, "  course %s, hints: %d\n", c.ID, c.Hints)
		}
		for _, p := range f.Problems {
			fmt.Fprintf(&b, "  problem: %s\n", p)
		}
	}
	fmt.Fprintf(&b, "open documents: %d, files looked at: %d, folders watched: %d, heap: %.1f MB, goroutines: %d\n",
		st.OpenDocuments, st.LookedAt, st.Watched, float64(st.HeapBytes)/1e6, st.Goroutines)
	return b.String()
}

// reloadAll reads settings and courses again, whatever their files' times say.
// The answer comes when they are in use, the client's own settings included, unless
// the client has not said within patience what those are.
func (s *Server) reloadAll(arguments []protocol.LSPAny) (answer, error) {
	if err := noArguments(arguments); err != nil {
		return nil, err
	}
	s.shelf.changed()
	asked := s.askConfiguration()
	return func(ctx context.Context) (any, error) {
		late := time.NewTimer(patience)
		defer late.Stop()
		select {
		case <-asked:
		case <-late.C:
			s.log.Warn("the client has not told its settings: reloading without", zap.Duration("waited", patience))
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		select {
		case <-s.reloaded():
			return nil, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}, nil
}

func noArguments(arguments []protocol.LSPAny) error {
	if len(arguments) > 0 {
		return jsonrpc2.NewError(jsonrpc2.InvalidParams, "the command has no arguments")
	}
	return nil
}
