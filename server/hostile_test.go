package server_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// hostile are texts that nobody writes.
var hostile = []struct {
	name, text string
}{
	{"20,000 brackets", "fn f() { let x = " + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + "; }"},
	{"20,000 open brackets", "fn f() { let x = " + strings.Repeat("[", 20_000)},
	{"5,000 blocks", "fn f() " + strings.Repeat("{", 5_000) + strings.Repeat("}", 5_000)},
	{"5,000 functions in functions", strings.Repeat("fn f() { ", 5_000) + strings.Repeat("}", 5_000)},
	{"100,000 modules in modules", strings.Repeat("mod m { ", 100_000) + strings.Repeat("}", 100_000)},
	{"2,000 macro calls in macro calls", "fn f() { " + strings.Repeat("a!(", 2_000) + strings.Repeat(")", 2_000) + "; }"},
	{"100,000 nested comments", strings.Repeat("/*", 100_000) + strings.Repeat("*/", 100_000)},
	{"100,000 open comments", strings.Repeat("/*", 100_000)},
	{"a raw string with 60,000 hashes", "fn f() { r" + strings.Repeat("#", 60_000) + `"x"` + strings.Repeat("#", 60_000) + "; }"},
	{"a path of 50,000 segments", "fn f() { " + strings.Repeat("a::", 50_000) + "b(); }"},
	{"20,000 type arguments", "type T = " + strings.Repeat("Vec<", 20_000) + "u8" + strings.Repeat(">", 20_000) + ";"},
	{"100,000 operators", "fn f() { " + strings.Repeat("!", 100_000) + "x; }"},
	{"100,000 method calls", "fn f() { x" + strings.Repeat(".a()", 100_000) + "; }"},
	{"NUL bytes", "fn f() { \x00 }" + strings.Repeat("\x00", 100_000)},
	{"characters that stand for broken UTF-8 and UTF-16", "\ufeff" + strings.Repeat("f\x00n\x00 \x00\ufffd\ufffe", 2_000)},
	{"a line of 500 KB", "fn f() { " + strings.Repeat("a(b);", 100_000) + "}"},
}

// maxPeak is what the process may take at its peak, in kilobytes; README.md says how
// it comes about.
const maxPeak = heavy * 2 << 20

// TestHostileTexts opens each text, hovers over it and over another document, and
// edits it. All of it is bounded by operations: depth of units, steps of queries,
// levels of macro calls, the length of a text.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	c := open(t, workspace(t), puller(), nil)
	good := c.open("src/main.rs", "fn outer() {}\n")
	for i, h := range hostile {
		if heavy > 1 && len(h.text) > 150_000 {
			continue // what it shows, the plain program shows
		}
		d := c.open("src/hostile"+itoa(i)+".rs", "fn outer() {}\n"+h.text)
		d.alive(h.name)
		d.change(edit(at(0, 0, 0), "\n"))
		if got, want := d.hoverAt(1, 3).title(), "The outer one"; got != want {
			t.Errorf("%s, after an edit: got %q, want %q", h.name, got, want)
		}
		d.pull("")
		d.close()
		good.alive(h.name)
	}
	if peak := c.peak(); peak > maxPeak {
		t.Errorf("the server took %d KB at its peak, want at most %d", peak, maxPeak)
	}
}

// TestTooLongText: a text of 50 MB, or a line of 5 MB, is kept but not checked, which
// the user is told once; once it is short again it is checked.
func TestTooLongText(t *testing.T) {
	t.Parallel()
	for name, long := range map[string]string{
		"50 MB":          strings.Repeat("fn f() { bad(); }\n", 50_000_000/18),
		"a line of 5 MB": "fn f() { " + strings.Repeat("a(b);", 1_000_000) + "}",
	} {
		t.Run(name, func(t *testing.T) { tooLong(t, long) })
	}
}

func tooLong(t *testing.T, long string) {
	c := open(t, workspace(t), puller(), nil)
	d := c.open("src/main.rs", "fn outer() {}\n"+long)
	for range 2 {
		if h := d.hoverAt(0, 3); h != nil {
			t.Errorf("hover: got %v, want null", h)
		}
	}
	told := func() (n int) {
		for _, m := range c.notes {
			if m.Method == "window/showMessage" && strings.Contains(string(m.Params), "more than 4 MB") {
				n++
			}
		}
		return n
	}
	c.until("message that it is too long", func() bool { return told() > 0 })
	d.change(edit(span{position{1, 0}, position{9_999_999, 0}}, ""))
	d.alive("being short again")
	if peak := c.peak(); peak > maxPeak {
		t.Errorf("the server took %d KB at its peak, want at most %d", peak, maxPeak)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := told(); n != 1 {
		t.Errorf("the user was told %d times", n)
	}
}

// peak is the most memory that the server's process had at a time, in kilobytes.
func (c *client) peak() int {
	c.t.Helper()
	status, err := os.ReadFile(filepath.Join("/proc", itoa(c.cmd.Process.Pid), "status"))
	if err != nil {
		c.t.Logf("no such figures on this system: %v", err)
		return 0
	}
	_, rest, ok := strings.Cut(string(status), "VmHWM:")
	line, _, _ := strings.Cut(rest, "\n")
	kb, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(line), "kB")))
	if !ok || err != nil {
		c.t.Fatal(fmt.Errorf("no VmHWM in %s: %v", status, err))
	}
	return kb
}
