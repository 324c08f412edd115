//go:build unix

package main

import (
	"bytes"
	"testing"
	"time"

	"github.com/creack/pty"
)

// end is written behind what a run shows, to know when it is all there.
const end = '#'

// shownOn gives what a real terminal is shown of a run that began so long ago, of
// two files.
func shownOn(t *testing.T, ago time.Duration, quiet bool) string {
	t.Helper()
	terminal, tty, err := pty.Open()
	if err != nil {
		t.Fatalf("opening a terminal: %v", err)
	}
	defer terminal.Close()
	p := newProgress(tty, quiet)
	p.begin = time.Now().Add(-ago)
	p.step()
	p.step()
	p.clear()
	if _, err := tty.Write([]byte{end}); err != nil { // what is waited for
		t.Fatal(err)
	}
	var shown bytes.Buffer
	for !bytes.HasSuffix(shown.Bytes(), []byte{end}) {
		b := make([]byte, 256)
		n, err := terminal.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		shown.Write(b[:n])
	}
	tty.Close()
	return shown.String()
}

func TestProgressOnATerminal(t *testing.T) {
	t.Setenv("CI", "")
	t.Setenv("TERM", "xterm")
	if got, want := shownOn(t, time.Minute, false), "\r1 files checked ...\r\x1b[K#"; got != want {
		t.Errorf("a long run shows %q, want %q: a count that is cleared", got, want)
	}
	if got := shownOn(t, -time.Minute, false); got != "#" {
		t.Errorf("a short run shows %q", got)
	}
	if got := shownOn(t, time.Minute, true); got != "#" {
		t.Errorf("--quiet shows %q", got)
	}
	t.Setenv("TERM", "dumb")
	if got := shownOn(t, time.Minute, false); got != "#" {
		t.Errorf("a dumb terminal is shown %q", got)
	}
	t.Setenv("TERM", "xterm")
	t.Setenv("CI", "true")
	if got := shownOn(t, time.Minute, false); got != "#" {
		t.Errorf("CI is shown %q", got)
	}
}
