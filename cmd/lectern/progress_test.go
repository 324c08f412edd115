//go:build unix

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
)

// end is written behind what a run shows, to know when it is all there.
const end = '#'

// tty is a real terminal of so many columns, and what is written to it.
type tty struct {
	*os.File
	t      *testing.T
	screen *os.File
}

func newTTY(t *testing.T, width int) *tty {
	t.Helper()
	screen, file, err := pty.Open()
	if err != nil {
		t.Fatalf("opening a terminal: %v", err)
	}
	t.Cleanup(func() { screen.Close(); file.Close() })
	if err := pty.Setsize(screen, &pty.Winsize{Rows: 24, Cols: uint16(width)}); err != nil {
		t.Fatalf("setting the terminal's size: %v", err)
	}
	return &tty{file, t, screen}
}

// written is all that was written to the terminal, once end was.
func (t *tty) written() string {
	t.t.Helper()
	var all bytes.Buffer
	for !bytes.HasSuffix(all.Bytes(), []byte{end}) {
		b := make([]byte, 4096)
		n, err := t.screen.Read(b)
		if err != nil {
			t.t.Fatal(err)
		}
		all.Write(b[:n])
	}
	return strings.TrimSuffix(all.String(), string(end))
}

// shownOn gives what a terminal is shown of a run that began so long ago, of 4
// files of which 1 is done.
func shownOn(t *testing.T, width int, ago time.Duration, quiet, counted bool) string {
	t.Helper()
	tty := newTTY(t, width)
	p := newProgress(tty.File, quiet)
	p.begin = time.Now().Add(-ago)
	p.found(4, counted)
	p.step()
	p.step() // too soon to be drawn
	p.clear()
	if _, err := tty.Write([]byte{end}); err != nil {
		t.Fatal(err)
	}
	return tty.written()
}

func TestProgressOnATerminal(t *testing.T) {
	t.Setenv("CI", "")
	t.Setenv("TERM", "xterm")
	const gone = "\x1b[K\r\x1b[K"
	for _, test := range []struct {
		width   int
		counted bool
		want    string
	}{
		{80, true, "[==========>                             ] 1/4 files"},
		{200, true, "[==========>                             ] 1/4 files"},
		{40, true, "[======>                    ] 1/4 files"},
		{20, true, "1/4 files"},
		{6, true, "1/4 f"},
		{80, false, "1 files checked ..."},
		{10, false, "1 files c"},
	} {
		got := shownOn(t, test.width, time.Minute, false, test.counted)
		if want := "\r" + test.want + gone; got != want {
			t.Errorf("%d columns: got %q, want %q", test.width, got, want)
		}
		if n := len(strings.Trim(got, "\r\x1b[K")); n >= test.width {
			t.Errorf("%d columns: %d are used", test.width, n)
		}
	}
	if got := shownOn(t, 80, -time.Minute, false, true); got != "" {
		t.Errorf("a short run shows %q", got)
	}
	if got := shownOn(t, 80, time.Minute, true, true); got != "" {
		t.Errorf("--quiet shows %q", got)
	}
	t.Setenv("TERM", "dumb")
	if got := shownOn(t, 80, time.Minute, false, true); got != "" {
		t.Errorf("a dumb terminal is shown %q", got)
	}
	t.Setenv("TERM", "xterm")
	t.Setenv("CI", "true")
	if got := shownOn(t, 80, time.Minute, false, true); got != "" {
		t.Errorf("CI is shown %q", got)
	}
}

func TestProgressBarFills(t *testing.T) {
	p := &progress{}
	for total := range 100 {
		p.found(total, true)
		before := 0
		for p.done = range total + 1 {
			bar := p.line(80)
			if n := strings.Count(bar, "="); n < before || n > widest || strings.IndexByte(bar, ']') != widest+1 {
				t.Fatalf("%d of %d: %q after %d marks", p.done, total, bar, before)
			} else {
				before = n
			}
		}
		if total > 0 && before != widest {
			t.Errorf("all of %d files fill %d of %d columns", total, before, widest)
		}
	}
}

// screen is what is to be seen in the end of what was written to a terminal.
func screen(written string) string {
	var lines []string
	line, at := []byte{}, 0
	for i := 0; i < len(written); i++ {
		switch c := written[i]; {
		case c == '\r':
			at = 0
		case c == '\n':
			lines, line, at = append(lines, string(line)), nil, 0
		case strings.HasPrefix(written[i:], "\x1b[K"):
			line, i = line[:at], i+len("\x1b[K")-1
		default:
			line = append(line[:at], append([]byte{c}, line[min(at+1, len(line)):]...)...)
			at++
		}
	}
	return strings.Join(append(lines, string(line)), "\n")
}

// The program on a real terminal, which gets the report and the bar: in the end
// there is nothing but the report, and none of it was lost.
func TestProgressOfTheProgram(t *testing.T) {
	files := map[string]string{}
	for i := range 80 {
		files[fmt.Sprintf("src/f%d.rs", i)] = strings.Repeat("fn f() { bar(1); [1, 2, 3, 4].iter().map(|x| x + 1).count(); }\n", 400) + "fn f() { foo(); }\n"
	}
	folderOf(t, files)
	arguments := []string{"check", "--course", "mini", "--color", "never", "--jobs", "1", "src"}
	want, _ := lectern(t, 1, arguments...)
	tty := newTTY(t, 80)
	cmd := exec.Command(os.Args[0], arguments...)
	cmd.Args[0] = "lectern" // TestMain then is the program
	cmd.Env = append(cmd.Environ(), "CI=", "TERM=xterm")
	cmd.Stdout, cmd.Stderr = tty.File, tty.File
	done := make(chan error, 1)
	go func() {
		done <- cmd.Run()
		tty.Write([]byte{end}) //nolint:errcheck // then the test waits in vain
	}()
	written := tty.written()
	if err := <-done; cmd.ProcessState.ExitCode() != 1 {
		t.Errorf("got exit code %d (%v), want 1", cmd.ProcessState.ExitCode(), err)
	}
	if !strings.Contains(written, "/80 files\x1b[K") {
		t.Errorf("no bar was shown: %q", written)
	}
	if got := screen(written); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
