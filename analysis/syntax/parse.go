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
	// Plain parses the whole text after each edit, for comparing with pieces.
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
	sitter *sitter.Tree // edited, but not parsed again since an edit that focus took
	focus  focus
	macros *macroCache
	room   *room // of the rows of a text that is parsed once; else nil
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
	if o := lang.once; opts.Once && !opts.Portable && o != nil {
		content := t.Whole()
		if p.Mask != nil {
			content = p.Mask.Bytes(content, 0)
		}
		f, err := lang.flat(content)
		if err != nil {
			return nil, fmt.Errorf("parsing %d bytes of %s: %w", t.Len(), lang.Tree.Name, err)
		}
		p.room = o.rooms.Get().(*room)
		f.room = p.room
		p.walker = f
		p.Tree = tree.New(lang.Tree, t, p.build())
		p.walker = lang.walker
		f.close()
		return p, nil
	}
	var err error
	if p.sitter, err = p.parse(nil); err != nil {
		return nil, fmt.Errorf("parsing %d bytes of %s: %w", t.Len(), lang.Tree.Name, err)
	}
	p.Tree = tree.New(lang.Tree, t, p.build())
	return p, nil
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
	return p.lang.run(old, func(offset uint32, _ sitter.Point) []byte {
		if p.Mask != nil {
			return p.Mask.Chunk(p.Text, int(offset))
		}
		return p.Text.Chunk(int(offset))
	})
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

// build makes the units of the whole tree.
func (p *Parse) build() *tree.Unit {
	root := p.walker.root(p.sitter)
	b := p.builder()
	unit := b.root(root)
	b.finish()
	return unit
}

func (p *Parse) builder() *builder {
	return &builder{lang: p.lang, walker: p.walker, text: p.Text, mask: p.Mask, macros: p.macros, room: p.room, whole: p.opts.Whole, plain: p.opts.KeepTokens}
}
