package tree

// Node is a node of a Tree. The zero Node is no node. Nodes of one tree can be
// compared with ==.
type Node struct {
	f *Frame
	i int32
}

// IsZero reports that there is no node.
func (n Node) IsZero() bool { return n.f == nil }

func (n Node) row() *Row { return &n.f.Unit.Rows[n.i] }

// Frame is the unit that the node stands in, at its place.
func (n Node) Frame() *Frame { return n.f }

// Row is the node's row in its unit.
func (n Node) Row() int { return int(n.i) }

// Tree is the tree that the node belongs to.
func (n Node) Tree() *Tree { return n.f.tree }

// Symbol is the node's kind, as a canonical number.
func (n Node) Symbol() Symbol { return n.row().Symbol }

// Kind is the node's kind by name: `identifier`, or the text of a token.
func (n Node) Kind() string { return n.f.tree.lang.Info(n.row().Symbol).Name }

// Field is the field under which the node stands in its parent, or 0.
func (n Node) Field() Field { return n.row().Field }

// Flags are the node's flags.
func (n Node) Flags() Flags { return n.row().Flags }

// IsNamed reports a named node.
func (n Node) IsNamed() bool { return n.row().Flags&Named != 0 }

// IsExtra reports a node such as a comment, allowed anywhere.
func (n Node) IsExtra() bool { return n.row().Flags&Extra != 0 }

// IsMissing reports a node that error recovery made up.
func (n Node) IsMissing() bool { return n.row().Flags&Missing != 0 }

// IsError reports an ERROR node.
func (n Node) IsError() bool { return n.row().Symbol == Error }

// HasError reports that the node is, or contains, an ERROR or MISSING node.
func (n Node) HasError() bool { return n.row().Flags&HasError != 0 }

// Start is the absolute offset of the node's first byte.
func (n Node) Start() int { return n.f.Base + int(n.row().Start) }

// End is the absolute offset of the first byte after the node.
func (n Node) End() int { return n.f.Base + int(n.row().End) }

// Len is the length of the node's source in bytes.
func (n Node) Len() int { r := n.row(); return int(r.End - r.Start) }

// Text is the node's source. It must not be changed.
func (n Node) Text() []byte {
	r := n.row()
	if n.f.Unit.Text != nil {
		return n.f.Unit.Text[r.Start:r.End]
	}
	return n.f.tree.source.Slice(n.f.Base+int(r.Start), n.f.Base+int(r.End))
}

// Parent is the node around this one.
func (n Node) Parent() Node {
	if p := n.row().Parent; p >= 0 {
		return Node{n.f, p}
	}
	up := n.f.Parent
	if up == nil {
		return Node{}
	}
	n.f.crossed(up)
	return Node{up, up.Unit.Rows[up.Unit.Gap].Parent}
}

// first is the first node at or after row i among the siblings that end before
// row end, going through the gap if i is one.
func (f *Frame) first(i, end int32) Node {
	for i < end {
		r := &f.Unit.Rows[i]
		if r.Flags&Gap == 0 {
			return Node{f, i}
		}
		for k := range f.Unit.Kids {
			kid := f.Kid(k)
			if len(kid.Unit.Rows) > 0 {
				f.crossed(kid)
				return Node{kid, 0}
			}
		}
		i = r.Skip
	}
	return Node{}
}

// FirstChild is the first child, named or not.
func (n Node) FirstChild() Node { return n.f.first(n.i+1, n.row().Skip) }

// NextSibling is the next child of the same parent, named or not.
func (n Node) NextSibling() Node {
	r := n.row()
	if r.Parent >= 0 {
		return n.f.first(r.Skip, n.f.Unit.Rows[r.Parent].Skip)
	}
	if int(r.Skip) < len(n.f.Unit.Rows) {
		return Node{n.f, r.Skip}
	}
	return n.f.after()
}

// after is the first node that follows the frame's unit in its parent.
func (f *Frame) after() Node {
	up := f.Parent
	if up == nil {
		return Node{}
	}
	for k := f.Index + 1; k < len(up.Unit.Kids); k++ {
		kid := up.Kid(k)
		if len(kid.Unit.Rows) > 0 {
			f.crossed(kid)
			return Node{kid, 0}
		}
	}
	f.ended(len(up.Unit.Kids))
	gap := &up.Unit.Rows[up.Unit.Gap]
	n := up.first(gap.Skip, up.Unit.Rows[gap.Parent].Skip)
	if !n.IsZero() {
		f.crossed(up)
	}
	return n
}

// PrevSibling is the previous child of the same parent, named or not.
func (n Node) PrevSibling() Node {
	r := n.row()
	if r.Prev >= 0 {
		return n.f.last(r.Prev)
	}
	if r.Parent >= 0 || n.f.Parent == nil {
		return Node{}
	}
	up := n.f.Parent
	for k := n.f.Index - 1; k >= 0; k-- {
		if p := up.Kid(k).lastRoot(); !p.IsZero() {
			n.f.crossed(p.f)
			return p
		}
	}
	n.f.ended(-1)
	if p := up.Unit.Rows[up.Unit.Gap].Prev; p >= 0 {
		n.f.crossed(up)
		return Node{up, p}
	}
	return Node{}
}

// last is the node of row i, or the last node in the gap if i is one.
func (f *Frame) last(i int32) Node {
	r := &f.Unit.Rows[i]
	if r.Flags&Gap == 0 {
		return Node{f, i}
	}
	for k := len(f.Unit.Kids) - 1; k >= 0; k-- {
		if p := f.Kid(k).lastRoot(); !p.IsZero() {
			f.crossed(p.f)
			return p
		}
	}
	if r.Prev >= 0 {
		return Node{f, r.Prev}
	}
	return Node{}
}

// lastRoot is the last of the nodes at the top of the unit.
func (f *Frame) lastRoot() Node {
	rows := f.Unit.Rows
	last := int32(-1)
	for i := int32(0); int(i) < len(rows); i = rows[i].Skip {
		last = i
	}
	if last < 0 {
		return Node{}
	}
	return Node{f, last}
}

// PrevAttached is the previous sibling if it belongs to the same unit: the way
// from an item to its attributes and comments that depends on nothing else.
func (n Node) PrevAttached() Node {
	if r := n.row(); r.Prev >= 0 {
		return n.f.last(r.Prev)
	}
	return Node{}
}

// NextNamed is the next named sibling.
func (n Node) NextNamed() Node {
	for n = n.NextSibling(); !n.IsZero() && !n.IsNamed(); n = n.NextSibling() {
	}
	return n
}

// ChildByField is the first child that stands under the field.
func (n Node) ChildByField(f Field) Node {
	for c := n.FirstChild(); !c.IsZero(); c = c.NextSibling() {
		if c.Field() == f {
			return c
		}
	}
	return Node{}
}

// Children calls yield for each child, named or not.
func (n Node) Children(yield func(Node) bool) {
	for c := n.FirstChild(); !c.IsZero(); c = c.NextSibling() {
		if !yield(c) {
			return
		}
	}
}

// Descendants calls yield for the node itself and for everything below it, in
// preorder. It stops when yield returns false.
func (n Node) Descendants(yield func(Node) bool) { n.descend(yield) }

func (n Node) descend(yield func(Node) bool) bool {
	if !yield(n) {
		return false
	}
	for c := n.FirstChild(); !c.IsZero(); c = c.NextSibling() {
		if !c.descend(yield) {
			return false
		}
	}
	return true
}

// Contains reports that o is n or is below it.
func (n Node) Contains(o Node) bool {
	for ; !o.IsZero(); o = o.Parent() {
		if o == n {
			return true
		}
	}
	return false
}
