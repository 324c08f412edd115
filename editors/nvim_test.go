package editors_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestNeovim runs nvim/tests/run.lua in the Neovim versions that the plugin is for, with
// each way of installing it.
func TestNeovim(t *testing.T) {
	for _, run := range []struct{ name, program, mode string }{
		{"as README.md has it", "nvim", "enable"},
		{"by one call", "nvim", "call"},
		{"with vim.pack", "nvim", "pack"},
		{"Neovim 0.10", "nvim-0.10", "call"},
	} {
		t.Run(run.name, func(t *testing.T) {
			t.Parallel()
			nvim := editor(t, run.program)
			b := newBench(t)
			report := filepath.Join(b.home, "report")
			out, err := b.run(t, nvim, []string{
				"--headless", "-u", absolute(t, "nvim/tests/init.lua"),
				"-c", "luafile " + absolute(t, "nvim/tests/run.lua"),
			}, "LECTERN_MODE="+run.mode, "LECTERN_BIN="+lectern, "LECTERN_PLUGIN="+absolute(t, "nvim"),
				"LECTERN_DEMO="+b.demo, "LECTERN_REPORT="+report, "LECTERN_REPOSITORY=file://"+repository(t, run.mode == "pack"))
			if err != nil {
				t.Errorf("%v; it printed:\n%s", err, out)
			}
			text, err := os.ReadFile(report)
			if err != nil {
				t.Fatal(err)
			}
			passed := 0
			for line := range strings.Lines(string(text)) {
				if strings.HasPrefix(line, "ok ") {
					passed++
				}
			}
			// As many as there are: a run that stops early must not pass.
			tests, err := os.ReadFile("nvim/tests/run.lua")
			if err != nil {
				t.Fatal(err)
			}
			if all := strings.Count(string(tests), "\ntest('"); passed != all || all == 0 {
				t.Errorf("%d of %d passed:\n%s", passed, all, text)
			}
		})
	}
}

// repository is a git repository that has the plugin where this one has it.
func repository(t *testing.T, wanted bool) string {
	t.Helper()
	if !wanted {
		return ""
	}
	dir := filepath.Join(t.TempDir(), "lectern")
	if err := os.CopyFS(filepath.Join(dir, "editors", "nvim"), os.DirFS("nvim")); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"init", "-q", "-b", "main"}, {"add", "."},
		{"-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "-q", "-m", "plugin"},
	} {
		c := exec.Command("git", args...)
		c.Dir = dir
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	return dir
}

// TestNeovimScreen looks at what a user sees in a terminal.
func TestNeovimScreen(t *testing.T) {
	t.Parallel()
	nvim := editor(t, "nvim")
	b := newBench(t)
	b.write(t, ".config/nvim/init.lua", strings.ReplaceAll(`
vim.opt.runtimepath:append('PLUGIN')
vim.lsp.enable('lectern')
vim.diagnostic.config({ virtual_text = true, severity_sort = true })
`, "PLUGIN", absolute(t, "nvim")))
	term := newTerminal(t, b, nvim, "src/progress.rs")
	term.await("virtual text", "Another thread can change")
	term.keys("/WORDS.store", "Enter", "f", ".", "l", "K")
	term.await("hover", "Atomics and their orderings")
	term.keys("j") // closes the hover
	term.until("its end", func(screen string) bool { return !strings.Contains(screen, "Atomics and their orderings") })
	term.keys(":Lectern explain lost-update", "Enter")
	term.await("explanation", "## Why")
	term.keys(":only", "Enter", ":Lectern lesson allocators/global-alloc", "Enter")
	term.await("lesson", "# One allocator for the whole program")
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	abs, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}
