package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"time"
)

// progress shows on a terminal how far a run is that takes long: how many files are
// done, and as soon as it is known how many there are, a bar. It leaves nothing
// behind.
type progress struct {
	w     io.Writer // nil for none
	begin time.Time
	last  time.Time
	shown bool
	done  int

	total atomic.Int64 // files found so far
	whole atomic.Bool  // all are found
}

const (
	patience = 300 * time.Millisecond // a run that is done by then shows nothing
	redraw   = 100 * time.Millisecond
	widest   = 40 // columns of the bar itself
	least    = 10 // with less room for it, numbers do
)

// newProgress shows progress on errs if that is a terminal which somebody is
// watching.
func newProgress(errs io.Writer, quiet bool) *progress {
	p := &progress{begin: time.Now()}
	if _, ok := terminal(errs); ok && !quiet && os.Getenv("TERM") != "dumb" && os.Getenv("CI") == "" {
		p.w = errs
	}
	return p
}

// found is told how many files there are, from any goroutine.
func (p *progress) found(n int, all bool) {
	p.total.Store(int64(n))
	if all {
		p.whole.Store(true)
	}
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
	p.done++
	if p.w == nil {
		return
	}
	now := time.Now()
	if now.Sub(p.begin) < patience || now.Sub(p.last) < redraw {
		return
	}
	p.last, p.shown = now, true
	fmt.Fprintf(p.w, "\r%s\x1b[K", p.line(columns(p.w)))
}

// line is what is shown in a terminal of that many columns, 0 for an unknown
// number. The last column stays free: some terminals begin a new line behind it.
func (p *progress) line(width int) string {
	if width <= 0 {
		width = 80
	}
	if !p.whole.Load() {
		return cut(fmt.Sprintf("%d files checked ...", p.done), width-1)
	}
	total := max(int(p.total.Load()), p.done)
	numbers := fmt.Sprintf("%d/%d files", p.done, total)
	room := min(width-1-len("[] ")-len(numbers), widest)
	if room < least {
		return cut(numbers, width-1)
	}
	filled := room * p.done / max(total, 1)
	bar := strings.Repeat("=", filled)
	if filled < room {
		bar += ">" + strings.Repeat(" ", room-filled-1)
	}
	return "[" + bar + "] " + numbers
}

func cut(s string, width int) string { return s[:min(len(s), max(width, 0))] }
