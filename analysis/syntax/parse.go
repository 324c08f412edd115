package syntax

import (
	"context"
	"errors"
	"fmt"
	"time"

	sitter "github.com/smacker/go-tree-sitter"

	"lectern/analysis/mask"
	"lectern/analysis/text"
	"lectern/analysis/tree"
)

// Limit bounds one parse. A parse that takes longer is given up.
const Limit = 20 * time.Second

// MaxLength is how many bytes a text may have. A larger one is refused before
// anything is done with it: rows and tree-sitter's tree of ordinary code take
// ninety times its size, of the densest code three hundred times.
const MaxLength = 4 << 20

// ErrLength reports a text of more than MaxLength bytes.
var ErrLength = fmt.Errorf("a text of more than %d MB is not checked", MaxLength>>20)

// ErrLimit reports a parse that was given up after Limit.
var ErrLimit = errors.New("parsing took too long")

// Options change how a text is parsed.
type Options struct {
	// KeepTokens leaves the bodies of macro calls as the tokens that the grammar
	// gives, and the root an ERROR where the grammar made it one, for comparing with
	// tree-sitter itself.
	KeepTokens bool
	// Whole makes one unit of the whole file, for comparing with units.
	Whole bool
	// Portable walks without C.
	Portable bool
	// Plain parses the whole text anew after each edit, for comparing with what takes
	// less time.
	Plain bool
	// Once is for a text that will not be edited.
	Once bool
}

// Parse is one version of a document: its text and its tree. It has one owner,
// who ends it with Edit or Close; the Tree may be read by anyone, for ever.
type Parse struct {
	Text *text.Text
	Tree *tree.Tree
	Mask *mask.Mask // nil where nothing is masked

	lang   *Language
	walker walker
	opts   Options
	macros *macroCache
	room   *room // of the rows of a text that is parsed once; else nil
	open   bool  // it may be edited

	// The text is parsed in stretches, or else as a whole: then there is its tree, edited,
	// but not parsed again since an edit that focus took.
	list   []stretch
	uncut  bool // the last text without errors was cut wrongly
	sitter *sitter.Tree
	focus  focus // the item that was edited last
	area   focus // the stretch that was
}

// New parses a text. Its error is ErrLength, ErrLimit or one of the parser.
func New(lang *Language, t *text.Text, opts Options) (*Parse, error) {
	if t.Len() > MaxLength {
		return nil, ErrLength
	}
	p := &Parse{Text: t, lang: lang, opts: opts, walker: lang.walker}
	if opts.Portable {
		p.walker = lang.portable
	}
	if lang.masked {
		p.Mask = mask.New(t)
	}
	if lang.macros != nil && !opts.KeepTokens {
		p.macros = newMacroCache()
	}
	make := p.first
	if opts.Once && !opts.Portable && lang.once != nil {
		make = p.atOnce
	}
	if err := make(); err != nil {
		return nil, fmt.Errorf("parsing %d bytes of %s: %w", t.Len(), lang.Tree.Name, err)
	}
	return p, nil
}

// first makes the Tree of a text that may be edited.
func (p *Parse) first() error {
	b := p.builder()
	root, err := p.make(b, nil)
	if err != nil {
		return err
	}
	p.finish(b, root)
	p.open = true
	return nil
}

// atOnce makes the Tree of a text that will not be edited.
func (p *Parse) atOnce() error {
	content := p.Text.Whole()
	if p.Mask != nil {
		content = p.Mask.Bytes(content, 0)
	}
	f, err := p.lang.flat(content)
	if err != nil {
		return err
	}
	defer f.close()
	if f.row.Flags&tree.HasError != 0 && p.stretches() {
		b := p.builder()
		root, err := p.byStretches(b)
		if err != nil {
			return err
		}
		p.finish(b, root)
		return nil
	}
	p.room = p.lang.once.rooms.Get().(*room)
	f.room = p.room
	p.walker = f
	b := p.builder()
	p.finish(b, b.root(f.root(nil)))
	p.walker = p.lang.walker
	return nil
}

// finish makes the Tree of the units that a builder made.
func (p *Parse) finish(b *builder, root *tree.Unit) {
	b.finish()
	p.Tree = tree.New(p.lang.Tree, p.Text, root)
}

