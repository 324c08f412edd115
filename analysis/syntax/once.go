package syntax

// #include <stdlib.h>
// #include "once.h"
import "C"

import (
	"runtime"
	"slices"
	"sync"
	"time"
	"unsafe"

	sitter "github.com/smacker/go-tree-sitter"

	"lectern/analysis/tree"
)

// once parses texts that will not be edited: parsing, the walk and the end of
// tree-sitter's tree in one call into C, with memory of its own. It saves a third
// of what they cost one by one.
type once struct {
	language unsafe.Pointer
	walker   *cwalker // has the tables
	cursor   bool     // walk with tree-sitter's cursor
	pool     sync.Pool
	rooms    sync.Pool // what discarded texts have given back
}

// workshop is C's memory for one parse at a time.
type workshop struct{ c *C.lectern_once }

// install is done once, whatever languages there are.
var install = sync.OnceFunc(func() { C.lectern_once_install() })

// newOnce is nil when tree-sitter's functions cannot be reached from C.
func newOnce(language unsafe.Pointer, w *cwalker) *once {
	if !bool(C.lectern_once_available()) {
		return nil
	}
	install()
	o := &once{language: language, walker: w}
	o.rooms.New = func() any { return &room{} }
	o.pool.New = func() any {
		s := &workshop{C.lectern_once_new()}
		runtime.SetFinalizer(s, func(s *workshop) { C.lectern_once_free(s.c) })
		return s
	}
	return o
}

// trial is code with what a walk has to get right: fields, aliases, hidden nodes,
// comments, something missing, something wrong.
const trial = `//! a
#[b] pub fn c<D: E>(f: &'g mut [u8; 4]) -> H where I: J { k!(l, 1); m.n(|o| p + 2)?; Q { r, s: t } }
impl U for V { /* w */ const X: Y = "z"; } enum A { B(C), D = 1 } fn e( { ] } f`

// check walks some code with tree-sitter's cursor and without, and stays with the
// cursor if that is another tree. l is the language whose once it is.
func (o *once) check(l *Language) {
	o.cursor = true
	with, err := l.flat([]byte(trial))
	if err != nil {
		return
	}
	defer with.close()
	o.cursor = false
	without, err := l.flat([]byte(trial))
	if err != nil {
		o.cursor = true
		return
	}
	defer without.close()
	o.cursor = !slices.Equal(with.rows, without.rows)
}

// flat is a whole tree as rows. Positions are absolute; the rows at the top are the
// root's children. It is a walker of itself.
type flat struct {
	lang    *Language
	row     tree.Row // the root
	rows    []tree.Row
	room    *room // for the rows of units
	scratch []tree.Row

	once *once // whose memory the rows are, with the workshop
	work *workshop
}

// flat parses a text. What it gives must be closed.
func (l *Language) flat(content []byte) (*flat, error) {
	o := l.once
	s := o.pool.Get().(*workshop)
	var parsed C.lectern_parsed
	limit := C.uint64_t(Limit / time.Microsecond)
	if !bool(C.lectern_once_parse(s.c, o.language, (*C.char)(unsafe.Pointer(unsafe.SliceData(content))), C.uint32_t(len(content)), limit, C.bool(o.cursor), &o.walker.grammar, &parsed)) {
		o.pool.Put(s)
		return nil, ErrLimit
	}
	return &flat{
		lang: l, row: *(*tree.Row)(unsafe.Pointer(&parsed.root)),
		rows: unsafe.Slice((*tree.Row)(unsafe.Pointer(parsed.rows)), int(parsed.length)),
		once: o, work: s, room: &room{},
	}, nil
}

// close ends the use of the rows.
func (f *flat) close() {
	f.rows = nil
	f.once.pool.Put(f.work)
}

func (f *flat) root(*sitter.Tree) ref { return ref{row: -1} }

func (f *flat) describe(ref) tree.Row { return f.row }

// children are the rows of the children of a row.
func (f *flat) children(list ref) (first, end int32) {
	if list.row < 0 {
		return 0, int32(len(f.rows))
	}
	return list.row + 1, f.rows[list.row].Skip
}

func (f *flat) items(list ref, split bool, from, to uint32) ([]tree.Row, []hole) {
	first, end := f.children(list)
	for first < end && f.rows[first].Start < from {
		first = f.rows[first].Skip
	}
	last := first
	for last < end && f.rows[last].Start < to {
		last = f.rows[last].Skip
	}
	return f.copy(nil, first, last, split)
}

func (f *flat) outline(list ref) []tree.Row {
	var rows []tree.Row
	first, end := f.children(list)
	for i := first; i < end; i = f.rows[i].Skip {
		r := f.rows[i]
		r.Prev, r.Skip = int32(len(rows)-1), min(r.Skip-i-1, 1)
		rows = append(rows, r)
	}
	return rows
}

func (f *flat) pick(list ref, split bool, _ uint32, first, count int) ([]tree.Row, []hole) {
	from := f.child(list, first)
	to := from
	for range count {
		to = f.rows[to].Skip
	}
	return f.copy(nil, from, to, split)
}

// child is the row of the n-th child of a row.
func (f *flat) child(list ref, n int) int32 {
	row, _ := f.children(list)
	for range n {
		row = f.rows[row].Skip
	}
	return row
}

