package files

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// ignores is the rules of one .gitignore and, behind it, those of the folders
// around. A nil *ignores ignores nothing.
type ignores struct {
	base   string // the .gitignore's folder, absolute
	rules  []ignoreRule
	around *ignores
}

// ignoreRule is one line of a .gitignore.
type ignoreRule struct {
	pattern  string // as doublestar has it
	negated  bool   // with "!"
	folders  bool   // with a "/" at its end
	anchored bool   // matches the path from the .gitignore's folder, not the name alone
}

func (g *ignores) with(base string, rules []ignoreRule) *ignores {
	if len(rules) == 0 {
		return g
	}
	return &ignores{base, rules, g}
}

// match reports that a path is ignored, given that the folders it stands in are
// not: the last rule that matches decides, and the nearest .gitignore has the
// last rules.
func (g *ignores) match(path string, folder bool) bool {
	for ; g != nil; g = g.around {
		rel := filepath.ToSlash(strings.TrimPrefix(path[len(g.base):], string(filepath.Separator)))
		name := rel[strings.LastIndexByte(rel, '/')+1:]
		for i := len(g.rules) - 1; i >= 0; i-- {
			r := &g.rules[i]
			subject := name
			if r.anchored {
				subject = rel
			}
			if (folder || !r.folders) && doublestar.MatchUnvalidated(r.pattern, subject) {
				return !r.negated
			}
		}
	}
	return false
}

// above is what the .gitignore files between a folder and the root of its
// repository say, the folder's own left out. Without a repository there is none.
func above(folder string) *ignores {
	var around []string
	for dir := folder; ; {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			break
		}
		up := filepath.Dir(dir)
		if up == dir {
			return nil
		}
		dir = up
		around = append(around, dir)
	}
	var g *ignores
	for i := len(around) - 1; i >= 0; i-- {
		// One that cannot be read says nothing: it is not of the folder asked for.
		rules, _ := readIgnores(filepath.Join(around[i], ".gitignore"))
		g = g.with(around[i], rules)
	}
	return g
}

// readIgnores reads a .gitignore; one that is not there has no rules.
func readIgnores(path string) ([]ignoreRule, error) {
	content, err := read(path, 1<<20)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return parseIgnores(content), err
}

func parseIgnores(content []byte) []ignoreRule {
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	var rules []ignoreRule
	for line := range strings.Lines(string(content)) {
		if r, ok := parseIgnore(strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")); ok {
			rules = append(rules, r)
		}
	}
	return rules
}

// parseIgnore reads one line as gitignore(5) has it.
func parseIgnore(line string) (r ignoreRule, ok bool) {
	if strings.HasPrefix(line, "#") {
		return r, false
	}
	trimmed := strings.TrimRight(line, " ")
	if strings.HasSuffix(trimmed, `\`) && len(trimmed) < len(line) {
		trimmed += " " // an escaped space stays
	}
	line, r.negated = strings.CutPrefix(trimmed, "!")
	line, r.folders = strings.CutSuffix(line, "/")
	r.anchored = strings.Contains(line, "/")
	line = strings.TrimPrefix(line, "/")
	if line == "" {
		return r, false
	}
	r.pattern = toDoublestar(line)
	return r, doublestar.ValidatePattern(r.pattern)
}

// toDoublestar writes a pattern so that doublestar means by it what git does.
func toDoublestar(pattern string) string {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; c {
		case '\\':
			b.WriteByte(c)
			if i++; i < len(pattern) {
				b.WriteByte(pattern[i])
			}
		case '{', '}': // no alternatives in git
			b.WriteByte('\\')
			b.WriteByte(c)
		case '[':
			class, length := bracket(pattern[i:])
			b.WriteString(class)
			i += length - 1
		default:
			b.WriteByte(c)
		}
	}
	s := b.String()
	if strings.HasSuffix(s, "/**") {
		s += "/*" // what is in the folder, and not the folder
	}
	return s
}

// bracket rewrites the bracket expression that a pattern starts with, and says
// how long it is. Unclosed, it is given back to be found invalid.
func bracket(pattern string) (class string, length int) {
	i := 1
	if i < len(pattern) && (pattern[i] == '!' || pattern[i] == '^') {
		i++
	}
	var b strings.Builder
	b.WriteString(pattern[:i])
	for first := true; i < len(pattern); first = false {
		rest := pattern[i:]
		switch {
		case rest[0] == ']' && !first:
			b.WriteByte(']')
			return b.String(), i + 1
		case named(rest) > 0:
			end := named(rest)
			b.WriteString(classes(rest[2 : end-2]))
			i += end
			continue
		case rest[0] == '\\' && len(rest) > 1:
			b.WriteString(rest[:2])
			i += 2
			continue
		case strings.IndexByte("]{}[", rest[0]) >= 0:
			b.WriteByte('\\')
		}
		b.WriteByte(rest[0])
		i++
	}
	return pattern, len(pattern)
}

// named is the length of the "[:name:]" that s starts with, or 0.
func named(s string) int {
	end := strings.IndexByte(s, ']')
	if !strings.HasPrefix(s, "[:") || end < 3 || s[end-1] != ':' {
		return 0
	}
	return end + 1
}

// classes are the ranges of a POSIX character class; an unknown one is "[", which
// makes the pattern invalid, as it is to git.
func classes(name string) string {
	switch name {
	case "alnum":
		return "a-zA-Z0-9"
	case "alpha":
		return "a-zA-Z"
	case "digit":
		return "0-9"
	case "lower":
		return "a-z"
	case "upper":
		return "A-Z"
	case "xdigit":
		return "0-9a-fA-F"
	case "space":
		return " \t\n\v\f\r"
	case "punct":
		return "!-.:-@\\[-`{-~"
	}
	return "["
}
