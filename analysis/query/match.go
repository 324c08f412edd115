package query

import "lectern/analysis/tree"

// Root is the node that the pattern begins at: its root, or the first node of a
// pattern of several siblings.
func (m *Match) Root() tree.Node { return m.root }

// Node is the first node of a capture; false when the capture matched nothing.
func (m *Match) Node(capture int) (tree.Node, bool) {
	for _, c := range m.captures {
		if int(c.index) == capture {
			return c.node, true
		}
	}
	return tree.Node{}, false
}

// Nodes are all nodes of a capture, in the order in which they were captured.
func (m *Match) Nodes(capture int) []tree.Node {
	var nodes []tree.Node
	for _, c := range m.captures {
		if int(c.index) == capture {
			nodes = append(nodes, c.node)
		}
	}
	return nodes
}

// EachOf calls yield for the nodes of one capture until it returns false.
func (m *Match) EachOf(capture int, yield func(n tree.Node) bool) {
	for _, c := range m.captures {
		if int(c.index) == capture && !yield(c.node) {
			return
		}
	}
}

// Each calls yield for every captured node with its capture's name, in order and
// with those that relations added at the end, until it returns false.
func (m *Match) Each(yield func(name string, n tree.Node) bool) {
	for _, c := range m.captures {
		if !yield(m.Query.captures[c.index], c.node) {
			return
		}
	}
}

// has reports that the capture matched something.
func (m *Match) has(capture int) bool {
	for _, c := range m.captures {
		if int(c.index) == capture {
			return true
		}
	}
	return false
}
