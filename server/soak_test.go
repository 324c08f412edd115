package server_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// sampled is the server at one moment: memory in KiB, of the process, of Go's part
// of it, and of what Go has in use; the rest is C's, which has the trees.
type sampled struct{ rss, golang, heap, threads, files, goroutines int }

// TestSoak types, asks, opens, closes and reloads at random, for as long as
// LECTERN_SOAK says, or for 80 steps. The process must not grow from the second
// quarter to the last, and no goroutines may pile up.
func TestSoak(t *testing.T) {
	var length time.Duration // 0: a few steps, however long they take
	slack := 512 << 10       // KiB; a short run is still warming up
	if s := os.Getenv("LECTERN_SOAK"); s != "" {
		var err error
		if length, err = time.ParseDuration(s); err != nil {
			t.Fatalf("LECTERN_SOAK: %v", err)
		}
		slack = 48 << 10
	}
	root := room(t, 40)
	c := open(t, root, puller(), nil)
	rnd := rand.New(rand.NewPCG(1, 2))
	texts := []string{long(t, 1_000), long(t, 3_000), long(t, 6_000)}
	docs := make([]*soaked, 6)
	for i := range docs {
		docs[i] = &soaked{doc: c.open(fmt.Sprintf("src/s%d.rs", i), texts[i%3]), text: texts[i%3]}
	}
	manifest := filepath.Join(root, "course", "course.yaml")
	original, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	var samples []sampled
	steps, every := 0, length/40
	begin := time.Now()
	for next := begin.Add(every); length > 0 && time.Since(begin) < length || length == 0 && steps < 80; steps++ {
		d := docs[rnd.IntN(len(docs))]
		line := rnd.IntN(d.lines())
		switch k := rnd.IntN(1000); {
		case k < 500:
			d.edit(rnd, line)
		case k < 700:
			d.pull("")
		case k < 850:
			d.hoverAt(line, rnd.IntN(20))
		case k < 980:
			c.call("textDocument/codeAction", object{"textDocument": d.id(), "range": at(line, 0, 30), "context": object{"diagnostics": []any{}}}, nil)
		case k < 990:
			d.close()
			d.doc, d.undo = c.open(strings.TrimPrefix(d.uri, fileURI(root)+"/"), d.text), nil
		case k < 993:
			c.notify("workspace/didChangeConfiguration", object{"settings": nil})
		case k < 996:
			writeFile(t, manifest, fmt.Sprintf("%s# step %d\n", original, steps))
			c.notify("workspace/didChangeWatchedFiles", object{"changes": []object{{"uri": fileURI(manifest), "type": 2}}})
		default:
			d.change(d.text)
			d.undo = nil
		}
		c.forget()
		if now := time.Now(); now.After(next) && (length > 0 || steps%2 == 1) {
			samples = append(samples, c.sample())
			next = now.Add(every)
		}
	}
	for _, d := range docs {
		d.pull("")
		d.close()
	}
	t.Logf("%d steps in %s", steps, time.Since(begin).Round(time.Second))
	if len(samples) < 8 {
		t.Fatalf("only %d samples", len(samples))
	}
	n := len(samples)
	kinds := []struct {
		name string
		of   func(sampled) int
	}{
		{"RSS, KiB", func(s sampled) int { return s.rss }}, {"Go's, KiB", func(s sampled) int { return s.golang }},
		{"C's, KiB", func(s sampled) int { return s.rss - s.golang }}, {"heap, KiB", func(s sampled) int { return s.heap }},
		{"threads", func(s sampled) int { return s.threads }}, {"goroutines", func(s sampled) int { return s.goroutines }},
		{"open files", func(s sampled) int { return s.files }},
	}
	t.Logf("%-11s %8s %8s %8s %8s  medians of the quarters", "", "1", "2", "3", "4")
	for _, k := range kinds {
		var q [4]int
		for i := range q {
			q[i] = median(samples[n*i/4:n*(i+1)/4], k.of)
		}
		t.Logf("%-11s %8d %8d %8d %8d", k.name, q[0], q[1], q[2], q[3])
	}
	check := func(what string, of func(sampled) int, slack int) {
		early, late := median(samples[n/4:n/2], of), median(samples[n*3/4:], of)
		if t.Logf("%s: %d in the second quarter, %d in the last", what, early, late); late > early+slack {
			t.Errorf("%s grows: from %d to %d, with a slack of %d", what, early, late, slack)
		}
	}
	check("RSS in KiB", func(s sampled) int { return s.rss }, slack)
	check("threads", func(s sampled) int { return s.threads }, 8)
	check("goroutines", func(s sampled) int { return s.goroutines }, 8)
	check("open files", func(s sampled) int { return s.files }, 3)

	// The runtime writes down its goroutines when it is made to quit.
	c.call("textDocument/hover", object{"textDocument": docs[0].id(), "position": position{}}, nil)
	if err := c.cmd.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	c.code()
	goroutines := bytes.Count(c.stderr.Bytes(), []byte("\ngoroutine "))
	if t.Logf("goroutines at the end: %d", goroutines); goroutines == 0 || goroutines > 60 {
		t.Errorf("%d goroutines with all documents closed, want 1 to 60", goroutines)
	}
}

func median(s []sampled, of func(sampled) int) int {
	var values []int
	for _, x := range s {
		values = append(values, of(x))
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func (c *client) sample() sampled {
	files, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", c.cmd.Process.Pid))
	if err != nil {
		c.t.Fatalf("counting open files: %v", err)
	}
	var st struct{ HeapBytes, GoBytes, Goroutines int }
	c.command(&st, "lectern.status")
	return sampled{
		rss: c.process("VmRSS"), golang: st.GoBytes >> 10, heap: st.HeapBytes >> 10,
		threads: c.process("Threads"), files: len(files), goroutines: st.Goroutines,
	}
}

// soaked is a document that is edited at random, and the edits to take back.
type soaked struct {
	*doc
	text string
	undo []object
}

func (d *soaked) lines() int { return strings.Count(d.text, "\n") }

// edit puts lines in at the start of a line, or takes back what was put in last.
func (d *soaked) edit(rnd *rand.Rand, line int) {
	if n := len(d.undo); n > 4 || n > 0 && rnd.IntN(2) == 0 {
		d.change(d.undo[n-1])
		d.undo = d.undo[:n-1]
		return
	}
	snippets := []string{
		"let x = unsafe { std::mem::zeroed::<u8>() };\n", "fn f() {\n", "}\n", "/*\n", "\"\n", "*/\n",
		"static A: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);\n",
		"unsafe impl Send for S {}\n// lectern: allow(nothing): a reason\n", strings.Repeat("#[inline]\nfn g() { h!(a, b) }\n", 30),
	}
	s := snippets[rnd.IntN(len(snippets))]
	d.change(edit(at(line, 0, 0), s))
	d.undo = append(d.undo, edit(span{position{line, 0}, position{line + strings.Count(s, "\n"), 0}}, ""))
}
