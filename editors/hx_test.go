package editors_test

import (
	"strings"
	"testing"
)

// TestHelix uses the configuration in README.md in a terminal: a diagnostic, a hover and
// a fix.
func TestHelix(t *testing.T) {
	t.Parallel()
	hx := editor(t, "hx")
	b := newBench(t)
	// There is no rust-analyzer on the machine: Helix says so and goes on.
	b.write(t, ".config/helix/languages.toml", fence(t, "Helix", "toml"))
	term := newTerminal(t, b, hx, "src/progress.rs:11:11")
	term.await("the file", "WORDS.store")
	term.await("diagnostic", "Another thread can change")
	term.keys("Space", "k")
	term.await("hover", "Atomics and their orderings")
	term.gone("Atomics and their orderings")
	term.keys("Space", "a")
	term.await("actions", "Add in one step")
	// The fix stands first: it is for the diagnostic under the cursor.
	term.keys("Enter")
	term.await("fix", "WORDS.fetch_add")
	term.keys(":w", "Enter")
	// Helix moves the file away before it writes another one: only then is it whole.
	term.await("the end of writing", "written,")
	if !strings.Contains(b.source(t, "src/progress.rs"), "WORDS.fetch_add") {
		t.Error("the file has no fix")
	}
	if b.reportsLostUpdate(t) {
		t.Error("the lost update is still there after the fix")
	}
}
