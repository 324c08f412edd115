package allow

import (
	"bytes"

	"lectern/analysis/text"
	"lectern/analysis/tree"
)

// Insertion is the edit that silences the hint for findings that start at byte at:
// a comment on a line of its own above, indented alike, or at the end of the line
// where the line begins inside a string. It reports false when neither is to be
// had.
func Insertion(t *tree.Tree, at int, id, reason string) (text.Edit, bool) {
	src := t.Source()
	comment := "// "
	if t.Language().Name == "toml" {
		comment = "# "
	}
	comment += Mark + " " + one + "(" + id + "): " + reason
	start, end := lineStart(src, at), lineEnd(src, at)
	line := src.Slice(start, end)
	if !opaque(t.Root(), start, start) {
		indent := line[:len(line)-len(bytes.TrimLeft(line, " \t"))]
		return text.Edit{Start: start, End: start, New: string(indent) + comment + lineEnding(src, end)}, true
	}
	// A comment at the end of the line would be lost in another one there.
	code := start + len(bytes.TrimRight(line, " \t"))
	if opaque(t.Root(), max(code-1, at), code) {
		return text.Edit{}, false
	}
	return text.Edit{Start: code, End: end, New: " " + comment}, true
}

// opaque reports that bytes cannot be put in between from and to without landing
// in a string or a comment, or behind a comment that runs to the end of its line.
func opaque(n tree.Node, from, to int) bool {
	for child := n.FirstChild(); !child.IsZero(); {
		inside := child.Start() < to && to < child.End()
		ends := from < to && child.Start() <= from && child.End() >= to
		if !inside && !ends {
			if child.Start() > to {
				return false
			}
			child = child.NextSibling()
			continue
		}
		switch child.Kind() {
		case "line_comment", "comment":
			return true
		case "string_literal", "raw_string_literal", "block_comment", "string":
			return inside
		}
		child = child.FirstChild()
	}
	return false
}

// lineEnding is the ending of the line that ends at byte end; the last line of a
// file has that of the first.
func lineEnding(src tree.Source, end int) string {
	if end == src.Len() {
		end = lineEnd(src, 0)
	}
	if string(src.Slice(end, min(end+2, src.Len()))) == "\r\n" {
		return "\r\n"
	}
	return "\n"
}
