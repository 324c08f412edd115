package example

import (
	"context"
	"fmt"
	"path/filepath"

	"lectern/analysis/course"
)

// Source is an example as rustc and the rules see it: a file of a crate.
type Source struct {
	Path    string // in the crate, with slashes, such as "src/lib.rs"
	Text    string // without marks
	Edition string // as rustc names it
}

// SourceOf is the source of an example.
func SourceOf(e course.Example) Source {
	path, err := filepath.Rel(root(), pathOf(e))
	if err != nil {
		path = pathOf(e)
	}
	return Source{
		Path: filepath.ToSlash(path), Text: newSheet(e.Text, e.Line, e.Indent, e.Language).text, Edition: editionOf(e),
	}
}

// Compiled is what rustc has to say about a source.
type Compiled struct {
	Errors []string // with their codes; empty for good code
	Note   string   // why they say nothing about the code, or ""
}

// Compile lets rustc check sources, or remembers what it said: types and borrows,
// each source as a crate of its own. The outcomes are in the order of the sources.
// The error is the context's, or that rustc cannot be run.
func Compile(ctx context.Context, sources []Source, options Options) ([]Compiled, error) {
	c := newCompiler(ctx, options)
	outcomes, failures := make([]Compiled, len(sources)), make([]error, len(sources))
	err := each(ctx, len(sources), options.Workers, func(i int) {
		s := sources[i]
		v, err := c.compile(ctx, unit{Edition: s.Edition, Kind: crateType(s.Text), Source: s.Text})
		if failures[i] = err; err != nil {
			return
		}
		if outcomes[i].Note = v.outside(s.Text); outcomes[i].Note != "" {
			return
		}
		for _, e := range v.Errors {
			outcomes[i].Errors = append(outcomes[i].Errors, fmt.Sprintf("line %d: %s", e.Line, withCode(e)))
		}
	})
	for _, failed := range failures {
		if err == nil {
			err = failed
		}
	}
	return outcomes, err
}
