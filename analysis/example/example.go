// Package example runs the examples of a course: the fences of its hints that
// say what fires, what is silent and what a fix makes of it, and the Rust code of
// its lessons.
//
// An example that fires marks the lines of its findings as rustc's own tests do:
//
//	danger();      //~ hint-id     on this line
//	//~^ hint-id                   on the line above, one line for each ^
//	//~v hint-id                   on the line below
//	//~| hint-id                   on the line that the mark before it means
//
// In TOML a mark starts with "#~". Marks are taken off before anything looks at
// the text; a line that holds nothing else is taken out.
package example

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"lectern/analysis/course"
	"lectern/analysis/engine"
	"lectern/analysis/problem"
)

// Options say how examples are run.
type Options struct {
	Rustc   string // the compiler; "" to compile nothing
	Cache   string // folder for what the compiler said, or "" to ask it every time
	Workers int    // examples at a time; 0 means one for each core
}

// Outcome is what came of one example. It is plain data.
type Outcome struct {
	Hint     string // id of the hint, or "" for code of a lesson
	Section  string // id of the lesson
	Example  string // "fires", "silent", "fixed", or "lesson"
	File     string
	Line     int               // of its first line in File
	Problems []problem.Problem // why it failed; empty if it passed
	Diff     string            // of a fix that did something else: lines that start with "-" were wanted, with "+" came out
	Compiled bool              // by rustc, now or at an earlier run
	Note     string            // why it was not compiled, or what else to know; or ""
}

// Failed reports an example that does not do what it says.
func (o *Outcome) Failed() bool { return len(o.Problems) > 0 }

// Hints runs the examples of the hints given, which must be of the library that
// the rules were compiled from. The outcomes are in the order of the hints and of
// their examples. The error is the context's.
func Hints(ctx context.Context, rules *engine.Rules, hints []*course.Hint, options Options) ([]Outcome, error) {
	type job struct {
		hint   *course.Hint
		number int
	}
	var jobs []job
	for _, h := range hints {
		for i := range h.Examples {
			jobs = append(jobs, job{h, i})
		}
	}
	c := newCompiler(ctx, options)
	outcomes := make([]Outcome, len(jobs))
	err := each(ctx, len(jobs), options.Workers, func(i int) {
		r := runner{rules: rules, compiler: c, hint: jobs[i].hint}
		outcomes[i] = r.run(ctx, jobs[i].number)
	})
	return outcomes, err
}

// Lessons compiles the Rust code of lessons. Code that is marked `ignore`,
// `compile_fail` or with another language is left out, as rustdoc does.
func Lessons(ctx context.Context, sections []*course.Section, options Options) ([]Outcome, error) {
	type job struct {
		section *course.Section
		code    course.Code
	}
	var jobs []job
	for _, s := range sections {
		for _, code := range s.Code() {
			if code.Language == "rust" && !code.Has("ignore") && !code.Has("compile_fail") {
				jobs = append(jobs, job{s, code})
			}
		}
	}
	c := newCompiler(ctx, options)
	outcomes := make([]Outcome, len(jobs))
	err := each(ctx, len(jobs), options.Workers, func(i int) {
		outcomes[i] = lesson(ctx, c, jobs[i].section, jobs[i].code)
	})
	return outcomes, err
}

// each calls do for 0 to n-1 with some at a time, until ctx ends.
func each(ctx context.Context, n, workers int, do func(i int)) error {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(workers, n) {
		wg.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	var err error
	for i := 0; i < n && err == nil; i++ {
		select {
		case next <- i:
		case <-ctx.Done():
			err = fmt.Errorf("running examples: %w", ctx.Err())
		}
	}
	close(next)
	wg.Wait()
	return err
}
