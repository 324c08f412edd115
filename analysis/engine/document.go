package engine

import (
	"hash/maphash"
	"path/filepath"

	"lectern/analysis/config"
	"lectern/analysis/course"
	"lectern/analysis/query"
	"lectern/analysis/rust"
	"lectern/analysis/syntax"
	"lectern/analysis/text"
)

// Input is a text to check and what is known about it.
type Input struct {
	Path     string // "" for a text without a file
	Language string // "rust" or "toml"; "" means by the path's ending
	Version  int32
	Text     *text.Text
	Crate    *rust.Crate      // nil when nothing is known
	Settings *config.Settings // nil for the defaults
	// Wanted are the hints that Check is asked for; nil for all. Where none of them
	// can be found, Check may leave out the others too.
	Wanted func(*course.Hint) bool
	// Treeless gives up the tree of a Result of Check: its memory is used for the next.
	Treeless bool
	// Plain takes no short cuts, for comparing with them.
	Plain bool
}

// Language is the language of a path by its ending, or "" for one that Lectern
// does not read.
func Language(path string) string {
	switch filepath.Ext(path) {
	case ".rs":
		return "rust"
	case ".toml":
		return "toml"
	}
	return ""
}

// Document is a text that is open. It has one owner, who calls its methods one
// at a time; the Results may be read by anyone.
type Document struct {
	rules   *Rules
	in      Input
	checker *checker    // nil for a language without rules
	once    bool        // the text will not be edited
	words   query.Words // of the text, if so
	parse   *syntax.Parse
	live    []*note // of the units of the last pass
	gen     uint64
	seed    maphash.Seed // of what is hashed
	shown   shown
	result  *Result
	// Checked counts the units checked so far, for tests of what an edit costs.
	Checked int
}

// Check looks at a text once.
func Check(rules *Rules, in Input) (*Result, error) {
	d := newDocument(rules, in)
	if !in.Plain {
		passed, words := rules.passes(d.in)
		if passed {
			return newResult(d, nil), nil
		}
		d.once, d.words = true, words
	}
	if err := d.start(); err != nil {
		return nil, err
	}
	result := d.Result()
	if in.Treeless && d.parse != nil {
		result.Tree = nil
		d.parse.Discard()
	}
	d.Close()
	return result, nil
}

// Open parses and checks a text. Its error is of the parser: a text that is too
// long or takes too long. Like those of all that follows it does not name the
// path.
func Open(rules *Rules, in Input) (*Document, error) {
	d := newDocument(rules, in)
	if err := d.start(); err != nil {
		return nil, err
	}
	return d, nil
}

func newDocument(rules *Rules, in Input) *Document {
	if in.Language == "" {
		in.Language = Language(in.Path)
	}
	if in.Settings == nil {
		in.Settings = config.Default()
	}
	return &Document{rules: rules, in: in, seed: maphash.MakeSeed()}
}

// start parses and checks the whole text.
func (d *Document) start() error {
	d.stop()
	rs := d.rules.languages[d.in.Language]
	if rs == nil {
		d.result = newResult(d, nil)
		return nil
	}
	p, err := syntax.New(rs.lang, d.in.Text, syntax.Options{Once: d.once})
	if err != nil {
		d.result = newResult(d, nil)
		return err
	}
	d.parse, d.checker = p, newChecker(rs, d.in.Plain)
	d.know()
	d.pass(nil, false)
	return nil
}

func (d *Document) stop() {
	if d.parse != nil {
		d.parse.Close()
		d.parse = nil
	}
	if d.checker != nil {
		d.checker.close()
		d.checker = nil
	}
	d.live, d.shown = nil, shown{}
}

// know gives the checker the facts about the document.
func (d *Document) know() {
	f := d.checker.facts
	if f == nil {
		return
	}
	f.Crate, f.Path = d.in.Crate, d.in.Path
	m, t := d.parse.Mask, d.parse.Text
	f.Masked = func(start, end int) []rust.MaskedSpan {
		var words []rust.MaskedSpan
		for _, s := range m.At(start, end) {
			words = append(words, rust.MaskedSpan{Start: s.Start, End: s.End, Word: string(t.Slice(s.Start, s.End))})
		}
		return words
	}
	f.Reset()
}

// Close frees the parser's memory. The results stay good.
func (d *Document) Close() { d.stop() }

// Result is the document's findings as they are.
func (d *Document) Result() *Result { return d.result }

// Edit applies edits, in order, each in the coordinates that the ones before it
// left, and checks what they changed. After an error the text is the new one and
// there are no findings; the next Edit starts from nothing.
func (d *Document) Edit(edits []text.Edit, version int32) (*Result, error) {
	d.in.Version = version
	if d.parse == nil {
		for _, e := range edits {
			d.in.Text = d.in.Text.Replace(e.Start, e.End, []byte(e.New))
		}
		err := d.start()
		return d.result, err
	}
	next, delta, err := d.parse.Edit(edits)
	if err != nil {
		for _, e := range edits {
			d.in.Text = d.in.Text.Replace(e.Start, e.End, []byte(e.New))
		}
		d.stop()
		d.result = newResult(d, nil)
		return d.result, err
	}
	d.parse, d.in.Text = next, next.Text
	d.know()
	d.pass(&delta, false)
	return d.result, nil
}

// SetText replaces the whole text.
func (d *Document) SetText(t *text.Text, version int32) (*Result, error) {
	d.in.Text, d.in.Version = t, version
	err := d.start()
	return d.result, err
}

// SetRules changes the rules and the settings, and checks everything.
func (d *Document) SetRules(rules *Rules, settings *config.Settings) (*Result, error) {
	d.rules, d.in.Settings = rules, settings
	err := d.start()
	return d.result, err
}

// SetSettings changes what is shown of the findings.
func (d *Document) SetSettings(settings *config.Settings) *Result {
	d.in.Settings = settings
	d.shown = shown{}
	d.result = newResult(d, nil)
	return d.result
}

// SetCrate changes the facts of the crate, and checks the units that asked for
// them.
func (d *Document) SetCrate(crate *rust.Crate) *Result {
	d.in.Crate = crate
	if d.checker == nil || d.checker.facts == nil {
		return d.result
	}
	d.know()
	// The tree is in a Result already: readers must not see it watched.
	d.parse.Tree = d.parse.Tree.Again()
	d.pass(&syntax.Delta{}, true)
	return d.result
}
