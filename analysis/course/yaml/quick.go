package yaml

import (
	"strings"
	"unicode/utf8"
)

// quick reads the plain form of YAML that hint files have: block mappings and
// lists, flow collections and quoted scalars within one line, literal blocks. It
// gives up (false) at everything else, mistakes included: it has no errors of
// its own.
func quick(source string, firstLine int) (Node, bool) {
	if strings.ContainsAny(source, "\r\u0085\u2028\u2029\ufeff") {
		return Node{}, false // these end lines, or do not, by rules of their own
	}
	r := reader{source: source, line: firstLine}
	r.next()
	if r.done {
		return Node{Kind: Map, Line: firstLine, Column: 1}, true
	}
	if r.indent != 0 {
		return Node{}, false
	}
	node, ok := r.mapping(0, 0)
	return node, ok && r.done
}

// reader stands on one line that holds something, or is done.
type reader struct {
	source string // what follows the current line
	text   string // the current line without indentation
	indent int
	line   int // number of the line that source starts with
	done   bool
}

// next goes to the next line that is neither blank nor a comment.
func (r *reader) next() {
	for r.source != "" {
		line, rest, _ := strings.Cut(r.source, "\n")
		r.source = rest
		r.line++
		text := strings.TrimLeft(line, " ")
		if text == "" || text[0] == '#' {
			continue
		}
		r.text, r.indent = text, len(line)-len(text)
		return
	}
	r.text, r.done = "", true
}

// at is the number of the current line.
func (r *reader) at() int { return r.line - 1 }

// mapping reads the lines at this indentation as `key: value`. The current line
// is the first.
func (r *reader) mapping(indent, depth int) (Node, bool) {
	out := Node{Kind: Map, Line: r.at(), Column: indent + 1}
	if depth > 8 {
		return out, false
	}
	for !r.done && r.indent == indent && !isItem(r.text) {
		key, rest, ok := cutKey(r.text)
		if !ok {
			return out, false
		}
		for _, f := range out.Fields {
			if f.Key == key {
				return out, false
			}
		}
		f := Field{Key: key, Line: r.at(), Column: indent + 1}
		if f.Value, ok = r.value(rest, indent, indent+len(r.text)-len(rest), depth); !ok {
			return out, false
		}
		out.Fields = append(out.Fields, f)
	}
	// A line that is neither here nor further out belongs to nobody.
	return out, len(out.Fields) > 0 && (r.done || r.indent < indent)
}

// list reads the lines at this indentation as `- value`.
func (r *reader) list(indent, depth int) (Node, bool) {
	out := Node{Kind: List, Line: r.at(), Column: indent + 1}
	if depth > 8 {
		return out, false
	}
	for !r.done && r.indent == indent && isItem(r.text) {
		inner := strings.TrimLeft(r.text[1:], " ")
		at := indent + len(r.text) - len(inner)
		if inner == "" || inner[0] == '#' || isItem(inner) {
			return out, false
		}
		var item Node
		var ok bool
		if _, _, isKey := cutKey(inner); isKey {
			r.text, r.indent = inner, at
			item, ok = r.mapping(at, depth+1)
		} else {
			item, ok = r.scalarOrFlow(inner, at)
			r.next()
			ok = ok && (r.done || r.indent <= indent)
		}
		if !ok {
			return out, false
		}
		out.Items = append(out.Items, item)
	}
	return out, true
}

// value reads what follows a key and goes on to the line behind it. The mapping
// stands at indent, rest begins at column at (from 0, in bytes).
func (r *reader) value(rest string, indent, at, depth int) (Node, bool) {
	switch {
	case rest == "" || rest[0] == '#':
		line := r.at()
		r.next()
		switch {
		case r.done || r.indent < indent || r.indent == indent && !isItem(r.text):
			return Node{Line: line, Column: at}, false // the library decides where nothing stands
		case isItem(r.text):
			return r.list(r.indent, depth+1)
		}
		return r.mapping(r.indent, depth+1)
	case rest == "|" || rest == "|-":
		return r.literal(rest == "|", indent, at)
	}
	node, ok := r.scalarOrFlow(rest, at)
	r.next()
	return node, ok && (r.done || r.indent <= indent)
}

// literal reads the lines of a `|` block, which stand deeper than indent.
func (r *reader) literal(keepEnd bool, indent, at int) (Node, bool) {
	out := Node{Kind: Scalar, Line: r.at(), Column: at + 1}
	var b strings.Builder
	deep := -1
	for r.source != "" {
		line, rest, whole := strings.Cut(r.source, "\n")
		text := strings.TrimLeft(line, " ")
		if text == "" || !whole {
			return out, false // blank lines have rules of their own
		}
		n := len(line) - len(text)
		if n <= indent {
			break
		}
		if deep < 0 {
			deep = n
		}
		if n < deep || strings.ContainsAny(line, "\t\r") {
			return out, false
		}
		b.WriteString(line[deep:])
		b.WriteByte('\n')
		r.source = rest
		r.line++
	}
	if deep < 0 {
		return out, false
	}
	out.Text = b.String()
	if !keepEnd {
		out.Text = strings.TrimSuffix(out.Text, "\n")
	}
	r.next()
	return out, true
}

// scalarOrFlow reads the whole rest of a line, which begins at column at (from
// 0, in bytes).
func (r *reader) scalarOrFlow(rest string, at int) (Node, bool) {
	f := flow{text: rest, line: r.at(), column: utf8.RuneCountInString(r.text) - utf8.RuneCountInString(rest) + r.indent}
	if at < 0 {
		return Node{}, false
	}
	var node Node
	var ok bool
	switch rest[0] {
	case '[', '{', '"', '\'':
		node, ok = f.value(0)
		tail := strings.TrimLeft(f.text[f.pos:], " ")
		if tail != "" && (tail[0] != '#' || len(tail) == len(f.text[f.pos:])) {
			return node, false
		}
	default:
		node, ok = f.plain(rest)
	}
	return node, ok
}

func isItem(s string) bool { return s == "-" || strings.HasPrefix(s, "- ") }

// cutKey splits `key: rest`; the key is a plain word.
func cutKey(s string) (key, rest string, ok bool) {
	i := 0
	for i < len(s) && isWord(s[i]) {
		i++
	}
	if i == 0 || i == len(s) || s[i] != ':' || !isLetter(s[0]) || isConstant(s[:i]) {
		return "", "", false
	}
	if i+1 < len(s) && s[i+1] != ' ' {
		return "", "", false
	}
	return s[:i], strings.Trim(s[i+1:], " "), true
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isWord(c byte) bool {
	return isLetter(c) || c >= '0' && c <= '9' || c == '-' || c == '_'
}

// isConstant reports words that YAML takes for something other than a text.
func isConstant(s string) bool {
	switch strings.ToLower(s) {
	case "null", "nan", "inf":
		return true
	}
	return false
}
