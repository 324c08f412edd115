// Package tree holds syntax trees as plain Go data.
//
// A Tree is immutable, safe to read from any goroutine, and independent of the
// parser that made it. It is kept in units so that an edit rebuilds only what
// it touched: a unit is one item (of the file, or of the body of a mod, impl,
// trait or extern block) together with the comments and attributes that belong
// to it. All positions inside a unit are relative to the unit's first byte, so a
// unit that only moved is shared between the tree before and the tree after.
//
// Readers do not see units: Node walks across their borders.
package tree

import (
	"sort"
	"sync/atomic"
)

// Symbol is a node kind of a Language, numbered as the grammar numbers it.
type Symbol = uint16

// Field is a field name of a Language; 0 means no field.
type Field = uint8

// Error is the symbol of ERROR nodes in every grammar.
const Error Symbol = 0xFFFF

// Flags describe one row.
type Flags uint8

// The flags of a row.
const (
	Named    Flags = 1 << iota // a named node: `identifier`, not `"("`
	Extra                      // a comment, or anything else the grammar allows anywhere
	Missing                    // inserted by error recovery; has no bytes
	HasError                   // an ERROR or a MISSING node is inside, or this is one
	Gap                        // not a node: the place where the unit's Kids stand
	Spliced                    // a macro's token tree whose rows were parsed as Rust
	Opaque                     // a macro's token tree that is no Rust, tried and left as tokens
)

// Row is one node of a unit. A unit's rows stand in preorder.
type Row struct {
	Start, End uint32 // bytes, relative to the unit's first byte
	Parent     int32  // row of the parent, or -1: the parent is outside the unit
	Skip       int32  // first row after this node's descendants
	Prev       int32  // row of the previous sibling in this unit, or -1
	Symbol     Symbol
	Field      Field
	Flags      Flags
}

// Symbols tells which symbols rows have, and sometimes more: it knows them by their
// last eight bits. The empty one knows nothing.
type Symbols [4]uint64

// Add adds a symbol.
func (s *Symbols) Add(symbol Symbol) { s[symbol>>6&3] |= 1 << (symbol & 63) }

// Meets reports that two sets may have a symbol in common.
func (s *Symbols) Meets(o *Symbols) bool {
	return s[0]&o[0]|s[1]&o[1]|s[2]&o[2]|s[3]&o[3] != 0 || *s == Symbols{} || *o == Symbols{}
}

// SymbolsOf are the symbols of rows; all of them where a row is Missing, which stands
// for anything.
func SymbolsOf(rows []Row) Symbols {
	var s Symbols
	for i := range rows {
		s.Add(rows[i].Symbol)
		if rows[i].Flags&Missing != 0 {
			return Symbols{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}
		}
	}
	return s
}

// Kid is a unit that stands inside another one, at the other's Gap row.
type Kid struct {
	Start uint32 // bytes, relative to the first byte of the unit around it
	Unit  *Unit
}

// Unit is one item with what belongs to it. It is immutable once built, except
// for Note, which belongs to whoever built the tree.
type Unit struct {
	Rows []Row
	Text []byte // the item's own source, `Len` bytes; nil in a unit with Kids, whose text is read through the tree
	Len  uint32
	Top  int32 // number of rows without a parent in the unit
	Gap  int32 // row of the gap, or -1
	Kids []Kid // in source order; empty without a gap
	// Symbols are those of the rows.
	Symbols Symbols
	// Shape tells the rows of a broken unit without a gap apart, as the parser made
	// them; 0 for one without errors.
	Shape uint64
	Note  any // what a checker remembers about this unit
}

// Source gives a tree its text. Slice may return memory that it shares; the
// caller must not change it.
type Source interface {
	Slice(start, end int) []byte
	Len() int
}

// Tree is the syntax tree of one version of one document.
type Tree struct {
	lang   *Language
	source Source
	root   *Frame
	watch  *Watch
}

// Frame is a unit at its place in a tree. Frames are canonical: two nodes are
// the same node exactly when their frames and rows are equal.
type Frame struct {
	Unit   *Unit
	Base   int    // absolute offset of the unit's first byte
	Parent *Frame // nil for the root
	Index  int    // position among the parent's Kids
	tree   *Tree
	kids   []atomic.Pointer[Frame]
}

// New wraps a root unit, whose first row is the root node.
func New(lang *Language, source Source, root *Unit) *Tree {
	t := &Tree{lang: lang, source: source}
	t.root = &Frame{Unit: root, tree: t}
	if len(root.Kids) > 0 {
		t.root.kids = make([]atomic.Pointer[Frame], len(root.Kids))
	}
	return t
}

// Again is a tree of the same units that nobody else reads yet, so that it may be
// watched.
func (t *Tree) Again() *Tree { return New(t.lang, t.source, t.root.Unit) }

