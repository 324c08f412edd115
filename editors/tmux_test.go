package editors_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// terminal is a program in a terminal of 120 columns and 40 rows, which tmux plays.
type terminal struct {
	t      *testing.T
	tmux   string
	socket string
}

// newTerminal starts a command of the bench in a terminal, which ends with the test.
func newTerminal(t *testing.T, b *bench, command string, args ...string) *terminal {
	t.Helper()
	term := &terminal{t: t, tmux: editor(t, "tmux"), socket: filepath.Join(b.home, "tmux")}
	start := exec.Command(term.tmux, append([]string{"-S", term.socket, "-f", "/dev/null",
		"new-session", "-d", "-x", "120", "-y", "40", "-c", b.demo, command}, args...)...)
	start.Env = b.environment("TERM=xterm-256color")
	if out, err := start.CombinedOutput(); err != nil {
		t.Fatalf("start tmux: %v\n%s", err, out)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the screen at the end:\n%s", term.screen())
		}
		exec.Command(term.tmux, "-S", term.socket, "kill-server").Run() //nolint:errcheck // it may be gone
	})
	return term
}

// keys types: names of keys as tmux has them, or text.
func (term *terminal) keys(keys ...string) {
	term.t.Helper()
	for _, key := range keys {
		if out, err := exec.Command(term.tmux, "-S", term.socket, "send-keys", key).CombinedOutput(); err != nil {
			term.t.Fatalf("type %q: %v\n%s", key, err, out)
		}
	}
}

func (term *terminal) screen() string {
	out, err := exec.Command(term.tmux, "-S", term.socket, "capture-pane", "-p").CombinedOutput()
	if err != nil {
		return err.Error()
	}
	return string(out)
}

// await waits until the screen shows a text, and keeps the screen as a file if
// LECTERN_SCREENS names a folder.
func (term *terminal) await(what, text string) {
	term.t.Helper()
	term.until(what, func(screen string) bool { return strings.Contains(screen, text) })
}

// gone types Escape and waits until a text is off the screen: what is typed right behind
// Escape would be taken for a key with Alt.
func (term *terminal) gone(text string) {
	term.t.Helper()
	term.keys("Escape")
	term.until("the end of "+text, func(screen string) bool { return !strings.Contains(screen, text) })
}

func (term *terminal) until(what string, holds func(screen string) bool) {
	term.t.Helper()
	for start := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		screen := term.screen()
		if holds(screen) {
			term.keep(what, screen)
			return
		}
		if time.Since(start) > patience {
			term.t.Fatalf("waited in vain for %s", what)
		}
	}
}

func (term *terminal) keep(what, screen string) {
	dir := os.Getenv("LECTERN_SCREENS")
	if dir == "" {
		return
	}
	name := strings.NewReplacer("/", "-", " ", "-").Replace(term.t.Name() + "-" + what + ".txt")
	if err := os.WriteFile(filepath.Join(dir, name), []byte(screen), 0o644); err != nil {
		term.t.Error(err)
	}
}
