package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"lectern/analysis/engine"
	"lectern/analysis/files"
	"lectern/analysis/finding"
	"lectern/analysis/report"
	"lectern/analysis/text"
)

// checkFlags are the flags of check.
type checkFlags struct {
	sources
	format   string
	failOn   string
	kinds    []string
	silenced bool
	color    string
	jobs     int
	stdin    string
	shard    string
	quiet    bool
	fixFlags
}

func (a *app) check() *cobra.Command {
	var flags checkFlags
	cmd := &cobra.Command{
		Use:   "check [PATH...]",
		Short: "Check files and folders",
		RunE: func(cmd *cobra.Command, args []string) error {
			if flags.diff && cmd.Flags().Changed("format") {
				return errors.New("--diff writes a patch and no report: leave out --format")
			}
			return a.runCheck(cmd.Context(), flags, args)
		},
	}
	grouped(cmd, "What to report", func(f *pflag.FlagSet) {
		f.StringSliceVar(&flags.kinds, "kind", nil, "report hints of `KIND`: pitfall, concept, praise, all; can be repeated\n(else text and github report pitfalls, jsonl and sarif all)")
		f.BoolVar(&flags.silenced, "silenced", false, "with sarif: report what allow comments silence too, with their reasons")
		f.StringVar(&flags.failOn, "fail-on", "warning", "exit with 1 for findings of this `SEVERITY` or above: error, warning,\ninformation, hint, never")
	})
	grouped(cmd, "How to report", func(f *pflag.FlagSet) {
		f.StringVar(&flags.format, "format", "text", "write `FORMAT`: text, jsonl, sarif, github")
		f.BoolVarP(&flags.quiet, "quiet", "q", false, "write findings and errors, without lessons, counts and progress")
		colorFlag(f, &flags.color)
	})
	flags.fixFlags.define(cmd)
	flags.sources.define(cmd)
	grouped(cmd, "How to check", func(f *pflag.FlagSet) {
		f.IntVar(&flags.jobs, "jobs", 0, "check `N` files at a time; 0 for one a core")
		f.StringVar(&flags.shard, "shard", "", "check part `I/N` of the files, such as 1/4: the parts are disjoint,\ntogether they are all, and a file's part depends on its path alone")
		f.StringVar(&flags.stdin, "stdin-filename", "", "treat standard input as the content of `FILE`")
	})
	return cmd
}

// selection says which findings are reported and which make the run fail.
type selection struct {
	kinds  []string // nil for the default
	all    bool     // report every kind by default
	failOn finding.Severity
	never  bool
}

// wanted reports an item that was asked for. By default that is pitfalls, and
// whatever the settings have made as serious as one.
func (s *selection) wanted(it report.Item) bool {
	if s.kinds == nil {
		return it.Kind == finding.Pitfall.String() || it.Kind == allowKind || it.Severity >= finding.Warning
	}
	return slices.Contains(s.kinds, it.Kind) || it.Kind == allowKind && slices.Contains(s.kinds, finding.Pitfall.String())
}

func (s *selection) fails(it report.Item) bool {
	return !s.never && it.Silenced == nil && s.wanted(it) && it.Severity >= s.failOn
}

func (f *checkFlags) selection() (*selection, error) {
	s := &selection{all: forPrograms(f.format)}
	if f.failOn == "never" {
		s.never = true
	} else {
		severity, ok := finding.ParseSeverity(f.failOn)
		if !ok || severity == finding.Off {
			return nil, oneOf("fail-on", f.failOn, []string{"error", "warning", "information", "hint", "never"})
		}
		s.failOn = severity
	}
	for _, k := range f.kinds {
		switch _, ok := finding.ParseKind(k); {
		case ok:
			s.kinds = append(s.kinds, k)
		case k == "all":
			s.kinds = append(s.kinds, finding.Kinds()...)
		default:
			return nil, oneOf("kind", k, append(finding.Kinds(), "all"))
		}
	}
	return s, nil
}

