package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"lectern/analysis/allow"
	"lectern/analysis/engine"
	"lectern/analysis/files"
	"lectern/analysis/finding"
	"lectern/analysis/report"
	"lectern/analysis/text"
	"lectern/analysis/tree"
)

// fixFlags are the flags of check that change files.
type fixFlags struct {
	fix    bool
	diff   bool
	unsafe bool
	keep   bool // nothing is written: the file is standard input
}

func (f *fixFlags) define(cmd *cobra.Command) {
	grouped(cmd, "What to fix", func(p *pflag.FlagSet) {
		p.BoolVar(&f.fix, "fix", false, "make the fixes that are sure (machine-applicable), then report what remains")
		p.BoolVar(&f.diff, "diff", false, "write no file, but show as a diff what --fix would change")
		p.BoolVar(&f.unsafe, "unsafe-fixes", false, "with --fix or --diff: make those too that may be incorrect")
	})
}

func (f *fixFlags) check() error {
	if f.unsafe && !f.on() {
		return errors.New("--unsafe-fixes says which fixes are made: use it with --fix or --diff")
	}
	return nil
}

func (f *fixFlags) on() bool { return f.fix || f.diff }

// maxRounds bounds how often a file is fixed and checked again: fixes that are in
// each other's way wait for the next round, and some make room for others.
const maxRounds = 10

// repair is what fixing did to a file.
type repair struct {
	before    []byte   // the text, nil when nothing changed
	fixed     int      // fixes made
	remarks   []string // what the user should know
	unwritten error    // why the fixed text could not be written
}

// repair makes the fixes of a file and gives the result for the text afterwards.
// What would leave a text that parses worse is not made.
func (c *checker) repair(r *checked, in engine.Input, result *engine.Result) *engine.Result {
	first := result
	for round := 1; ; round++ {
		fixes := c.fixes(result)
		edits, skipped := finding.Merge(fixes)
		if len(edits) == 0 {
			break
		}
		if round > maxRounds {
			r.remarks = append(r.remarks, fmt.Sprintf("after %d rounds there is still something to fix", maxRounds))
			break
		}
		next, err := c.after(in, result, edits)
		if err != nil {
			r.remarks = append(r.remarks, fmt.Sprintf("fixes were left out: %v", err))
			break
		}
		result = next
		r.fixed += len(fixes) - skipped
	}
	if result == first {
		return result
	}
	before, now := first.Text.Bytes(), result.Text.Bytes()
	if bytes.Equal(before, now) { // one fix took back what another did
		r.fixed = 0
		return first
	}
	r.before = before
	if c.fixing.diff || c.fixing.keep {
		return result
	}
	if err := files.Replace(r.file.Path, before, now); err != nil {
		r.unwritten, r.before, r.fixed = fmt.Errorf("the fixed text could not be written: %w", err), nil, 0
		return first
	}
	return result
}

// after is the result for the text after the edits.
func (c *checker) after(in engine.Input, result *engine.Result, edits []text.Edit) (*engine.Result, error) {
	content, err := finding.Apply(result.Text.Bytes(), edits)
	if err != nil {
		return nil, err
	}
	in.Text = text.New(content)
	d, err := engine.Open(c.rules, in) // Check need not parse, and the mistakes are to be counted
	if err != nil {
		return nil, err
	}
	defer d.Close()
	next := d.Result()
	if mistakes(next.Tree) > mistakes(result.Tree) {
		return nil, errors.New("the text would no longer parse as well as before")
	}
	return next, nil
}

// fixes are the first usable fix of each finding that is reported, and of what is
// wrong with allow comments.
func (c *checker) fixes(result *engine.Result) []finding.Fix {
	most := finding.MachineApplicable
	if c.fixing.unsafe {
		most = finding.MaybeIncorrect
	}
	reported := func(it report.Item) bool {
		return c.chosen.wanted(it) || c.chosen.all && c.chosen.kinds == nil
	}
	var allows map[allow.NoteKind][]finding.Fix
	if reported(report.Item{Kind: allowKind}) {
		allows = c.allowFixes(result, most)
	}
	// What an allow was meant to silence is not to be fixed because of a slip in it.
	if slips := slices.Concat(allows[allow.Malformed], allows[allow.UnknownID]); len(slips) > 0 {
		return slips
	}
	var list []finding.Fix
	size := 0
	for _, f := range result.Findings() {
		if size > finding.Most { // the next round goes on
			break
		}
		if f.Severity == finding.Off || !reported(report.Item{Kind: f.Kind.String(), Severity: f.Severity}) {
			continue
		}
		for _, fix := range result.Fixes(f) {
			if fix.Applicability <= most {
				list = append(list, fix)
				size += fix.Size()
				break
			}
		}
	}
	return append(list, allows[allow.Unused]...)
}

// allowFixes are the usable fixes of what is wrong with allow comments.
func (c *checker) allowFixes(result *engine.Result, most finding.Applicability) map[allow.NoteKind][]finding.Fix {
	fixes := map[allow.NoteKind][]finding.Fix{}
	hints := c.material.library.HintIDs
	for _, use := range result.Allows {
		for _, n := range use.Notes(hints) {
			if fix, ok := use.Fix(n, result.Text, hints); ok && fix.Applicability <= most {
				fixes[n.Kind] = append(fixes[n.Kind], fix)
			}
		}
	}
	return fixes
}

// mistakes counts the places that do not parse.
func mistakes(t *tree.Tree) int {
	if t == nil {
		return 0
	}
	n := 0
	for node := range t.Root().Descendants {
		if node.IsError() || node.IsMissing() {
			n++
		}
	}
	return n
}

// mended counts what a run fixed.
type mended struct{ fixes, files, remain int }

func (m *mended) add(r checked) {
	if r.fixed > 0 {
		m.fixes += r.fixed
		m.files++
	}
	for _, it := range r.file.Items {
		if !it.Hidden && it.Silenced == nil {
			m.remain++
		}
	}
}

// tell writes the counts.
func (m *mended) tell(w io.Writer, diff bool) {
	verb := "fixed"
	if diff {
		verb = "would fix"
	}
	fmt.Fprintf(w, "lectern: %s %d in %s, %d remaining\n", verb, m.fixes, counted(m.files, "file"), m.remain)
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// patch writes what fixing would change in a file.
func (a *app) patch(r checked, w io.Writer, m *mended) {
	if r.err != nil {
		fmt.Fprintf(a.errors, "lectern: %s: %v\n", report.Plain(r.file.Path), r.err)
		a.code = failed
		return
	}
	for _, says := range r.remarks {
		fmt.Fprintf(a.errors, "lectern: %s: %s\n", report.Plain(r.file.Path), says)
	}
	m.add(r)
	if r.before == nil {
		return
	}
	if a.code == clean {
		a.code = found
	}
	_, _ = w.Write(report.Patch(shorter(r.file.Path), r.before, r.file.Text.Bytes())) // Flush says what went wrong
}
