package course

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode/utf8"

	"lectern/analysis/problem"
)

// exampleKeys are the attributes of an example's fence.
func exampleKeys() []string {
	return []string{"no_compile", "no_run", "edition", "rust-version", "path"}
}

// isVersion reports a version of Rust such as 1.81.
func isVersion(s string) bool {
	minor, ok := strings.CutPrefix(s, "1.")
	return ok && minor != "" && strings.Trim(minor, "0123456789") == ""
}

func editions() []string { return []string{"2015", "2018", "2021", "2024", UnknownEdition} }

// UnknownEdition is the edition of an example that stands for a file without a
// Cargo.toml.
const UnknownEdition = "unknown"

// maxShown is how much a hover has to show: code points of the first paragraph.
const maxShown = 4_000

// body reads what follows the front matter.
func (r *hintReader) body(d *document) {
	h := r.hint
	h.Lead = d.lead()
	if h.Lead == "" {
		line := 1 + strings.Count(d.front, "\n") + 1
		if len(d.prose) > 0 {
			line = d.prose[0].line
		}
		r.fail(line, 1, "the text does not start with a paragraph", "the first paragraph is what a hover shows")
	}
	if n := utf8.RuneCountInString(h.Lead); n > maxShown {
		line := 1 + strings.Count(d.front, "\n") + 1
		if len(d.prose) > 0 {
			line = d.prose[0].line
		}
		r.fail(line, 1, fmt.Sprintf("the first paragraph has %d characters, %d are the most", n, maxShown), "a hover shows it; put details under a heading")
	}
	manifest := ""
	var prose strings.Builder
	spans := d.prose
	flush := func(next int) {
		for len(spans) > 0 && spans[0].next <= next {
			writeBlock(&prose, spans[0].text)
			spans = spans[1:]
		}
	}
	var body strings.Builder
	endBlock := func() {
		if prose.Len() > 0 {
			h.Blocks = append(h.Blocks, Block{Prose: prose.String()})
			writeBlock(&body, prose.String())
			prose.Reset()
		}
	}
	for i, f := range d.fences {
		flush(i)
		if f.open {
			r.fail(f.line, max(f.column-3, 1), "this fence is not closed", "close it with a line of the same marks")
		}
		if !f.tilde && strings.Contains(f.info, "`") {
			r.fail(f.line, f.column, "a backquote in the first line of a fence, which Markdown then takes for text",
				"leave the backquotes out, also those of a fix's title: `fixed=` is matched without them")
			continue
		}
		words, broken := f.attributes()
		if broken > 0 {
			r.fail(f.line, broken, "a quote that is not closed", "")
			continue
		}
		switch {
		case len(words) == 0:
			writeFence(&prose, f)
		case words[0].key == "query":
			r.query(f, words)
		case len(words) > 1 && slices.Contains(languages(), words[0].key) && words[1].key == "manifest":
			if manifest = f.text; words[0].key != "toml" || len(words) > 2 || len(h.Examples) > 0 {
				r.fail(f.line, f.column, "a manifest is written `toml manifest` and stands in front of all examples", "")
			}
		case r.isExample(f, words):
			endBlock()
			r.example(f, words, manifest)
		default:
			writeFence(&prose, f)
		}
	}
	flush(len(d.fences))
	endBlock()
	h.Body = body.String()
	if len(h.Queries) == 0 {
		r.fail(1, 1, "the hint has no query", "write it in a fence that opens with ```query")
	}
}

// writeBlock adds a block of Markdown with one blank line in front.
func writeBlock(b *strings.Builder, text string) {
	text = strings.Trim(text, "\n")
	if strings.TrimSpace(text) == "" {
		return
	}
	if b.Len() > 0 {
		b.WriteString("\n")
	}
	b.WriteString(text)
	b.WriteByte('\n')
}

// writeFence adds a fence that is prose, as it was.
func writeFence(b *strings.Builder, f fence) {
	marks := "```"
	if f.tilde {
		marks = "~~~"
	}
	for strings.Contains(f.text, marks) {
		marks += marks[:1]
	}
	writeBlock(b, marks+f.info+"\n"+f.text+marks)
}

// query reads a fence that is a query.
func (r *hintReader) query(f fence, words []attribute) {
	out := Fence{Text: f.text, Line: f.bodyLine(), Indent: f.indent}
	named := false
	for _, w := range words[1:] {
		switch {
		case w.key == "name" && w.hasVal:
			named = true
			out.Name = w.value
			if !isPatternName(w.value) {
				r.fail(f.line, w.column, fmt.Sprintf("`%s` is no name for a pattern", w.value), "use letters, digits and `-`")
			}
		default:
			r.fail(f.line, w.column, fmt.Sprintf("a query has no attribute `%s`", w.key), "write ```query or ```query name=\"...\"")
		}
	}
	if strings.TrimSpace(f.text) == "" {
		r.fail(f.line, f.column, "the query is empty", "")
	}
	if !named {
		r.hint.Queries = append(r.hint.Queries, out)
		return
	}
	for _, other := range r.hint.Named {
		if other.Name == out.Name {
			r.fail(f.line, f.column, fmt.Sprintf("two patterns are named `%s`", out.Name), "")
		}
	}
	r.hint.Named = append(r.hint.Named, out)
}