func (a *app) runCheck(ctx context.Context, flags checkFlags, args []string) error {
	if !slices.Contains(formats(), flags.format) {
		return oneOf("format", flags.format, formats())
	}
	chosen, err := flags.selection()
	if err != nil {
		return err
	}
	color, err := colored(flags.color, a.out)
	if err != nil {
		return err
	}
	if flags.silenced && flags.format != "sarif" {
		return fmt.Errorf("--silenced is for --format sarif; %s has no words for it", flags.format)
	}
	if flags.jobs < 0 {
		return fmt.Errorf("--jobs cannot be %d", flags.jobs)
	}
	part, err := parseShard(flags.shard)
	if err != nil {
		return err
	}
	if err := flags.fixFlags.check(); err != nil {
		return err
	}
	piped := slices.Contains(args, "-")
	switch {
	case piped && len(args) > 1:
		return errors.New("standard input (-) is checked alone, without other paths")
	case flags.stdin != "" && !piped:
		return errors.New("--stdin-filename says what standard input is: use it with the path -")
	case len(args) == 0:
		args = []string{"."}
	}
	collect := collectLess()
	m, err := flags.load()
	if err != nil {
		return err
	}
	rules, problems := engine.Compile(m.library)
	collect(checkGC)
	problems = append(m.problems, problems...)
	a.tell(m, problems)

	screen := a.out
	if piped && flags.fix && !flags.diff {
		screen = a.errors // standard output is for the text
	}
	out := bufio.NewWriterSize(screen, 64<<10)
	w := flags.writer(out, screen, color, m, part)
	m.notices(w, problems)
	c := &checker{rules: rules, material: m, crates: newCrates(), chosen: chosen, fixing: flags.fixFlags}
	c.fixing.keep = piped
	p := newProgress(a.errors, flags.quiet)
	var mended mended
	_, visible := terminal(a.out)
	show := func(r checked) bool {
		if r.err != nil || len(r.exhausted) > 0 || visible && r.shown() {
			p.clear()
		}
		if flags.diff {
			a.patch(r, out, &mended)
		} else {
			a.result(r, chosen, w)
			mended.add(r)
		}
		if out.Flush() != nil {
			return false // Close says why
		}
		p.step()
		return true
	}
	if piped {
		var f files.File
		if f, err = input(ctx, a.in, flags.stdin); err == nil {
			r := c.check(f)
			if flags.fix && !flags.diff && r.err == nil {
				_, err = a.out.Write(r.file.Text.Bytes())
			}
			show(r)
			err = cmp.Or(err, ctx.Err())
		}
	} else {
		err = files.Process(ctx, args, files.Choice{Excluded: m.settings.Excluded, Taken: part.has, Found: p.found}, flags.jobs, c.check, show)
	}
	p.clear()
	for _, says := range c.crates.complaints() {
		fmt.Fprintf(a.errors, "lectern: %s\n", report.Plain(says))
		notice(w, report.Notice{Message: says, Configuration: true})
	}
	if err != nil {
		return err
	}
	if flags.diff {
		err = out.Flush()
	} else {
		err = cmp.Or(w.Close(), out.Flush())
	}
	if flags.on() && !flags.quiet {
		mended.tell(a.errors, flags.diff)
	}
	if err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// result reports what came of one file.
func (a *app) result(r checked, chosen *selection, w writer) {
	if r.err != nil {
		fmt.Fprintf(a.errors, "lectern: %s: %v\n", report.Plain(r.file.Path), r.err)
		notice(w, report.Notice{Path: r.file.Path, Message: r.err.Error(), Fatal: true})
		a.code = failed
		return
	}
	if r.unwritten != nil {
		fmt.Fprintf(a.errors, "lectern: %s: %v\n", report.Plain(r.file.Path), r.unwritten)
		notice(w, report.Notice{Path: r.file.Path, Message: r.unwritten.Error(), Fatal: true})
		a.code = failed
	}
	for _, says := range r.remarks {
		fmt.Fprintf(a.errors, "lectern: %s: %s\n", report.Plain(r.file.Path), says)
		notice(w, report.Notice{Path: r.file.Path, Message: says})
	}
	for _, hint := range r.exhausted {
		notice(w, report.Notice{Path: r.file.Path, Message: "looking for " + hint + " took too long and was given up"})
		fmt.Fprintf(a.errors, "lectern: %s: looking for %s took too long and was given up\n", report.Plain(r.file.Path), hint)
	}
	for _, it := range r.file.Items {
		if chosen.fails(it) && a.code == clean {
			a.code = found
		}
	}
	w.File(r.file)
}

// input is standard input as a file. The error is the context's: a terminal or a
// pipe may have nothing to give for long.
func input(ctx context.Context, in io.Reader, name string) (files.File, error) {
	f := files.File{Path: name}
	if name == "" {
		f.Path = "<stdin>"
	}
	read := make(chan files.File, 1)
	go func() { // ends with the process at the latest
		content, err := io.ReadAll(io.LimitReader(in, files.Limit+1))
		switch {
		case err != nil:
			f.Err = fmt.Errorf("reading standard input: %w", err)
		case len(content) > files.Limit:
			f.Err = fmt.Errorf("standard input has more than %d bytes", files.Limit)
		}
		f.Content = content
		read <- f
	}()
	select {
	case f := <-read:
		return f, nil
	case <-ctx.Done():
		return files.File{}, ctx.Err()
	}
}

// checker checks files; many goroutines use it at once.
type checker struct {
	rules    *engine.Rules
	material *material
	crates   *crates
	chosen   *selection
	fixing   fixFlags
	touched  touched
}

// checked is what came of one file.
type checked struct {
	file      report.File
	exhausted []string
	err       error
	repair
}

// shown reports that there is something to write about the file.
func (r *checked) shown() bool {
	return slices.ContainsFunc(r.file.Items, func(it report.Item) bool { return !it.Hidden && it.Silenced == nil })
}

func (c *checker) check(f files.File) checked {
	r := checked{file: report.File{Path: f.Path}, err: f.Err}
	if f.Err != nil {
		return r
	}
	in := engine.Input{Path: f.Path, Text: text.New(f.Content), Settings: c.material.settings}
	switch {
	case f.Path == "<stdin>":
		in.Language = "rust"
	case engine.Language(f.Path) == "":
		r.err = errors.New("is neither Rust (.rs) nor TOML (.toml)")
		return r
	}
	if absolute, err := filepath.Abs(f.Path); err == nil && f.Path != "<stdin>" {
		in.Path = absolute
		in.Crate = c.crates.of(absolute)
	}
	if !c.fixing.on() {
		in.Wanted, in.Treeless = c.wanted, true
	}
	result, err := engine.Check(c.rules, in)
	if err != nil {
		r.err = err
		return r
	}
	if c.fixing.on() {
		result = c.repair(&r, in, result)
	}
	r.file.Text = result.Text
	r.exhausted = result.Exhausted
	r.file.Items = items(result, c.material.library)
	if c.chosen.kinds != nil || !c.chosen.all {
		c.touched.add(r.file.Items)
		for i := range r.file.Items {
			r.file.Items[i].Hidden = !c.chosen.wanted(r.file.Items[i])
		}
	}
	return r
}

// sourceWidth is the room that the report has for a line of source.
func sourceWidth(w io.Writer) int {
	if width := columns(w); width > 0 {
		return max(width-8, 40)
	}
	return 0
}
