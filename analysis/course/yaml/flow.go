package yaml

import (
	"strings"
	"unicode/utf8"
)

// flow reads values within one line for quick.
type flow struct {
	text   string
	pos    int
	line   int
	column int // of text[0], from 0 in code points
}

func (f *flow) node(kind Kind) Node {
	return Node{Kind: kind, Line: f.line, Column: f.column + utf8.RuneCountInString(f.text[:f.pos]) + 1}
}

func (f *flow) spaces() {
	for f.pos < len(f.text) && f.text[f.pos] == ' ' {
		f.pos++
	}
}

// take steps over c, and spaces in front of it.
func (f *flow) take(c byte) bool {
	f.spaces()
	if f.pos < len(f.text) && f.text[f.pos] == c {
		f.pos++
		return true
	}
	return false
}

func (f *flow) value(depth int) (Node, bool) {
	f.spaces()
	if f.pos == len(f.text) || depth > 4 {
		return Node{}, false
	}
	switch f.text[f.pos] {
	case '[':
		return f.items(depth)
	case '{':
		return f.fields(depth)
	case '"':
		return f.double()
	case '\'':
		return f.single()
	}
	end := f.pos
	for end < len(f.text) && !strings.ContainsRune("[]{},\"'#:", rune(f.text[end])) {
		end++
	}
	if end == len(f.text) || f.text[end] != ',' && f.text[end] != ']' && f.text[end] != '}' {
		return Node{}, false
	}
	text := f.text[f.pos:end]
	if strings.TrimRight(text, " ") != text {
		return Node{}, false
	}
	node := f.node(Scalar)
	if !isPlain(text) {
		return node, false
	}
	node.Text, node.Plain = text, true
	f.pos = end
	return node, true
}

func (f *flow) items(depth int) (Node, bool) {
	out := f.node(List)
	f.pos++
	if f.take(']') {
		return out, true
	}
	for {
		item, ok := f.value(depth + 1)
		if !ok {
			return out, false
		}
		out.Items = append(out.Items, item)
		if f.take(']') {
			return out, true
		}
		if !f.take(',') {
			return out, false
		}
	}
}

func (f *flow) fields(depth int) (Node, bool) {
	out := f.node(Map)
	f.pos++
	for {
		f.spaces()
		key, rest, ok := cutKey(f.text[f.pos:])
		if !ok || rest == "" {
			return out, false
		}
		at := f.node(Scalar)
		field := Field{Key: key, Line: at.Line, Column: at.Column}
		for _, other := range out.Fields {
			if other.Key == key {
				return out, false
			}
		}
		f.pos += len(key) + 1
		if field.Value, ok = f.value(depth + 1); !ok {
			return out, false
		}
		out.Fields = append(out.Fields, field)
		if f.take('}') {
			return out, true
		}
		if !f.take(',') {
			return out, false
		}
	}
}

// double reads a text in double quotes with the commonest escapes.
func (f *flow) double() (Node, bool) {
	out := f.node(Scalar)
	f.pos++
	start := f.pos
	var b strings.Builder
	for f.pos < len(f.text) {
		switch c := f.text[f.pos]; c {
		case '"':
			b.WriteString(f.text[start:f.pos])
			f.pos++
			out.Text = b.String()
			return out, true
		case '\\':
			if f.pos+1 == len(f.text) {
				return out, false
			}
			b.WriteString(f.text[start:f.pos])
			switch f.text[f.pos+1] {
			case '"', '\\':
				b.WriteByte(f.text[f.pos+1])
			case 'n':
				b.WriteByte('\n')
			default:
				return out, false
			}
			f.pos += 2
			start = f.pos
		default:
			if c < ' ' {
				return out, false
			}
			f.pos++
		}
	}
	return out, false
}

// single reads a text in single quotes.
func (f *flow) single() (Node, bool) {
	out := f.node(Scalar)
	f.pos++
	end := strings.IndexByte(f.text[f.pos:], '\'')
	if end < 0 {
		return out, false
	}
	out.Text = f.text[f.pos : f.pos+end]
	f.pos += end + 1
	if f.pos < len(f.text) && f.text[f.pos] == '\'' || hasControl(out.Text) {
		return out, false
	}
	return out, true
}

// plain reads a text without quotes up to the end of the line.
func (f *flow) plain(rest string) (Node, bool) {
	out := f.node(Scalar)
	text, _, _ := strings.Cut(rest, " #") // a comment
	text = strings.TrimRight(text, " ")
	if !isPlain(text) || strings.Contains(text, ": ") || strings.HasSuffix(text, ":") {
		return out, false
	}
	out.Text, out.Plain = text, true
	return out, true
}

// isPlain reports a text that needs no quotes and is surely a text, a whole
// number or a truth value.
func isPlain(s string) bool {
	if s == "" || strings.Contains(s, " #") || hasControl(s) {
		return false
	}
	if !isLetter(s[0]) && s[0] < utf8.RuneSelf {
		// Numbers have many spellings; the library knows them.
		return false
	}
	return !isConstant(s)
}

func hasControl(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] == 0x7f {
			return true
		}
	}
	return false
}
