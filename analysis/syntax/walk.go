package syntax

// #include <stdlib.h>
// #include "walk.h"
import "C"

import (
	"runtime"
	"sync"
	"unsafe"

	sitter "github.com/smacker/go-tree-sitter"

	"lectern/analysis/tree"
)

// ref is a node of tree-sitter's tree, valid while that tree is open.
type ref struct {
	c    C.lectern_node // for the C walk
	node *sitter.Node   // for the portable walk
	row  int32          // for a flat tree
}

// hole is a list of items that a walk left out.
type hole struct {
	list       ref
	row        int    // of the gap that stands for the items
	start, end uint32 // absolute bytes between the brackets
	loose      bool   // of pieces, not of items
}

// loose reports a gap for pieces, not for items.
func (l *Language) loose(rows []tree.Row, gap int) bool {
	s := rows[rows[gap].Parent].Symbol
	return s == tree.Error || l.role(s)&roleTokens != 0
}

// walker turns tree-sitter's nodes into rows. Positions are absolute; the rows
// at the top have no parent.
type walker interface {
	root(t *sitter.Tree) ref
	// describe gives a root's row, without its neighbors.
	describe(root ref) tree.Row
	// items walks the children of list that start in [from, to).
	items(list ref, split bool, from, to uint32) ([]tree.Row, []hole)
	// outline gives all children of list, without what is below them: Skip is 1 for
	// one that has children, 0 for one without.
	outline(list ref) []tree.Row
	// pick walks count children of list, from number first on, which starts at
	// from.
	pick(list ref, split bool, from uint32, first, count int) ([]tree.Row, []hole)
}

// cwalker walks in one call into C.
type cwalker struct {
	lang    *Language
	grammar C.lectern_grammar
	pool    sync.Pool
}

// scratch is memory of C's that a walk writes to.
type scratch struct {
	rows  *C.lectern_row
	holes *C.lectern_hole
	nr    int
	nh    int
}

func (s *scratch) grow(rows, holes int) {
	s.free()
	s.nr, s.nh = rows, holes
	s.rows = (*C.lectern_row)(C.malloc(C.size_t(rows) * C.size_t(unsafe.Sizeof(C.lectern_row{}))))
	s.holes = (*C.lectern_hole)(C.malloc(C.size_t(holes) * C.size_t(unsafe.Sizeof(C.lectern_hole{}))))
}

func (s *scratch) free() {
	C.free(unsafe.Pointer(s.rows))
	C.free(unsafe.Pointer(s.holes))
	s.rows, s.holes, s.nr, s.nh = nil, nil, 0, 0
}

// keepRows bounds the scratch memory that outlives a walk, in rows.
const keepRows = 1 << 16

// newCWalker is nil when tree-sitter's functions cannot be reached from C.
func newCWalker(lang *Language) *cwalker {
	if !bool(C.lectern_walk_available()) || unsafe.Sizeof(tree.Row{}) != unsafe.Sizeof(C.lectern_row{}) {
		return nil
	}
	n := lang.Tree.Symbols()
	// The tables live as long as the language, which is as long as the program.
	canonical := unsafe.Slice((*uint16)(C.malloc(C.size_t(2*n))), n)
	roles := unsafe.Slice((*uint8)(C.malloc(C.size_t(n))), n)
	for i := range n {
		canonical[i] = lang.Tree.Canonical(tree.Symbol(i))
		roles[i] = lang.role(tree.Symbol(i))
	}
	w := &cwalker{lang: lang, grammar: C.lectern_grammar{
		canonical: (*C.uint16_t)(unsafe.SliceData(canonical)),
		roles:     (*C.uint8_t)(unsafe.SliceData(roles)),
		symbols:   C.uint32_t(n),
	}}
	w.pool.New = func() any {
		s := &scratch{}
		s.grow(4096, 64)
		runtime.SetFinalizer(s, (*scratch).free)
		return s
	}
	return w
}

func (w *cwalker) root(t *sitter.Tree) ref {
	n := t.RootNode()
	// A sitter.Node begins with its TSNode, and keeps a Go pointer behind it:
	// only the TSNode may reach C.
	return ref{c: *(*C.lectern_node)(unsafe.Pointer(n)), node: n}
}

func (w *cwalker) describe(root ref) tree.Row {
	row := C.lectern_describe(root.c, &w.grammar)
	return *(*tree.Row)(unsafe.Pointer(&row))
}

func (w *cwalker) items(list ref, split bool, from, to uint32) ([]tree.Row, []hole) {
	return w.write(func(out *C.lectern_output) C.bool {
		return C.lectern_walk(list.c, C.bool(split), C.uint32_t(from), C.uint32_t(to), &w.grammar, out)
	})
}

func (w *cwalker) outline(list ref) []tree.Row {
	rows, _ := w.write(func(out *C.lectern_output) C.bool { return C.lectern_outline(list.c, &w.grammar, out) })
	return rows
}

func (w *cwalker) pick(list ref, split bool, from uint32, first, count int) ([]tree.Row, []hole) {
	return w.write(func(out *C.lectern_output) C.bool {
		return C.lectern_pick(list.c, C.bool(split), C.uint32_t(from), C.uint32_t(first), C.uint32_t(count), &w.grammar, out)
	})
}

// write lets a walk write to memory of C's and copies what it wrote.
func (w *cwalker) write(walk func(*C.lectern_output) C.bool) ([]tree.Row, []hole) {
	s := w.pool.Get().(*scratch)
	var out C.lectern_output
	for {
		out = C.lectern_output{rows: s.rows, rows_cap: C.int32_t(s.nr), holes: s.holes, holes_cap: C.int32_t(s.nh)}
		if bool(walk(&out)) {
			break
		}
		s.grow(4*s.nr, 4*s.nh)
	}
	rows := make([]tree.Row, int(out.rows_len))
	copy(rows, unsafe.Slice((*tree.Row)(unsafe.Pointer(s.rows)), len(rows)))
	var holes []hole
	for _, h := range unsafe.Slice(s.holes, int(out.holes_len)) {
		holes = append(holes, hole{list: ref{c: h.list}, row: int(h.row), start: uint32(h.start), end: uint32(h.end)})
	}
	for i := range holes {
		holes[i].loose = w.lang.loose(rows, holes[i].row)
	}
	if s.nr > keepRows {
		s.grow(4096, 64)
	}
	w.pool.Put(s)
	return rows, holes
}
