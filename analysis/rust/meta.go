package rust

import "strings"

// The text of an attribute, without `#[` and `]`, is read here: `repr(C)`,
// `path = "x"`, `unsafe(no_mangle)`, `cfg_attr(test, derive(Debug), inline)`.

// meta is one attribute: a path, and what stands in brackets after it or behind
// an equals sign.
type meta struct {
	path, args string
	value      bool // args stand behind an equals sign
}

// parseMeta splits an attribute's text.
func parseMeta(text string) meta {
	text = strings.TrimSpace(withoutComments(text))
	end := strings.IndexAny(text, "([{=")
	if end < 0 {
		return meta{path: text}
	}
	m := meta{path: strings.TrimSpace(text[:end])}
	if text[end] == '=' {
		m.args, m.value = strings.TrimSpace(text[end+1:]), true
		return m
	}
	m.args = text[end+1:]
	if n := len(m.args); n > 0 && strings.IndexByte(")]}", m.args[n-1]) >= 0 {
		m.args = m.args[:n-1]
	}
	return m
}

// withoutComments puts a space in place of each comment of an attribute.
func withoutComments(text string) string {
	if !strings.Contains(text, "/*") && !strings.Contains(text, "//") {
		return text
	}
	src := []byte(text)
	var out []byte
	for i := 0; i < len(src); {
		if next := skipBlank(src, i); next > i {
			out, i = append(out, ' '), next
			continue
		}
		end := token(src, i)
		out, i = append(out, src[i:end]...), end
	}
	return string(out)
}

// nextItem cuts the first item of a comma-separated list off.
func nextItem(list string) (item, rest string) {
	depth := 0
	for i := 0; i < len(list); i++ {
		switch list[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case '"':
			for i++; i < len(list) && list[i] != '"'; i++ {
				if list[i] == '\\' {
					i++
				}
			}
		case ',':
			if depth == 0 {
				return strings.TrimSpace(list[:i]), list[i+1:]
			}
		}
	}
	return strings.TrimSpace(list), ""
}

// anyMeta reports that yield holds for an attribute, or for one inside its
// `unsafe(...)` or `cfg_attr(condition, ...)`.
func anyMeta(text string, yield func(meta) bool) bool {
	m := parseMeta(text)
	switch {
	case m.path == "unsafe" && !m.value:
		return anyMeta(m.args, yield)
	case m.path == "cfg_attr" && !m.value:
		_, rest := nextItem(m.args)
		for rest != "" {
			var item string
			if item, rest = nextItem(rest); item != "" && anyMeta(item, yield) {
				return true
			}
		}
		return false
	}
	return yield(m)
}

// attributePattern is an argument such as "interrupt", "tokio::main" or
// "repr(C)".
type attributePattern struct {
	path, arg string
}

func parseAttributePattern(text string) attributePattern {
	m := parseMeta(text)
	return attributePattern{path: squeeze(m.path), arg: squeeze(m.args)}
}

// matches reports an attribute of this name: the whole path, or its last segment
// when the pattern has one only. A pattern with an argument wants it among the
// attribute's arguments.
func (p attributePattern) matches(m meta) bool {
	path := squeeze(m.path)
	if path != p.path {
		i := strings.LastIndex(path, "::")
		if i < 0 || path[i+2:] != p.path {
			return false
		}
	}
	if p.arg == "" {
		return true
	}
	if m.value {
		return false
	}
	for list := m.args; list != ""; {
		var item string
		item, list = nextItem(list)
		if squeeze(item) == p.arg || squeeze(parseMeta(item).path) == p.arg {
			return true
		}
	}
	return false
}

// squeeze drops white space outside of strings.
func squeeze(s string) string {
	if !strings.ContainsAny(s, " \t\r\n") {
		return s
	}
	var b strings.Builder
	quoted := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' && (i == 0 || s[i-1] != '\\'):
			quoted = !quoted
			b.WriteByte(c)
		case !quoted && (c == ' ' || c == '\t' || c == '\r' || c == '\n'):
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
