package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"lectern/analysis/course"
	"lectern/analysis/engine"
	"lectern/analysis/example"
	"lectern/analysis/problem"
	"lectern/analysis/report"
)

// testFlags are the flags of test.
type testFlags struct {
	rustc   string
	jobs    int
	verbose bool
}

func (a *app) test() *cobra.Command {
	var flags testFlags
	cmd := &cobra.Command{
		Use:   "test PATH...",
		Short: "Run the examples of courses",
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("test takes the folders of courses, or hint files in them")
			}
			for _, path := range args {
				if err := a.runTest(cmd.Context(), flags, filepath.Clean(path)); err != nil {
					return err
				}
			}
			return nil
		},
	}
	grouped(cmd, "How to run", func(f *pflag.FlagSet) {
		f.StringVar(&flags.rustc, "rustc", "", "compile with `PROGRAM`, or with none to leave that out\n(default rustc, when there is one)")
		f.IntVar(&flags.jobs, "jobs", 0, "run `N` examples at a time; 0 for one a core")
		f.BoolVarP(&flags.verbose, "verbose", "v", false, "also list the examples that pass")
	})
	return cmd
}

// compiler is the rustc to use, "" for none.
func (f *testFlags) compiler() (string, error) {
	switch f.rustc {
	case "none":
		return "", nil
	case "":
		path, err := exec.LookPath("rustc")
		if err != nil {
			return "", nil
		}
		return path, nil
	}
	path, err := exec.LookPath(f.rustc)
	if err != nil {
		return "", fmt.Errorf("--rustc %s: %w", f.rustc, err)
	}
	return path, nil
}

func (a *app) runTest(ctx context.Context, flags testFlags, path string) error {
	rustc, err := flags.compiler()
	if err != nil {
		return err
	}
	if flags.jobs < 0 {
		return fmt.Errorf("--jobs cannot be %d", flags.jobs)
	}
	root, err := courseFolder(path)
	if err != nil {
		return err
	}
	source, err := folder(root)
	if err != nil {
		return fmt.Errorf("the course %s: %w", root, err)
	}
	// The built-in courses are there to be extended, and this one may be one of
	// them: of what they have in common, the folder's files are taken.
	library, problems := course.Load(append(builtIn(), source)...)
	rules, more := engine.Compile(library)
	within, err := under(path)
	if err != nil {
		return err
	}
	var hints []*course.Hint
	for _, h := range library.Hints() {
		if within(h.File) {
			hints = append(hints, h)
		}
	}
	var sections []*course.Section
	for _, c := range library.Courses() {
		for _, ch := range c.Chapters {
			for _, s := range append([]*course.Section{ch.Page}, ch.Sections...) {
				if s != nil && !s.Draft() && within(s.File) {
					sections = append(sections, s)
				}
			}
		}
	}
	options := example.Options{Rustc: rustc, Workers: flags.jobs}
	if cache, err := os.UserCacheDir(); err == nil {
		options.Cache = filepath.Join(cache, "lectern", "examples")
	}
	outcomes, err := example.Hints(ctx, rules, hints, options)
	if err != nil {
		return err
	}
	lessons, err := example.Lessons(ctx, sections, options)
	if err != nil {
		return err
	}
	problems = append(problems, more...)
	problems = slices.DeleteFunc(append(problems, engine.Impossible(library, hints, problems)...), func(p problem.Problem) bool { return !within(p.File) })
	problems = problem.Bound(problems)
	if len(hints)+len(sections) == 0 {
		for _, p := range problems {
			fmt.Fprintln(a.errors, report.Plain(p.String()))
		}
		return fmt.Errorf("%s holds no hints and no lessons", path)
	}
	notes := slices.DeleteFunc(style(library, hints, sections), func(p problem.Problem) bool { return !within(p.File) })
	a.outcomes(flags, root, append(outcomes, lessons...), problems, problem.Bound(notes))
	return nil
}

// style lists what the rules of prose find in hints and lessons, and links that
// lead nowhere.
func style(library *course.Library, hints []*course.Hint, sections []*course.Section) []problem.Problem {
	problems := library.Links()
	for _, h := range hints {
		problems = append(problems, course.Prose(h)...)
	}
	for _, s := range sections {
		problems = append(problems, course.ProsePage(s)...)
	}
	return problems
}

// outcomes writes what came of a course's examples.
func (a *app) outcomes(flags testFlags, root string, outcomes []example.Outcome, problems, notes []problem.Problem) {
	failures, compiled := 0, 0
	for _, p := range problems {
		fmt.Fprintln(a.out, report.Plain(p.String()))
	}
	for _, p := range notes {
		fmt.Fprintln(a.out, "note "+report.Plain(p.String()))
	}
	for _, o := range outcomes {
		if o.Compiled {
			compiled++
		}
		name := o.Hint
		if name == "" {
			name = o.Section
		}
		switch {
		case o.Failed():
			failures++
			fmt.Fprintf(a.out, "FAIL %s %s (%s:%d)\n", name, o.Example, o.File, o.Line)
			for _, p := range o.Problems {
				fmt.Fprintf(a.out, "    %s\n", report.Plain(p.String()))
			}
			for line := range strings.Lines(o.Diff) {
				fmt.Fprintf(a.out, "    %s\n", report.Plain(strings.TrimRight(line, "\n")))
			}
		case flags.verbose:
			says := o.Note
			if o.Compiled {
				says = strings.TrimPrefix("compiled; "+says, "; ")
			}
			fmt.Fprintf(a.out, "ok   %s %s (%s:%d) %s\n", name, o.Example, o.File, o.Line, strings.TrimSuffix(says, "; "))
		}
	}
	if failures+len(problems) > 0 {
		a.code = found
	}
	fmt.Fprintf(a.out, "%s: %s, %d compiled by rustc, %d failed", root, count(len(outcomes), "example"), compiled, failures)
	if len(problems) > 0 {
		fmt.Fprintf(a.out, ", %s in files", count(len(problems), "mistake"))
	}
	if len(notes) > 0 {
		fmt.Fprintf(a.out, ", %s on style", count(len(notes), "note"))
	}
	fmt.Fprintln(a.out)
}

func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// courseFolder is the course that a path is in: the nearest folder with a
// course.yaml or, without one, the path itself.
func courseFolder(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("the course: %w", err)
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("the course: %w", err)
	}
	if !info.IsDir() {
		path, absolute = filepath.Dir(path), filepath.Dir(absolute)
	}
	for at := absolute; ; at = filepath.Dir(at) {
		for _, name := range []string{"course.yaml", "book.toml"} {
			if _, err := os.Stat(filepath.Join(at, name)); err != nil {
				continue
			}
			if up, err := filepath.Rel(absolute, at); err == nil {
				return filepath.Join(path, up), nil
			}
			return at, nil
		}
		if at == filepath.Dir(at) {
			return path, nil
		}
	}
}

// under reports files that are the path or stand in it.
func under(path string) (func(file string) bool, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("the course: %w", err)
	}
	return func(file string) bool {
		if strings.HasPrefix(file, builtInMark) {
			return false
		}
		file, err := filepath.Abs(file)
		return err == nil && (file == absolute || strings.HasPrefix(file, absolute+string(filepath.Separator)))
	}, nil
}