// Language is the grammar whose symbols and fields the rows use.
func (t *Tree) Language() *Language { return t.lang }

// Source is the text that the tree describes.
func (t *Tree) Source() Source { return t.source }

// Root is the root node, `source_file` in Rust, whatever is broken in the file.
func (t *Tree) Root() Node { return Node{t.root, 0} }

// RootFrame is the frame of the root unit.
func (t *Tree) RootFrame() *Frame { return t.root }

// Frames calls yield for the root's frame and then, in source order, for every
// frame below, each before its kids, until yield returns false.
func (t *Tree) Frames(yield func(*Frame) bool) { t.root.walk(yield) }

func (f *Frame) walk(yield func(*Frame) bool) bool {
	if !yield(f) {
		return false
	}
	for i := range f.Unit.Kids {
		if !f.Kid(i).walk(yield) {
			return false
		}
	}
	return true
}

// Find is the frame of a unit that starts at an absolute offset, or nil.
func (t *Tree) Find(u *Unit, start int) *Frame {
	f := t.root
	for f.Unit != u {
		kids := f.Unit.Kids
		i := sort.Search(len(kids), func(i int) bool { return f.Base+int(kids[i].Start) > start }) - 1
		// Units without bytes share their start with the next one.
		for i > 0 && kids[i].Unit != u && f.Base+int(kids[i-1].Start) == start {
			i--
		}
		if i < 0 {
			return nil
		}
		f = f.Kid(i)
	}
	return f
}

// Tree is the tree that the frame belongs to.
func (f *Frame) Tree() *Tree { return f.tree }

// Kid is the frame of the unit's i-th kid.
func (f *Frame) Kid(i int) *Frame {
	if k := f.kids[i].Load(); k != nil {
		return k
	}
	kid := f.Unit.Kids[i]
	k := &Frame{Unit: kid.Unit, Base: f.Base + int(kid.Start), Parent: f, Index: i, tree: f.tree}
	if len(kid.Unit.Kids) > 0 {
		k.kids = make([]atomic.Pointer[Frame], len(kid.Unit.Kids))
	}
	if f.kids[i].CompareAndSwap(nil, k) {
		return k
	}
	return f.kids[i].Load()
}

// Node is the node of a row of the frame's own unit.
func (f *Frame) Node(row int) Node { return Node{f, int32(row)} }

// End is the absolute offset of the first byte after the unit.
func (f *Frame) End() int { return f.Base + int(f.Unit.Len) }

// Text is the unit's source.
func (f *Frame) Text() []byte {
	if f.Unit.Text != nil {
		return f.Unit.Text
	}
	return f.tree.source.Slice(f.Base, f.End())
}

// Watch records which borders of a unit were crossed while its rows were
// looked at; it tells a checker what else a result depends on.
type Watch struct {
	Frame *Frame // the unit being looked at
	Cross Cross
	// Before and After are how many units beside the unit were looked at, in front of
	// it and behind it in the same list; one more than there are when the look went on
	// to the list's end.
	Before, After int
}

// Cross is a set of directions in which a look left a unit.
type Cross uint8

// The directions.
const (
	Up   Cross = 1 << iota // to a unit around it
	Side                   // to a unit beside one around it
	Down                   // to a unit inside it
)

// SetWatch makes navigation report to w, or to nobody if w is nil. Only the
// goroutine that builds the tree may call it, before the tree is shared.
func (t *Tree) SetWatch(w *Watch) { t.watch = w }

// Unwatched calls do without a Watch.
func (t *Tree) Unwatched(do func()) {
	w := t.watch
	t.watch = nil
	defer func() { t.watch = w }()
	do()
}

func (f *Frame) crossed(to *Frame) {
	w := f.tree.watch
	if w == nil || w.Frame == nil || to == w.Frame {
		return
	}
	for p := w.Frame.Parent; p != nil; p = p.Parent {
		if p == to {
			w.Cross |= Up
			return
		}
	}
	for p := to.Parent; p != nil; p = p.Parent {
		if p == w.Frame {
			w.Cross |= Down
			return
		}
	}
	for p := to; p != nil; p = p.Parent {
		if p.Parent == w.Frame.Parent {
			w.near(p.Index)
			return
		}
	}
	w.Cross |= Side
}

// ended notes that a look found no unit at an index of the frame's list: it came
// to the list's end.
func (f *Frame) ended(index int) {
	if w := f.tree.watch; w != nil && w.Frame != nil && w.Frame.Parent == f.Parent {
		w.near(index)
	}
}

func (w *Watch) near(index int) {
	w.Before = max(w.Before, w.Frame.Index-index)
	w.After = max(w.After, index-w.Frame.Index)
}
