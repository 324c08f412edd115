// Package editors_test drives the real editors, each with the configuration that its
// README shows, on a copy of the demo crate. `bash .ci/editors` installs them.
package editors_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// patience bounds every wait: these programs are slow to start on a busy machine.
const patience = 3 * time.Minute

// lectern is the program under test.
var lectern string

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "lectern-editors")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	lectern = filepath.Join(dir, "bin", "lectern")
	build := exec.Command("go", "build", "-o", lectern, "../cmd/lectern")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build lectern: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// editor is the path of an editor that .ci/editors has installed. Without it the test
// is left out, but in CI it fails.
func editor(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("LECTERN_EDITORS")
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		dir = filepath.Join(cache, "lectern-editors")
	}
	path := filepath.Join(dir, "bin", name)
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is missing: bash .ci/editors %s", path, name)
		}
		t.Skipf("%s is missing: bash .ci/editors %s", path, name)
	}
	return path
}

// bench is a place to run an editor in: a home folder of its own, and the demo.
type bench struct {
	home, demo string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	root, err := os.MkdirTemp("", "lectern-bench")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { removeAll(t, root) })
	b := &bench{home: filepath.Join(root, "home"), demo: filepath.Join(root, "demo")}
	if err := os.CopyFS(b.demo, os.DirFS("demo")); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(b.home, 0o755); err != nil {
		t.Fatal(err)
	}
	return b
}

// removeAll removes a folder in which a server that was told to end may still be writing.
func removeAll(t *testing.T, dir string) {
	t.Helper()
	for start := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		err := os.RemoveAll(dir)
		if err == nil {
			return
		}
		if time.Since(start) > patience {
			t.Error(err)
			return
		}
	}
}

// environment is that of the bench, with lectern on the PATH.
func (b *bench) environment(more ...string) []string {
	return append(os.Environ(), append([]string{
		"HOME=" + b.home,
		"XDG_CONFIG_HOME=" + filepath.Join(b.home, ".config"),
		"XDG_DATA_HOME=" + filepath.Join(b.home, ".local", "share"),
		"XDG_STATE_HOME=" + filepath.Join(b.home, ".local", "state"),
		"XDG_CACHE_HOME=" + filepath.Join(b.home, ".cache"),
		"PATH=" + filepath.Dir(lectern) + string(os.PathListSeparator) + os.Getenv("PATH"),
		"LANG=C.UTF-8", "LC_ALL=C.UTF-8", "COLORTERM=truecolor",
	}, more...)...)
}

// run runs a command of the bench to its end and gives what it printed.
func (b *bench) run(t *testing.T, command string, args []string, more ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c := exec.CommandContext(ctx, command, args...)
	c.Dir, c.Env = b.demo, b.environment(more...)
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	err := c.Run()
	if ctx.Err() != nil {
		err = fmt.Errorf("%s did not end within %v", filepath.Base(command), patience)
	}
	return out.String(), err
}

// write writes a file below the home folder.
func (b *bench) write(t *testing.T, name, content string) {
	t.Helper()
	file := filepath.Join(b.home, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// source is the text of a file of the demo.
func (b *bench) source(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(b.demo, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// reportsLostUpdate says whether `lectern check` finds the lost update that the demo has.
func (b *bench) reportsLostUpdate(t *testing.T) bool {
	t.Helper()
	out, err := b.run(t, lectern, []string{"check", "--format", "jsonl", "src/progress.rs"})
	if err != nil && out == "" {
		t.Fatal(err)
	}
	return strings.Contains(out, `"lost-update"`)
}

// fence is the first block of code in a language below a heading of README.md.
func fence(t *testing.T, heading, language string) string {
	t.Helper()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(readme), "\n## "+heading+"\n")
	_, rest, ok2 := strings.Cut(rest, "```"+language+"\n")
	code, _, ok3 := strings.Cut(rest, "```")
	if !ok || !ok2 || !ok3 {
		t.Fatalf("README.md has no %s block below %q", language, heading)
	}
	return code
}
