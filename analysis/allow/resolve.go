package allow

import (
	"bytes"
	"strings"

	"lectern/analysis/text"
	"lectern/analysis/tree"
)

// Extract finds the allow comments among the rows of the frame's own unit, its
// kids' not included. The result depends on the unit alone and may be kept as
// long as the unit is.
func Extract(f *tree.Frame) []Comment {
	lang := f.Tree().Language()
	var kinds [3]tree.Symbol
	n := 0
	for _, name := range [...]string{"line_comment", "block_comment", "comment"} {
		if s, ok := lang.Node(name); ok {
			kinds[n] = s
			n++
		}
	}
	var found []Comment
	for i := range f.Unit.Rows {
		r := &f.Unit.Rows[i]
		if r.Flags&tree.Extra == 0 || r.Flags&tree.Gap != 0 || !has(kinds[:n], r.Symbol) {
			continue
		}
		if c, ok := Parse(f.Node(i).Text()); ok {
			c = c.shift(int(r.Start))
			c.Row = i
			found = append(found, c)
		}
	}
	return found
}

func has(list []tree.Symbol, s tree.Symbol) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

// Resolve gives a comment of the frame's unit its place in the document and finds
// what it silences, for which it looks at the code around the comment, in other
// units too.
func Resolve(f *tree.Frame, c Comment) Allow {
	a := Allow{Comment: c.shift(f.Base)}
	src := f.Tree().Source()
	if c.File {
		a.Reach, a.Scope = File, text.Range{Start: 0, End: src.Len() + 1}
		return a
	}
	start, end := lineStart(src, a.Range.Start), lineEnd(src, a.Range.End)
	if !blank(src.Slice(start, a.Range.Start)) && !afterComment(f.Node(c.Row), start) {
		a.Reach, a.Scope = Line, text.Range{Start: start, End: end}
		return a
	}
	a.Reach, a.Scope = Next, text.Range{Start: a.Range.Start, End: end}
	n := following(f.Node(c.Row))
	if n.IsZero() {
		return a
	}
	if isItem(n) {
		a.Reach, a.Scope = Item, text.Range{Start: min(a.Range.Start, attributes(n)), End: n.End()}
		return a
	}
	stop := lineEnd(src, n.Start())
	if b := firstBlock(n); b.IsZero() {
		stop = max(stop, n.End())
	} else {
		stop = max(stop, lineEnd(src, b.Start()))
	}
	a.Scope.End = stop
	return a
}

// afterComment reports that nothing but other comments stands before the comment
// on its line, which starts at byte start.
func afterComment(n tree.Node, start int) bool {
	src := n.Tree().Source()
	end := n.Start()
	for p := n.PrevSibling(); !p.IsZero() && isComment(p) && p.End() > start; p = p.PrevSibling() {
		if !blank(src.Slice(p.End(), end)) {
			return false
		}
		end = max(p.Start(), start)
	}
	return blank(src.Slice(start, end))
}

// following is the node that a comment on its own line speaks of: the next one
// that is neither a comment nor an outer attribute.
func following(n tree.Node) tree.Node {
	for at := n; !at.IsZero(); at = at.Parent() {
		for s := at.NextSibling(); !s.IsZero(); s = s.NextSibling() {
			if !isComment(s) && s.Kind() != "attribute_item" && s.End() > s.Start() {
				return s
			}
		}
	}
	return tree.Node{}
}

// attributes is where the attributes and comments directly before an item start.
func attributes(item tree.Node) int {
	start := item.Start()
	for p := item.PrevSibling(); !p.IsZero(); p = p.PrevSibling() {
		switch {
		case p.Kind() == "attribute_item":
			start = p.Start()
		case !isComment(p):
			return start
		}
	}
	return start
}

func isComment(n tree.Node) bool {
	if !n.IsExtra() {
		return false
	}
	k := n.Kind()
	return k == "line_comment" || k == "block_comment" || k == "comment"
}

// isItem reports what an allow silences whole: a Rust item, or a TOML table.
func isItem(n tree.Node) bool {
	if !n.IsNamed() {
		return false
	}
	switch k := n.Kind(); k {
	case "inner_attribute_item", "attribute_item":
		return false
	case "use_declaration", "extern_crate_declaration", "macro_definition", "associated_type",
		"table", "table_array_element":
		return true
	default:
		return strings.HasSuffix(k, "_item")
	}
}

// firstBlock is the first node in n that opens a body in braces.
func firstBlock(n tree.Node) tree.Node {
	var found tree.Node
	n.Descendants(func(d tree.Node) bool {
		switch d.Kind() {
		case "block", "match_block", "declaration_list":
			found = d
		case "token_tree":
			if t := d.Text(); len(t) > 0 && t[0] == '{' {
				found = d
			}
		}
		return found.IsZero()
	})
	return found
}

// lineStart is the first byte of the line that off stands in.
func lineStart(src tree.Source, off int) int {
	for end := off; end > 0; {
		start := max(end-256, 0)
		if i := bytes.LastIndexAny(src.Slice(start, end), "\r\n"); i >= 0 {
			return start + i + 1
		}
		end = start
	}
	return 0
}

// lineEnd is the end of the line that off stands in, before its line ending.
func lineEnd(src tree.Source, off int) int {
	for start := off; start < src.Len(); {
		end := min(start+256, src.Len())
		if i := bytes.IndexAny(src.Slice(start, end), "\r\n"); i >= 0 {
			return start + i
		}
		start = end
	}
	return src.Len()
}

func blank(b []byte) bool { return len(bytes.TrimLeft(b, " \t\ufeff")) == 0 }