// units makes the units of runs that stand side by side, as builder.make does. Their
// rows share memory: a text that is parsed once is forgotten as a whole.
func (f *flat) units(b *builder, h hole, runs []run, kids []tree.Kid, old *tree.Unit) {
	at := f.child(h.list, runs[0].first)
	for i := range runs {
		r := &runs[i]
		end, gaps := at, false
		for range r.end - r.first {
			gaps = gaps || b.depth < maxNesting && f.gaps(end) != 0
			end = f.rows[end].Skip
		}
		if gaps {
			cut, holes := f.copy(f.scratch[:0], at, end, true)
			f.scratch = cut
			rows := relativeTo(f.room.take(len(cut), len(f.rows)), cut, 0, r.start)
			if len(holes) > 0 {
				kids[i].Unit = b.container(rows, holes[0], holes[0].row, r, old)
			} else {
				kids[i].Unit = b.leaf(rows, r, old)
			}
		} else {
			kids[i].Unit = b.leaf(relativeTo(f.room.take(int(end-at), len(f.rows)), f.rows[at:end], int(at), r.start), r, old)
		}
		at = end
	}
}

// copy appends siblings, from the row of one to that of another, with what is below
// them. With split, lists of items inside containers are left out as holes.
func (f *flat) copy(rows []tree.Row, from, to int32, split bool) ([]tree.Row, []hole) {
	var holes []hole
	prev := int32(-1)
	for i := from; i < to; i = f.rows[i].Skip {
		at := int32(len(rows))
		list := uint8(0)
		if split {
			list = f.gaps(i)
		}
		rows, holes = f.item(rows, holes, i, list)
		rows[at].Parent, rows[at].Prev, rows[at].Skip = -1, prev, int32(len(rows))
		prev = at
	}
	return rows, holes
}

// cut is a list that was left out.
type cut struct {
	behind int32 // the row behind the list
	shift  int32 // from there on
	first  int32 // the copied rows that stand for what is in it
	end    int32
}

// all stands for all children of a row.
const all = 0xff

// gaps is the role of the children of a row whose own children are left out; all,
// if that is every child; 0 if there is none.
func (f *flat) gaps(i int32) uint8 {
	r := &f.rows[i]
	role := f.lang.role(r.Symbol)
	if r.Flags&tree.HasError != 0 && r.End-r.Start >= longBroken {
		switch {
		case r.Symbol == tree.Error, role&roleTokens != 0:
			return all
		case role&roleCall != 0:
			return roleTokens
		}
	}
	if role&roleContainer != 0 {
		return roleList
	}
	return 0
}

// item copies a row with what is below it, but for what is in children of a role.
func (f *flat) item(rows []tree.Row, holes []hole, i int32, list uint8) ([]tree.Row, []hole) {
	at, end := int32(len(rows)), f.rows[i].Skip
	if list == all {
		r := f.rows[i]
		rows = append(rows, r, tree.Row{Start: r.Start, End: r.End, Parent: at, Skip: at + 2, Prev: -1, Flags: tree.Gap})
		return rows, append(holes, hole{list: ref{row: i}, row: int(at) + 1, start: r.Start, end: r.End, loose: true})
	}
	var cuts []cut
	next := i
	for c := i + 1; list != 0 && c < end; c = f.rows[c].Skip {
		if f.lang.role(f.rows[c].Symbol)&list == 0 {
			continue
		}
		rows = append(rows, f.rows[next:c+1]...)
		first := int32(len(rows))
		var h hole
		rows, h = f.leaveOut(rows, c)
		holes = append(holes, h)
		next = f.rows[c].Skip
		cuts = append(cuts, cut{next, int32(len(rows)) - next, first, int32(len(rows))})
	}
	rows = append(rows, f.rows[next:end]...)
	moved := func(row int32) int32 {
		shift := at - i
		for _, c := range cuts {
			if row >= c.behind {
				shift = c.shift
			}
		}
		return row + shift
	}
	left := cuts
	for k := at; k < int32(len(rows)); k++ {
		if len(left) > 0 && k == left[0].first {
			k, left = left[0].end-1, left[1:]
			continue
		}
		r := &rows[k]
		r.Parent, r.Skip = moved(r.Parent), moved(r.Skip)
		if r.Prev >= 0 {
			r.Prev = moved(r.Prev)
		}
	}
	return rows, holes
}

// leaveOut writes the brackets of a list of items, which was copied last, and a gap
// for the items.
func (f *flat) leaveOut(rows []tree.Row, list int32) ([]tree.Row, hole) {
	parent := int32(len(rows)) - 1
	h := hole{list: ref{row: list}, start: f.rows[list].Start, end: f.rows[list].End}
	bracket := func(row, prev int32) int32 {
		at := int32(len(rows))
		r := f.rows[row]
		r.Parent, r.Prev, r.Skip = parent, prev, at+1
		rows = append(rows, r)
		return at
	}
	prev, last := int32(-1), int32(-1)
	for c := list + 1; c < f.rows[list].Skip; c = f.rows[c].Skip {
		last = c
	}
	if last >= 0 && f.lang.role(f.rows[list+1].Symbol)&roleOpen != 0 {
		prev = bracket(list+1, -1)
		h.start = rows[prev].End
	}
	h.row = len(rows)
	rows = append(rows, tree.Row{Start: h.start, End: h.end, Parent: parent, Skip: int32(h.row) + 1, Prev: prev, Flags: tree.Gap})
	if last >= 0 && f.lang.role(f.rows[last].Symbol)&roleClose != 0 && f.rows[last].Start >= h.start {
		h.end = f.rows[last].Start
		rows[h.row].End = h.end
		bracket(last, int32(h.row))
	}
	h.loose = f.lang.loose(rows, h.row)
	return rows, h
}
