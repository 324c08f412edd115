package rust

import (
	"bytes"
	"slices"
	"strings"

	"lectern/analysis/tree"
)

// The root file of a crate is read without a parser: only its inner attributes
// count, and whether it declares a module.

// innerAttributes are the attributes that a file begins with, without `#![` and
// `]`.
func innerAttributes(src []byte) []string {
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	if bytes.HasPrefix(src, []byte("#!")) && !bytes.HasPrefix(bytes.TrimLeft(src[2:], " \t\r\n"), []byte("[")) {
		if i := bytes.IndexByte(src, '\n'); i >= 0 {
			src = src[i:]
		}
	}
	var list []string
	for i := skipBlank(src, 0); i < len(src) && src[i] == '#'; i = skipBlank(src, i) {
		j := skipBlank(src, i+1)
		if j >= len(src) || src[j] != '!' {
			break
		}
		if j = skipBlank(src, j+1); j >= len(src) || src[j] != '[' {
			break
		}
		end := closing(src, j)
		if end < 0 {
			break
		}
		list = append(list, strings.TrimSpace(string(src[j+1:end])))
		i = end + 1
	}
	return list
}

// NoStd reports that a file's crate may be without the standard library: that its
// root has `no_std` among its attributes, be it under a condition. The text is the
// file's, which may be the root itself.
func NoStd(crate *Crate, path string, src tree.Source) bool {
	var attributes []string
	if isRootFile(crate, path) {
		attributes = innerAttributes(src.Slice(0, min(src.Len(), maxHead)))
	} else {
		attributes = crate.Attributes
	}
	return slices.ContainsFunc(attributes, func(text string) bool {
		return anyMeta(text, func(m meta) bool { return m.path == "no_std" })
	})
}

// maxHead is how far a root file's attributes are looked for, in bytes.
const maxHead = 256 << 10

// declaresMod reports a `mod name` in a file.
func declaresMod(src []byte, name string) bool {
	prev := ""
	for i := skipBlank(src, 0); i < len(src); i = skipBlank(src, i) {
		end := token(src, i)
		word := src[i:end]
		if prev == "mod" && string(bytes.TrimPrefix(word, []byte("r#"))) == name {
			return true
		}
		prev = ""
		if string(word) == "mod" {
			prev = "mod"
		}
		i = end
	}
	return false
}

// skipBlank skips white space and comments.
func skipBlank(src []byte, i int) int {
	for i < len(src) {
		switch {
		case src[i] == ' ' || src[i] == '\t' || src[i] == '\r' || src[i] == '\n':
			i++
		case bytes.HasPrefix(src[i:], []byte("//")):
			n := bytes.IndexByte(src[i:], '\n')
			if n < 0 {
				return len(src)
			}
			i += n
		case bytes.HasPrefix(src[i:], []byte("/*")):
			depth := 1
			for i += 2; i < len(src) && depth > 0; {
				switch {
				case bytes.HasPrefix(src[i:], []byte("/*")):
					depth, i = depth+1, i+2
				case bytes.HasPrefix(src[i:], []byte("*/")):
					depth, i = depth-1, i+2
				default:
					i++
				}
			}
		default:
			return i
		}
	}
	return i
}

// closing finds the bracket that closes the one at i, -1 if none does.
func closing(src []byte, i int) int {
	depth := 0
	for ; i < len(src); i = skipBlank(src, i) {
		switch src[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth == 0 {
				return i
			}
		}
		i = token(src, i)
	}
	return -1
}

// token is the end of the token at i: a word, a string, a character, or one byte
// of anything else.
func token(src []byte, i int) int {
	c := src[i]
	switch {
	case c == '"':
		return quoted(src, i)
	case c == '\'':
		// A character or a lifetime: a character ends with another quote soon.
		if i+2 < len(src) && src[i+1] == '\\' {
			if n := bytes.IndexByte(src[i+3:], '\''); n >= 0 {
				return i + 3 + n + 1
			}
			return len(src)
		}
		for k := i + 2; k < len(src) && k <= i+5; k++ {
			if src[k] == '\'' {
				return k + 1
			}
			if src[i+1] < 0x80 {
				break
			}
		}
		return i + 1
	case word(c):
		end := i
		for end < len(src) && word(src[end]) {
			end++
		}
		if end < len(src) && (src[end] == '"' || src[end] == '#') {
			switch string(src[i:end]) {
			case "r", "br", "cr":
				return rawString(src, end)
			case "b", "c":
				if src[end] == '"' {
					return quoted(src, end)
				}
			}
		}
		return end
	}
	return i + 1
}

func word(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

func quoted(src []byte, i int) int {
	for i++; i < len(src); i++ {
		switch src[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(src)
}

// rawString is the end of a raw string whose `#`s or quote stand at i, or of a
// raw identifier.
func rawString(src []byte, i int) int {
	hashes := 0
	for i+hashes < len(src) && src[i+hashes] == '#' {
		hashes++
	}
	if i+hashes >= len(src) || src[i+hashes] != '"' {
		end := i + hashes
		for end < len(src) && word(src[end]) {
			end++
		}
		return end
	}
	end := append([]byte{'"'}, bytes.Repeat([]byte{'#'}, hashes)...)
	n := bytes.Index(src[i+hashes+1:], end)
	if n < 0 {
		return len(src)
	}
	return i + hashes + 1 + n + len(end)
}
