package rust

import "lectern/analysis/tree"

// body is the function, closure or block that runs a node as part of itself; the
// item around what is outside of all bodies.
func (g *Grammar) body(n tree.Node) tree.Node {
	for up := range upwards(n) {
		if s := up.Symbol(); up != n && (s == g.asyncBlock || s == g.closure || s == g.constBlock || g.item(s)) {
			return up
		}
	}
	return tree.Node{}
}

// inAsync reports a node that a future runs: in the body of an async function,
// block or closure. What is in a closure or item inside runs when that is called.
func (g *Grammar) inAsync(n tree.Node) bool {
	from := n
	for up := range upwards(n) {
		switch s := up.Symbol(); {
		case up == n:
		case s == g.asyncBlock:
			return true
		case s == g.closure:
			return from.Field() == g.fBody && has(up, g.tokAsync)
		case s == g.function:
			return from.Field() == g.fBody && g.asyncFn(up)
		case s == g.constBlock || g.item(s):
			return false
		}
		from = up
	}
	return false
}
