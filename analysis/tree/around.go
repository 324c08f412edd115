package tree

// Around calls yield for the nodes whose bytes hold the one at off, the outermost
// first, until it returns false. At the end of the text it is the last byte.
func (t *Tree) Around(off int, yield func(Node) bool) {
	for n := t.Root(); !n.IsZero() && yield(n); {
		child := n.FirstChild()
		for !child.IsZero() && child.End() <= off {
			child = child.NextSibling()
		}
		if child.IsZero() || child.Start() > off {
			return
		}
		n = child
	}
}

// InComment reports that a byte is part of a comment.
func (t *Tree) InComment(off int) bool {
	inside := false
	t.Around(off, func(n Node) bool {
		switch n.Kind() {
		case "line_comment", "block_comment", "comment":
			inside = true
		}
		return !inside
	})
	return inside
}