// make parses the whole text, after edits of an old tree, and makes its units.
func (p *Parse) make(b *builder, old *sitter.Tree) (*tree.Unit, error) {
	if u, err := p.whole(b, old); u != nil || err != nil {
		return u, err
	}
	if old != nil { // with the tree before, an error may be taken over that is none any more
		if u, err := p.whole(b, nil); u != nil || err != nil {
			return u, err
		}
	}
	return p.byStretches(b)
}

// whole makes the units of a text that is parsed as a whole; nil if it is broken, and
// to be parsed in stretches.
func (p *Parse) whole(b *builder, old *sitter.Tree) (*tree.Unit, error) {
	t, err := p.parse(old)
	if err != nil {
		return nil, err
	}
	root := p.walker.root(t)
	if !p.stretches() {
		p.sitter = t
		return b.root(root), nil
	}
	if p.walker.describe(root).Flags&tree.HasError != 0 {
		t.Close()
		return nil, nil
	}
	u := b.root(root)
	list, _, _ := p.cut(0, 0, never)
	if p.uncut = p.opts.Whole || !fit(list, u.Kids); p.uncut {
		p.list, p.sitter = nil, t
	} else {
		t.Close()
		p.list = list
	}
	return u, nil
}

// byStretches makes the units of a text that is broken. Its error is ErrLimit where all
// of them together take that long, too.
func (p *Parse) byStretches(b *builder) (*tree.Unit, error) {
	var kids []tree.Kid
	var rows []tree.Row
	list, _, _ := p.cut(0, 0, never)
	start := time.Now()
	for i := range list {
		if time.Since(start) > Limit {
			return nil, ErrLimit
		}
		t, err := p.part(list[i].start, list[i].end(), nil)
		if err != nil {
			return nil, err
		}
		if b.whole {
			rows = b.rowsOf(rows, &list[i], t)
		} else {
			kids = append(kids, b.stretch(&list[i], t, b.old())...)
		}
		t.Close()
	}
	p.list = list
	u := b.around(list, kids, b.old())
	if b.whole {
		row := u.Rows[0]
		if row.Start = row.End; len(rows) > 0 {
			row.Start = rows[0].Start
		}
		return b.leaf(under(row, rows), &run{end: 1, length: b.text.Len()}, nil), nil
	}
	return u, nil
}

// Bytes parses text that will not be edited.
func Bytes(lang *Language, content []byte, opts Options) (*tree.Tree, error) {
	opts.Once = true
	p, err := New(lang, text.New(content), opts)
	if err != nil {
		return nil, err
	}
	p.Close()
	return p.Tree, nil
}

// Close frees tree-sitter's memory. The Tree stays good.
func (p *Parse) Close() {
	if p.sitter != nil {
		p.sitter.Close()
		p.sitter = nil
	}
	p.focus.close()
	p.area.close()
	p.list, p.open = nil, false
}

// Discard is Close for a text whose Tree nobody reads any more: its memory is used
// for other texts.
func (p *Parse) Discard() {
	p.Close()
	p.Tree, p.macros = nil, nil
	if p.room != nil {
		p.room.reset()
		p.lang.once.rooms.Put(p.room)
		p.room = nil
	}
}

// parse runs the parser over the masked text.
func (p *Parse) parse(old *sitter.Tree) (*sitter.Tree, error) {
	return p.part(0, p.Text.Len(), old)
}

func (l *Language) run(old *sitter.Tree, read sitter.ReadFunc) (*sitter.Tree, error) {
	parser := l.parsers.Get().(*sitter.Parser)
	defer l.parsers.Put(parser)
	parser.SetOperationLimit(int(Limit / time.Microsecond))
	// A context that can be canceled may leave the parser canceled for good, so
	// the time limit is the only way out.
	t, err := parser.ParseInputCtx(context.Background(), old, sitter.Input{Read: read, Encoding: sitter.InputEncodingUTF8})
	if err != nil {
		parser.Reset() // or the next parse would go on with this text
		if errors.Is(err, sitter.ErrOperationLimit) {
			err = ErrLimit
		}
		return nil, err
	}
	return t, nil
}

func (p *Parse) builder() *builder {
	return &builder{lang: p.lang, walker: p.walker, text: p.Text, mask: p.Mask, macros: p.macros, room: p.room, whole: p.opts.Whole, plain: p.opts.KeepTokens}
}
