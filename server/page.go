package server

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// safePage is a Markdown page of a course in which nothing can act when an editor
// renders it: raw HTML is shown as it is written, images become links, and a
// block with a link to a command or the like becomes a block of code. All other
// bytes stay as they are.
func safePage(page []byte) []byte {
	// Text that was HTML may have Markdown in it, so look again until all is safe.
	for range 10 {
		changes := dangers(page)
		if len(changes) == 0 {
			return page
		}
		page = rewrite(page, changes)
	}
	return asCode(page)
}

// change replaces [start, stop) of a page.
type change struct {
	start, stop int
	with        string
}

func rewrite(page []byte, changes []change) []byte {
	slices.SortFunc(changes, func(a, b change) int { return cmp.Or(a.start-b.start, b.stop-a.stop) })
	var out []byte
	at := 0
	for _, c := range changes {
		if c.start < at {
			continue // inside what is replaced already
		}
		out = append(append(out, page[at:c.start]...), c.with...)
		at = c.stop
	}
	return append(out, page[at:]...)
}

// dangers are the changes that make a page safe, or at least safer.
func dangers(page []byte) []change {
	var changes []change
	root := goldmark.DefaultParser().Parse(text.NewReader(page))
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the walker returns no error
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.RawHTML:
			for i := range n.Segments.Len() {
				changes = append(changes, escapeTags(page, n.Segments.At(i).Start, n.Segments.At(i).Stop)...)
			}
		case *ast.HTMLBlock:
			for i := range n.Lines().Len() {
				changes = append(changes, escapeTags(page, n.Lines().At(i).Start, n.Lines().At(i).Stop)...)
			}
			if n.HasClosure() {
				changes = append(changes, escapeTags(page, n.ClosureLine.Start, n.ClosureLine.Stop)...)
			}
		case *ast.Image:
			changes = append(changes, withoutImages(page, n))
		case *ast.Link:
			if dangerousLink(unescape(n.Destination)) {
				changes = append(changes, inert(page, n))
			}
		case *ast.AutoLink:
			if dangerousLink(string(n.URL(page))) {
				changes = append(changes, inert(page, n))
			}
		}
		return ast.WalkContinue, nil
	})
	return changes
}

func escapeTags(page []byte, start, stop int) []change {
	var changes []change
	for i := start; i < stop; i++ {
		if page[i] == '<' {
			changes = append(changes, change{i, i + 1, "&lt;"})
		}
	}
	return changes
}

// dangerousLink reports a link that neither stays in the course nor is a web
// page.
func dangerousLink(target string) bool {
	scheme, _, ok := strings.Cut(target, ":")
	if !ok || strings.ContainsAny(scheme, "/?#") {
		return false
	}
	switch strings.ToLower(strings.TrimSpace(scheme)) {
	case "http", "https", "mailto":
		return false
	}
	return true
}

// blockOf is the bytes of the block of text that an inline node stands in, in
// whole lines.
func blockOf(page []byte, n ast.Node) (start, stop int) {
	for n != nil && (n.Type() == ast.TypeInline || n.Lines() == nil || n.Lines().Len() == 0) {
		n = n.Parent()
	}
	if n == nil {
		return 0, len(page)
	}
	lines := n.Lines()
	start, stop = lines.At(0).Start, lines.At(lines.Len()-1).Stop
	return start, stop
}

// withoutImages makes links of the images in the block of one.
func withoutImages(page []byte, n ast.Node) change {
	start, stop := blockOf(page, n)
	return change{start, stop, string(bytes.ReplaceAll(page[start:stop], []byte("!["), []byte("[")))}
}

// inert shows the block of a node as it is written.
func inert(page []byte, n ast.Node) change {
	start, stop := blockOf(page, n)
	return change{start, stop, inertText(page[start:stop])}
}

// inertText is source with every character that can begin something escaped.
func inertText(source []byte) string {
	var b strings.Builder
	for _, c := range source {
		if strings.IndexByte("\\`*_{}[]<>()#+-.!|~&:", c) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
	return b.String()
}

// asCode is a whole page as one block of code.
func asCode(page []byte) []byte {
	lines := bytes.SplitAfter(page, []byte("\n"))
	var out []byte
	for _, l := range lines {
		out = append(append(out, "    "...), l...)
	}
	return out
}
