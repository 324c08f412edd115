package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/pflag"
	"golang.org/x/term"
)

// terminal is a writer's terminal, if it is one.
func terminal(w any) (*os.File, bool) {
	f, ok := w.(*os.File)
	return f, ok && term.IsTerminal(int(f.Fd()))
}

// columns is the width of the writer's terminal, or 0.
func columns(w io.Writer) int {
	f, ok := terminal(w)
	if !ok {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return width
}

// colorFlag defines --color.
func colorFlag(f *pflag.FlagSet, when *string) {
	f.StringVar(when, "color", "auto", "color the text `WHEN`: auto (on a terminal, without NO_COLOR),\nalways, never")
}

// colored decides about colors on a writer.
func colored(when string, w io.Writer) (bool, error) {
	switch when {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto":
		_, ok := terminal(w)
		return ok && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb", nil
	}
	return false, oneOf("color", when, []string{"auto", "always", "never"})
}

// progress counts files on a terminal while a run takes long.
type progress struct {
	w      io.Writer // nil for none
	begin  time.Time
	last   time.Time
	shown  bool
	amount int
}

// newProgress shows the count on errs if that is a terminal which somebody is
// watching.
func newProgress(errs io.Writer, quiet bool) *progress {
	p := &progress{begin: time.Now()}
	if _, ok := terminal(errs); ok && !quiet && os.Getenv("TERM") != "dumb" && os.Getenv("CI") == "" {
		p.w = errs
	}
	return p
}

// clear makes room for other output.
func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}

// step counts one file.
func (p *progress) step() {
	p.amount++
	if p.w == nil {
		return
	}
	now := time.Now()
	if now.Sub(p.begin) < 300*time.Millisecond || now.Sub(p.last) < 100*time.Millisecond {
		return
	}
	p.last, p.shown = now, true
	fmt.Fprintf(p.w, "\r%d files checked ...", p.amount)
}
