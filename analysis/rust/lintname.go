package rust

import (
	"bytes"
	"strings"

	"lectern/analysis/text"
	"lectern/analysis/tree"
)

// LintAt is the name of the lint at a byte of Rust code and where it stands: in
// an attribute that sets a level, as `#[allow(clippy::mem_forget)]`, also inside
// `cfg_attr`.
func LintAt(t *tree.Tree, off int) (name string, at text.Range, ok bool) {
	t.Around(off, func(n tree.Node) bool {
		switch n.Kind() {
		case "attribute_item", "inner_attribute_item":
			name, at, ok = lintInside(n.Text(), off-n.Start())
			at = at.Shift(n.Start())
			return false
		}
		return true
	})
	return name, at, ok
}

// lintInside looks at byte i of an attribute.
func lintInside(attribute []byte, i int) (string, text.Range, bool) {
	start, end := lintWord(attribute, i)
	if start == end || bytes.Count(attribute[:start], []byte(`"`))%2 == 1 {
		return "", text.Range{}, false
	}
	depth, open := 0, -1
	for k := start - 1; k >= 0 && open < 0; k-- {
		switch attribute[k] {
		case ')':
			depth++
		case '(':
			if depth == 0 {
				open = k
			}
			depth--
		}
	}
	if open < 0 || bytes.HasPrefix(bytes.TrimLeft(attribute[end:], " \t\r\n"), []byte("=")) {
		return "", text.Range{}, false // not in a list, or the key of a reason
	}
	word := bytes.TrimRight(attribute[:open], " \t\r\n")
	from, _ := lintWord(word, len(word)-1)
	switch string(word[from:]) {
	case "allow", "expect", "warn", "deny", "forbid":
		return string(attribute[start:end]), text.Range{Start: start, End: end}, true
	}
	return "", text.Range{}, false
}

// lintWord is the path around byte i.
func lintWord(b []byte, i int) (start, end int) {
	part := func(c byte) bool {
		return c == '_' || c == ':' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
	}
	if i < 0 || i >= len(b) {
		return 0, 0
	}
	start, end = i, i
	for start > 0 && part(b[start-1]) {
		start--
	}
	for end < len(b) && part(b[end]) {
		end++
	}
	return start, end
}

// ManifestLintAt is the same in a Cargo.toml, where a lint is a key below
// `[lints.rust]`, `[lints.clippy]` or the same of a workspace.
func ManifestLintAt(source tree.Source, off int) (string, text.Range, bool) {
	all := source.Slice(0, source.Len())
	from := bytes.LastIndexByte(all[:off], '\n') + 1
	line, _, _ := bytes.Cut(all[from:], []byte("\n"))
	key, _, ok := bytes.Cut(line, []byte("="))
	name := strings.TrimSpace(string(key))
	start, end := lintWord([]byte(name), 0)
	if !ok || start == end || end != len(name) {
		return "", text.Range{}, false
	}
	at := from + bytes.Index(key, []byte(name))
	if off < at || off > at+len(name) {
		return "", text.Range{}, false
	}
	for rest := all[:from]; len(rest) > 0; {
		i := bytes.LastIndexByte(rest[:len(rest)-1], '\n') + 1
		header := string(bytes.TrimSpace(rest[i:]))
		rest = rest[:i]
		if !strings.HasPrefix(header, "[") {
			continue
		}
		where := text.Range{Start: at, End: at + len(name)}
		switch strings.TrimPrefix(strings.Trim(header, "[]"), "workspace.") {
		case "lints.rust":
			return name, where, true
		case "lints.clippy":
			return "clippy::" + name, where, true
		}
		return "", text.Range{}, false
	}
	return "", text.Range{}, false
}
