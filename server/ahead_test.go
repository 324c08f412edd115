package server

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"

	"go.lsp.dev/protocol"
)

// The courses that a settings file names are loaded while the client is asked for
// its settings, and not again when it has answered.
func TestCoursesAreLoadedAhead(t *testing.T) {
	for _, p := range []struct {
		name, settings, client string
		courses                int
	}{
		{"no course", "severity: {concept: hint}\n", "", 0},
		{"a course of the file", "courses: [course]\n", "", 1},
		{"a course of the client", "", `{"courses": ["course"]}`, 1},
	} {
		root := t.TempDir()
		for name, content := range map[string]string{"lectern.yaml": p.settings, "course/course.yaml": "id: c\ntitle: C\n", "course/SUMMARY.md": "# C\n"} {
			path := filepath.Join(root, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		s := newServer(context.Background(), Options{Log: io.Discard, CacheDir: t.TempDir()})
		f := &folder{root: root, env: newEnvironment()}
		client := protocol.LSPAny(p.client)
		s.loadAhead([]*folder{f}, client)
		<-s.tasks.close()
		ahead := len(s.shelf.loaded)
		rules := s.load(f, client).rules
		if ahead != 1 || len(s.shelf.loaded) != 1 {
			t.Errorf("%s: got %d sets of courses ahead and %d in all, want the same one", p.name, ahead, len(s.shelf.loaded))
		}
		if got := len(rules.Library().Courses()); got != p.courses {
			t.Errorf("%s: got %d courses, want %d", p.name, got, p.courses)
		}
	}
}
