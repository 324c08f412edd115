package rust

import "lectern/analysis/tree"

// inUnsafe reports a node in an unsafe block or in the body of an unsafe
// function. Closures and async blocks are part of what is around them; an item
// inside is not.
func (g *Grammar) inUnsafe(n tree.Node) bool {
	from := n
	for up := range upwards(n) {
		switch s := up.Symbol(); {
		case up == n:
		case s == g.unsafeBlock:
			return true
		case s == g.function:
			return from.Field() == g.fBody && g.unsafeFn(up)
		case g.item(s):
			return false
		}
		from = up
	}
	return false
}

// maskedBefore reports a masked word directly before a node, or inside of it
// before its first child other than a visibility.
func (f *Facts) maskedBefore(n tree.Node, word string) bool {
	if f.Recorder != nil {
		f.Recorder.masked = true
	}
	if f.Masked == nil {
		return false
	}
	g := f.Context.grammar
	// The word stands before the keyword that the grammar knows, which the
	// visibility may precede.
	keyword := n.FirstChild()
	for !keyword.IsZero() && (keyword.Symbol() == g.visibility || keyword.IsExtra()) {
		keyword = keyword.NextSibling()
	}
	if keyword.IsZero() {
		return false
	}
	end := keyword.Start()
	const reach = 256 // white space and comments between the two
	source := n.Tree().Source()
	spans := f.Masked(max(end-reach, 0), end)
	for i := len(spans) - 1; i >= 0; i-- {
		s := spans[i]
		if s.End > end {
			continue
		}
		if !blank(source.Slice(s.End, end)) {
			return false
		}
		if s.Word == word {
			return true
		}
		end = s.Start
	}
	return false
}

// blank reports white space.
func blank(b []byte) bool {
	for _, c := range b {
		if c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			return false
		}
	}
	return true
}
