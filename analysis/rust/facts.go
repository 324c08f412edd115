package rust

import (
	"lectern/analysis/query"
	"lectern/analysis/tree"
)

// Facts is what the predicates of this package ask: query.Context.Facts of a
// Rust file. One goroutine at a time may use it; make one for each document.
// Setting a field after predicates ran needs Reset.
type Facts struct {
	Context *Context
	// Crate is nil when nothing is known about the crate.
	Crate *Crate
	// Recorder may be nil: then nothing is recorded.
	Recorder *Recorder
	// Path is the file's path, spelled as the paths of Crate are. "" is unknown.
	Path string
	// Masked gives the words that were blanked before parsing and lie in
	// [start, end), in source order. Nil means that there are none.
	Masked func(start, end int) []MaskedSpan

	resolved  [cacheSize]resolved
	typed     [cacheSize]typed
	typePaths resolved
	scratch   scratch
	place     placed
	locals    locals
	made      map[*tree.Unit]*Summary
}

// MaskedSpan is a word that was blanked before parsing because the grammar does
// not know it there: the `unsafe` of `unsafe extern "C" {`, the `safe` of
// `safe fn`.
type MaskedSpan struct {
	Start, End int    // absolute bytes
	Word       string // what stands there: "unsafe", "safe", ...
}

// Holder is a unit's Note that keeps the unit's summary, so that predicates need
// not make one of their own.
type Holder interface{ RustSummary() *Summary }

// Reset forgets cached answers.
func (f *Facts) Reset() {
	for i := range f.resolved {
		f.resolved[i].frame = nil // the memory stays
	}
	f.typed = [cacheSize]typed{}
	f.place, f.locals, f.made = placed{}, locals{}, nil
}

// facts are the facts of a match, or nil in a file that has none.
func facts(ctx *query.Context) *Facts {
	if ctx == nil {
		return nil
	}
	f, _ := ctx.Facts.(*Facts)
	if f == nil || f.Context == nil {
		return nil
	}
	return f
}

// summary is the summary of a frame's unit.
func (f *Facts) summary(fr *tree.Frame) *Summary {
	if h, ok := fr.Unit.Note.(Holder); ok {
		if s := h.RustSummary(); s != nil {
			return s
		}
	}
	if s, ok := f.made[fr.Unit]; ok {
		return s
	}
	if f.made == nil {
		f.made = map[*tree.Unit]*Summary{}
	}
	s := f.Context.grammar.Summarize(fr)
	f.made[fr.Unit] = s
	return s
}

// isRoot reports that the file is its crate's root as far as is known.
func (f *Facts) isRoot() bool { return isRootFile(f.Crate, f.Path) }

// isRootFile reports that a file is its crate's root as far as is known. A file
// without a crate is its own root.
func isRootFile(c *Crate, path string) bool { return c == nil || c.Root == "" || c.Root == path }

func (f *Facts) epoch() uint64 {
	if f.Recorder == nil {
		return 0
	}
	return f.Recorder.epoch
}
