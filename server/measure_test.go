package server_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"lectern/analysis/course/grow"
)

// long is Rust text of at least so many lines, made of the sources of tests and,
// where LECTERN_CORPUS names a folder, of those below it.
func long(t testing.TB, lines int) string {
	t.Helper()
	dirs := []string{os.Getenv("LECTERN_CORPUS"), filepath.Join("..", "analysis", "syntax", "testdata"), filepath.Join("..", "editors", "demo", "src")}
	var out bytes.Buffer
	n := 0
	for n < lines {
		before := n
		for _, dir := range dirs {
			if dir == "" {
				continue
			}
			err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
				if err != nil || n >= lines || e.IsDir() || filepath.Ext(path) != ".rs" {
					return err
				}
				content, err := os.ReadFile(path)
				if bytes.Contains(content, []byte("#![")) || bytes.HasPrefix(content, []byte("//!")) {
					return err // inner attributes may stand at a file's top only
				}
				out.Write(content)
				out.WriteByte('\n')
				n += bytes.Count(content, []byte("\n")) + 1
				return err
			})
			if err != nil {
				t.Fatalf("reading Rust sources below %s: %v", dir, err)
			}
		}
		if n == before {
			t.Fatal("no Rust sources to measure with")
		}
	}
	return out.String()
}

// room is a folder whose settings add a course of so many hints to the built-in one.
func room(t testing.TB, hints int) string {
	t.Helper()
	root := t.TempDir()
	settings := "severity: {concept: hint}\n"
	if hints > 0 {
		fsys, err := grow.Course(os.DirFS(filepath.Join("..", "queries", "advanced-rust")), "grown", hints, 1)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(filepath.Join(root, "course"), fsys); err != nil {
			t.Fatal(err)
		}
		settings += "courses: [course]\n"
	}
	writeFile(t, filepath.Join(root, "lectern.yaml"), settings)
	return root
}

// forget drops what the server has sent so far.
func (c *client) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.answers)
	c.notes, c.requests, c.arrived = nil, nil, nil
}

// series is how long something took, again and again.
type series []time.Duration

func (s *series) time(do func()) {
	start := time.Now()
	do()
	*s = append(*s, time.Since(start))
}

func (s series) percentile(p int) time.Duration {
	sorted := slices.Sorted(slices.Values(s))
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)*p/100, len(sorted)-1)]
}

func (s series) report(b *testing.B, name string) {
	for _, p := range []int{50, 95, 99} {
		b.ReportMetric(float64(s.percentile(p).Microseconds())/1000, fmt.Sprintf("%s-p%d-ms", name, p))
	}
}

// process is a number of /proc/PID/status: VmRSS and VmHWM in KiB, or Threads.
func (c *client) process(key string) int {
	c.t.Helper()
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		c.t.Fatalf("reading the state of the server's process: %v", err)
	}
	for line := range strings.Lines(string(content)) {
		if rest, ok := strings.CutPrefix(line, key+":"); ok {
			n, err := strconv.Atoi(strings.Fields(rest)[0])
			if err != nil {
				c.t.Fatalf("reading %s: %v", key, err)
			}
			return n
		}
	}
	c.t.Fatalf("the system does not tell %s", key)
	return 0
}
