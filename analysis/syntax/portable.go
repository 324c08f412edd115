package syntax

import (
	sitter "github.com/smacker/go-tree-sitter"

	"lectern/analysis/tree"
)

// portable is the walk through the Go binding's own cursor: slower, and for
// systems where newCWalker cannot reach tree-sitter. A fuzz target holds the
// two equal.
type portable struct {
	lang   *Language
	fields map[string]tree.Field
}

func newPortable(lang *Language) *portable {
	p := &portable{lang: lang, fields: map[string]tree.Field{}}
	for _, name := range lang.Tree.FieldNames() {
		p.fields[name], _ = lang.Tree.Field(name)
	}
	return p
}

func (p *portable) root(t *sitter.Tree) ref { return ref{node: t.RootNode()} }

func (p *portable) describe(root ref) tree.Row {
	w := &portableWalk{portable: p}
	c := sitter.NewTreeCursor(root.node)
	defer c.Close()
	w.emit(c, -1, -1)
	return w.rows[0]
}

func (p *portable) items(list ref, split bool, from, to uint32) ([]tree.Row, []hole) {
	w := &portableWalk{portable: p}
	c := sitter.NewTreeCursor(list.node)
	defer c.Close()
	prev := int32(-1)
	for more := c.GoToFirstChild(); more; more = c.GoToNextSibling() {
		start := c.CurrentNode().StartByte()
		if start >= to {
			break
		}
		if start >= from {
			at := int32(len(w.rows))
			w.subtree(c, prev, split)
			prev = at
		}
	}
	return w.rows, w.holes
}

func (p *portable) outline(list ref) []tree.Row {
	w := &portableWalk{portable: p}
	c := sitter.NewTreeCursor(list.node)
	defer c.Close()
	for more := c.GoToFirstChild(); more; more = c.GoToNextSibling() {
		n, _ := w.emit(c, -1, int32(len(w.rows)-1))
		w.rows[len(w.rows)-1].Skip = int32(min(n.ChildCount(), 1))
	}
	return w.rows
}

func (p *portable) pick(list ref, split bool, _ uint32, first, count int) ([]tree.Row, []hole) {
	w := &portableWalk{portable: p}
	c := sitter.NewTreeCursor(list.node)
	defer c.Close()
	prev := int32(-1)
	for i, more := 0, c.GoToFirstChild(); more && i < first+count; i, more = i+1, c.GoToNextSibling() {
		if i >= first {
			at := int32(len(w.rows))
			w.subtree(c, prev, split)
			prev = at
		}
	}
	return w.rows, w.holes
}

type portableWalk struct {
	*portable
	rows  []tree.Row
	holes []hole
}

// emit writes the node under the cursor and returns its role.
func (w *portableWalk) emit(c *sitter.TreeCursor, parent, prev int32) (*sitter.Node, uint8) {
	n := c.CurrentNode()
	raw := uint16(n.Symbol())
	var flags tree.Flags
	if n.IsNamed() {
		flags |= tree.Named
	}
	if n.IsExtra() {
		flags |= tree.Extra
	}
	if n.IsMissing() {
		flags |= tree.Missing
	}
	if n.HasError() {
		flags |= tree.HasError
	}
	w.rows = append(w.rows, tree.Row{
		Start: n.StartByte(), End: n.EndByte(), Parent: parent, Skip: int32(len(w.rows) + 1), Prev: prev,
		Symbol: w.lang.Tree.Canonical(raw), Field: w.fields[c.CurrentFieldName()], Flags: flags,
	})
	return n, w.lang.role(raw)
}

func (w *portableWalk) subtree(c *sitter.TreeCursor, prev int32, split bool) {
	root := int32(len(w.rows))
	n, role := w.emit(c, -1, prev)
	list := uint8(0)
	if split && role&roleContainer != 0 {
		list = roleList
	}
	if r := w.rows[root]; split && r.Flags&tree.HasError != 0 && r.End-r.Start >= longBroken {
		switch {
		case r.Symbol == tree.Error, role&roleTokens != 0:
			w.leaveOutAll(n, root)
			return
		case role&roleCall != 0:
			list = roleTokens
		}
	}
	parent, before := root, int32(-1)
	if !c.GoToFirstChild() {
		return
	}
	for {
		at := int32(len(w.rows))
		n, role := w.emit(c, parent, before)
		if parent == root && role&list != 0 {
			w.leaveOut(c, n, at)
		} else if c.GoToFirstChild() {
			parent, before = at, -1
			continue
		}
		before = at
		for !c.GoToNextSibling() {
			c.GoToParent()
			w.rows[parent].Skip = int32(len(w.rows))
			if parent == root {
				return
			}
			before, parent = parent, w.rows[parent].Parent
		}
	}
}

// leaveOutAll writes a gap for all children of a node.
func (w *portableWalk) leaveOutAll(list *sitter.Node, at int32) {
	start, end, gap := list.StartByte(), list.EndByte(), len(w.rows)
	w.rows = append(w.rows, tree.Row{Start: start, End: end, Parent: at, Skip: int32(gap + 1), Prev: -1, Flags: tree.Gap})
	w.rows[at].Skip = int32(len(w.rows))
	w.holes = append(w.holes, hole{list: ref{node: list}, row: gap, start: start, end: end, loose: true})
}

// leaveOut writes the brackets of a list of items and a gap for the items.
func (w *portableWalk) leaveOut(c *sitter.TreeCursor, list *sitter.Node, at int32) {
	start, end, prev := list.StartByte(), list.EndByte(), int32(-1)
	count := int(list.ChildCount())
	if c.GoToFirstChild() {
		if w.lang.role(uint16(c.CurrentNode().Symbol()))&roleOpen != 0 {
			prev = int32(len(w.rows))
			w.emit(c, at, -1)
			start = w.rows[prev].End
		}
		gap := int32(len(w.rows))
		w.rows = append(w.rows, tree.Row{Start: start, End: end, Parent: at, Skip: gap + 1, Prev: prev, Flags: tree.Gap})
		for i := 1; i < count; i++ {
			c.GoToNextSibling()
		}
		last := c.CurrentNode()
		if w.lang.role(uint16(last.Symbol()))&roleClose != 0 && last.StartByte() >= start {
			end = last.StartByte()
			w.rows[gap].End = end
			w.emit(c, at, gap)
		}
		c.GoToParent()
		w.rows[at].Skip = int32(len(w.rows))
		w.holes = append(w.holes, hole{list: ref{node: list}, row: int(gap), start: start, end: end, loose: w.lang.loose(w.rows, int(gap))})
	}
}