func isPatternName(s string) bool {
	return isCapture(s)
}

// isExample reports a fence that is an example, and one that was meant to be.
func (r *hintReader) isExample(f fence, words []attribute) bool {
	if !slices.Contains(languages(), words[0].key) {
		return false
	}
	for _, w := range words[1:] {
		if slices.Contains(exampleWords(), w.key) {
			return true
		}
	}
	rustdoc := []string{"ignore", "no_run", "should_panic", "compile_fail", "editable", "noplayground"}
	for _, w := range words[1:] {
		// Words of rustdoc and mdBook are nobody's mistake; a slip of a letter is.
		near, ok := problem.Nearest(w.key, exampleWords())
		if ok && !slices.Contains(rustdoc, w.key) {
			r.fail(f.line, w.column, fmt.Sprintf("unknown word `%s`", w.key), fmt.Sprintf("did you mean `%s`?", near))
		}
	}
	return false
}

// example reads a fence that is an example.
func (r *hintReader) example(f fence, words []attribute, manifest string) {
	out := Example{Language: words[0].key, Text: f.text, Line: f.bodyLine(), Indent: f.indent, Manifest: manifest}
	kinds := 0
	for _, w := range words[1:] {
		if i := slices.Index(exampleWords(), w.key); i >= 0 {
			kinds++
			out.Kind = ExampleKind(i)
			switch {
			case out.Kind == Fixed && !w.hasVal:
				r.fail(f.line, w.column, "`fixed` does not say which fix", "write fixed=\"title of the fix\"")
			case out.Kind == Fixed:
				r.fixed(&out, f, w)
			case w.hasVal:
				r.fail(f.line, w.column, fmt.Sprintf("`%s` takes no value", w.key), "")
			}
			continue
		}
		if !slices.Contains(exampleKeys(), w.key) {
			r.fail(f.line, w.column, fmt.Sprintf("an example has no attribute `%s`", w.key), meant(w.key, append(exampleWords(), exampleKeys()...)))
			continue
		}
		switch {
		case !w.hasVal || strings.TrimSpace(w.value) == "":
			r.fail(f.line, w.column, fmt.Sprintf("`%s` needs a value", w.key), fmt.Sprintf("write %s=\"...\"", w.key))
		case w.key == "path" && !fs.ValidPath(w.value):
			r.fail(f.line, w.column, fmt.Sprintf("`%s` leaves the example's crate", w.value), "write a path such as `src/main.rs`")
		case w.key == "rust-version" && !isVersion(w.value):
			r.fail(f.line, w.column, fmt.Sprintf("`%s` is no version of Rust", w.value), "write it as in rust-version=\"1.70\"")
		case w.key == "edition" && !slices.Contains(editions(), w.value):
			r.fail(f.line, w.column, fmt.Sprintf("`%s` is no edition", w.value), "known are "+list(editions()))
		}
		if out.Attr == nil {
			out.Attr = map[string]string{}
		}
		out.Attr[w.key] = w.value
	}
	if kinds > 1 {
		r.fail(f.line, f.column, "an example is one of "+list(exampleWords()), "")
	}
	r.hint.Blocks = append(r.hint.Blocks, Block{Example: len(r.hint.Examples)})
	r.hint.Examples = append(r.hint.Examples, out)
}

// fixed finds what a fixed example belongs to: its fix, and the nearest fires
// example before it.
func (r *hintReader) fixed(out *Example, f fence, w attribute) {
	var titles []string
	for _, fix := range r.hint.Fixes {
		titles = append(titles, plainTitle(fix.Title))
		if plainTitle(fix.Title) == plainTitle(w.value) {
			out.Fix = fix.Title
		}
	}
	if out.Fix == "" {
		help := "the front matter has no `fixes`"
		if len(titles) > 0 {
			help = strings.ReplaceAll(meant(w.value, titles), "`", "\"")
		}
		r.fail(f.line, w.column, fmt.Sprintf("no fix has the title %q", w.value), help)
	}
	for i := len(r.hint.Examples) - 1; i >= 0; i-- {
		if r.hint.Examples[i].Kind == Fires {
			out.Of = i
			return
		}
	}
	r.fail(f.line, w.column, "a fixed example follows the fires example that it mends", "")
}

// plainTitle is a title as fences write it, which cannot hold backquotes.
func plainTitle(s string) string { return strings.ReplaceAll(s, "`", "") }
