package rust

import (
	"bytes"

	"lectern/analysis/tree"
)

// hasComment reports a comment that belongs to a node and contains one of the
// texts, letter case ignored; any comment if there are no texts. A comment
// belongs to a node when it stands directly above it, on the line where it ends,
// or first inside its block, or when it belongs so to the statement, match arm
// or item that the node is part of. Attributes may stand between; an empty line
// may not.
func (f *Facts) hasComment(n tree.Node, texts [][]byte) bool {
	g := f.Context.grammar
	if g.firstInside(n, texts) {
		return true
	}
	for up := range upwards(n) {
		if up != n && g.holdsStatements(up) {
			return false
		}
		if g.commentAbove(up, texts) || g.commentBehind(up, texts) {
			return true
		}
		if g.item(up.Symbol()) || up.Symbol() == g.matchArm {
			return false
		}
	}
	return false
}

// holdsStatements reports a node whose children stand for themselves.
func (g *Grammar) holdsStatements(n tree.Node) bool {
	switch n.Symbol() {
	case g.block, g.declarationList, g.sourceFile, g.matchBlock, g.fieldList, g.tokenTree:
		// The body of a macro call that is an expression list belongs to the call.
		if n.Symbol() == g.tokenTree && n.Flags()&tree.Spliced != 0 && !g.braces(n) {
			return false
		}
		return true
	}
	return false
}

// braces reports a token tree in braces.
func (g *Grammar) braces(n tree.Node) bool {
	t := n.Text()
	return len(t) > 0 && t[0] == '{'
}

// commentAbove looks at the run of comments that ends directly above a node.
func (g *Grammar) commentAbove(n tree.Node, texts [][]byte) bool {
	next := n
	for p := n.PrevAttached(); !p.IsZero(); p = p.PrevAttached() {
		switch {
		case g.comment(p.Symbol()):
			if lines(p, next) > 1 && !docComment(p.Text()) || g.trails(p) {
				return false
			}
			if says(p.Text(), texts) {
				return true
			}
		case p.Symbol() == g.attributeItem:
			if lines(p, next) > 1 {
				return false
			}
			if text := g.attributeText(p); parseMeta(text).path == "doc" && says([]byte(text), texts) {
				return true
			}
		default:
			return false
		}
		next = p
	}
	return false
}

// docComment reports a comment that documents the item after it, wherever that
// is.
func docComment(text []byte) bool {
	return bytes.HasPrefix(text, []byte("///")) || bytes.HasPrefix(text, []byte("/**"))
}

// trails reports a comment that belongs to what stands before it on its line.
func (g *Grammar) trails(c tree.Node) bool {
	p := c.PrevAttached()
	return !p.IsZero() && !g.comment(p.Symbol()) && p.Symbol() != g.attributeItem && p.IsNamed() && lines(p, c) == 0
}

// commentBehind looks at the comments on the line where a node ends.
func (g *Grammar) commentBehind(n tree.Node, texts [][]byte) bool {
	before := n
	for s := nextAttached(n); !s.IsZero(); s = nextAttached(s) {
		if lines(before, s) > 0 {
			return false
		}
		if g.comment(s.Symbol()) {
			if says(s.Text(), texts) {
				return true
			}
		} else if s.IsNamed() {
			return false
		}
		before = s
	}
	return false
}

// firstInside looks at the comments that a block begins with.
func (g *Grammar) firstInside(n tree.Node, texts [][]byte) bool {
	switch n.Symbol() {
	case g.unsafeBlock, g.asyncBlock, g.constBlock:
		n = child(n, g.block)
	case g.block:
	default:
		return false
	}
	if n.IsZero() {
		return false
	}
	for c := n.FirstChild(); !c.IsZero(); c = c.NextSibling() {
		if g.comment(c.Symbol()) {
			if says(c.Text(), texts) {
				return true
			}
		} else if c.IsNamed() && c.Symbol() != g.label {
			return false
		}
	}
	return false
}

// lines counts the line ends between two neighbors. A doc comment's node ends
// with the line end itself.
func lines(a, b tree.Node) int {
	n := 0
	if t := a.Text(); len(t) > 0 && t[len(t)-1] == '\n' {
		n = 1
	}
	if a.End() >= b.Start() {
		return n
	}
	return n + bytes.Count(between(a, b), []byte{'\n'})
}

// between is the text between two nodes.
func between(a, b tree.Node) []byte {
	if u := a.Frame(); u == b.Frame() && u.Unit.Text != nil {
		return u.Unit.Text[a.End()-u.Base : b.Start()-u.Base]
	}
	return a.Tree().Source().Slice(a.End(), b.Start())
}

// says reports a comment that contains one of the texts, which are in lower
// case; every comment does if there are none.
func says(comment []byte, texts [][]byte) bool {
	for _, t := range texts {
		if containsFold(comment, t) {
			return true
		}
	}
	return len(texts) == 0
}

// containsFold looks for a lower-case text, ignoring the case of ASCII letters.
func containsFold(b, lower []byte) bool {
next:
	for i := 0; i+len(lower) <= len(b); i++ {
		for k, c := range lower {
			x := b[i+k]
			if x >= 'A' && x <= 'Z' {
				x += 'a' - 'A'
			}
			if x != c {
				continue next
			}
		}
		return true
	}
	return false
}
