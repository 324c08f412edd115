package server

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"lectern/analysis/course"
)

// writer writes the inline Markdown of a course anew for an editor, from its
// tree: what an editor gets is made of nothing but text, code, emphasis and links
// to safe places. Raw HTML becomes text, an image a link, and a link to anywhere
// else its text.
type writer struct {
	plain bool // for clients that show text as it is
}

// paragraph is Markdown as one line. target says where a link is to lead; an
// empty answer leaves its text only.
func (w writer) paragraph(source string, target func(string) string) string {
	src := []byte(source)
	root := goldmark.DefaultParser().Parse(text.NewReader(src))
	var b strings.Builder
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		if n.Type() == ast.TypeBlock && n.FirstChild() == nil && n.Lines() != nil {
			w.code(&b, string(n.Lines().Value(src))) // a block of code or of HTML
			continue
		}
		w.children(&b, n, src, target)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func (w writer) children(b *strings.Builder, n ast.Node, src []byte, target func(string) string) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		w.node(b, c, src, target)
	}
}

func (w writer) node(b *strings.Builder, n ast.Node, src []byte, target func(string) string) {
	switch n := n.(type) {
	case *ast.Text:
		segment := n.Segment
		if before, ok := n.PreviousSibling().(*ast.Text); ok && joined(before, n) {
			return // written with that one
		}
		for next, ok := n.NextSibling().(*ast.Text); ok && joined(n, next); next, ok = n.NextSibling().(*ast.Text) {
			segment.Stop = next.Segment.Stop
			n = next
		}
		b.WriteString(w.textAfter(b.String(), unescape(segment.Value(src))))
		if n.SoftLineBreak() || n.HardLineBreak() {
			b.WriteByte(' ')
		}
	case *ast.String:
		b.WriteString(w.text(string(n.Value)))
	case *ast.CodeSpan:
		var code strings.Builder
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if t, ok := c.(*ast.Text); ok {
				code.Write(t.Segment.Value(src))
			}
		}
		w.code(b, code.String())
	case *ast.Emphasis:
		mark := strings.Repeat("*", n.Level)
		if w.plain {
			mark = ""
		}
		b.WriteString(mark)
		w.children(b, n, src, target)
		b.WriteString(mark)
	case *ast.Link:
		w.linked(b, func() { w.children(b, n, src, target) }, target(unescape(n.Destination)))
	case *ast.Image:
		w.linked(b, func() { w.children(b, n, src, target) }, target(unescape(n.Destination)))
	case *ast.AutoLink:
		w.linked(b, func() { b.WriteString(w.textAfter(b.String(), string(n.Label(src)))) }, target(string(n.URL(src))))
	case *ast.RawHTML:
		for i := range n.Segments.Len() {
			s := n.Segments.At(i)
			b.WriteString(w.text(string(s.Value(src))))
		}
	default:
		w.children(b, n, src, target)
		if n.Type() == ast.TypeBlock {
			b.WriteByte(' ')
		}
	}
}

// joined reports two pieces of text that are one for the reader: the parser cuts
// text where emphasis might have begun.
func joined(a, b *ast.Text) bool {
	return a.Segment.Stop == b.Segment.Start && !a.SoftLineBreak() && !a.HardLineBreak()
}

// text is text in which nothing has a meaning.
func (w writer) text(s string) string { return w.textAfter("", s) }

// textAfter is text that comes behind something written already.
func (w writer) textAfter(before, s string) string {
	if w.plain {
		return s
	}
	var b strings.Builder
	last := byte(0)
	if before != "" {
		last = before[len(before)-1]
	}
	for i := range len(s) {
		switch {
		case !special(last, s, i):
			b.WriteByte(s[i])
		case strings.IndexByte(openers, s[i]) >= 0:
			b.WriteString(entity(s[i]))
		default:
			b.WriteString(`\` + s[i:i+1])
		}
		last = s[i]
	}
	return b.String()
}

// openers are the characters that begin what could act. A backslash does not always
// take their meaning: readers that make links of addresses in a text take one
// behind an address for a part of that, and what it escaped for what it is.
const openers = "<[]`!"

// entity is a character of openers that no reader takes for more than text.
func entity(c byte) string {
	if c == '<' {
		return "&lt;"
	}
	return "&#" + strconv.Itoa(int(c)) + ";"
}

// address reports text whose last word may be taken for the beginning of an
// address.
func address(before string) bool {
	const longest = 500 // nobody reads a longer word: it may be anything
	word := before[max(0, len(before)-longest):]
	if i := strings.LastIndexAny(word, " \t\n"); i >= 0 {
		word = word[i+1:]
	} else if len(word) == longest {
		return true
	}
	if strings.Contains(word, "//") || strings.ContainsAny(word, "@") || strings.Contains(word, "mailto:") {
		return true
	}
	for i := 1; i+1 < len(word); i++ { // a.example
		if word[i] == '.' && wordByte(word[i-1]) && wordByte(word[i+1]) {
			return true
		}
	}
	return false
}

// special reports a byte that Markdown could take for more than text; last is
// the byte in front of it, 0 at the start. Editors that show Markdown as it is
// make it worth not to escape all punctuation.
func special(last byte, s string, i int) bool {
	switch s[i] {
	case '\\', '`', '*', '[', ']', '<':
		return true
	case '&', '~':
		return i+1 == len(s) || s[i+1] != ' '
	case '!': // in front of a link it makes an image
		return i+1 == len(s) || s[i+1] == '['
	case '_': // inside a word it is a letter
		return !wordByte(last) || i+1 == len(s) || !wordByte(s[i+1])
	case '#', '>', '-', '+', '=', '|':
		return last == 0
	case '.', ')': // of a numbered list
		return i > 0 && strings.Trim(s[:i], "0123456789") == ""
	}
	return false
}

func wordByte(c byte) bool {
	return c == '_' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

func (w writer) code(b *strings.Builder, code string) {
	code = strings.Join(strings.Fields(code), " ")
	if w.plain || code == "" {
		b.WriteString(code)
		return
	}
	if address(b.String()) && strings.ContainsAny(code, "<[") {
		b.WriteByte(' ') // or a reader takes the backquote for a part of the address
	}
	fence := "`"
	for strings.Contains(code, fence) {
		fence += "`"
	}
	if strings.HasPrefix(code, "`") || strings.HasSuffix(code, "`") {
		code = " " + code + " "
	}
	b.WriteString(fence + code + fence)
}

// bold is written text in bold.
func (w writer) bold(s string) string {
	if w.plain || s == "" {
		return s
	}
	return "**" + s + "**"
}

// link is a link whose label is plain text.
func (w writer) link(label, target string) string {
	var b strings.Builder
	w.linked(&b, func() { b.WriteString(w.text(label)) }, target)
	return b.String()
}

// linked writes a link; label writes what it is called.
func (w writer) linked(b *strings.Builder, label func(), target string) {
	start := b.Len()
	switch {
	case !safeLink(target):
		label()
	case w.plain:
		if label(); b.String()[start:] != target {
			b.WriteString(" (" + target + ")")
		}
	default:
		b.WriteByte('[')
		label()
		b.WriteString("](" + linkEscaper.Replace(target) + ")")
	}
}

var linkEscaper = strings.NewReplacer("(", "%28", ")", "%29", "<", "%3C", ">", "%3E", " ", "%20", `\`, "%5C", "&", "&amp;", "\n", "")

// lineBreak ends a line that the next one is not to run on from.
func (w writer) lineBreak() string {
	if w.plain {
		return ""
	}
	return "  "
}

// safeLink reports a link that can do nothing but open a page. Links to files and
// to our own addresses are made by the server alone: linkFrom lets none of a course
// through.
func safeLink(target string) bool {
	u, err := url.Parse(target)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "http", "https", "mailto", "file", course.Scheme:
		return true
	}
	return false
}

// unescape resolves Markdown's backslashes and entities.
func unescape(b []byte) string {
	return string(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(b))))
}
