package rust

import (
	"bytes"
	"fmt"
	"strings"
)

// pathPattern is a path in a predicate's arguments. `*` ends a segment that any
// name with this beginning fits, or is one by itself; a last `**` stands for one
// segment or more.
type pathPattern struct {
	exact string // the whole path, if it has no `*`
	segs  []string
	deep  bool
}

// parsePathPattern reads an argument. core, alloc and std are one.
func parsePathPattern(text string) (pathPattern, error) {
	text = strings.TrimPrefix(text, "::")
	if strings.HasSuffix(text, "::") {
		text += "*"
	}
	segs := strings.Split(text, "::")
	if crate := crateName(segs[0]); crate == "std" {
		segs[0] = crate
	}
	p := pathPattern{}
	if segs[len(segs)-1] == "**" {
		p.deep = true
		segs = segs[:len(segs)-1]
	}
	wild := p.deep
	for _, s := range segs {
		name := strings.TrimSuffix(s, "*")
		wild = wild || name != s
		for i := 0; i < len(name); i++ {
			if !word(name[i]) {
				return pathPattern{}, fmt.Errorf("%q is no path: %q is not part of a name", text, name[i:i+1])
			}
		}
		if s == "" || name != "" && name[0] >= '0' && name[0] <= '9' {
			return pathPattern{}, fmt.Errorf("%q is no path: a name is missing", text)
		}
	}
	if len(segs) == 0 {
		return pathPattern{}, fmt.Errorf("%q fits every path", text)
	}
	if wild {
		p.segs = segs
	} else {
		p.exact = strings.Join(segs, "::")
	}
	return p, nil
}

// matches reports that a whole path fits.
func (p *pathPattern) matches(path []byte) bool {
	if p.exact != "" {
		return string(path) == p.exact
	}
	for i, s := range p.segs {
		seg, rest, more := bytes.Cut(path, []byte("::"))
		if !segmentFits(s, seg) {
			return false
		}
		last := i == len(p.segs)-1
		if last {
			return more == p.deep
		}
		if !more {
			return false
		}
		path = rest
	}
	return false
}

func segmentFits(pattern string, seg []byte) bool {
	if n := len(pattern) - 1; pattern[n] == '*' {
		return len(seg) >= n && string(seg[:n]) == pattern[:n]
	}
	return string(seg) == pattern
}

// typePattern is an argument of #type?.
type typePattern struct {
	path  pathPattern
	bare  string // one segment, to compare with a type's last one
	shape string // "&", "&mut", "*", "*const", "*mut", "[]", "()", "fn", "_"
}

func parseTypePattern(text string) (typePattern, error) {
	switch text {
	case "&", "&mut", "*", "*const", "*mut", "[]", "()", "fn", "_":
		return typePattern{shape: text}, nil
	}
	p, err := parsePathPattern(text)
	if err != nil {
		return typePattern{}, fmt.Errorf("%w; shapes of types are &, &mut, *, *const, *mut, [], (), fn, and _ for any known type", err)
	}
	if !strings.Contains(text, "::") {
		return typePattern{bare: text}, nil
	}
	return typePattern{path: p}, nil
}

// hasType reports that a type, or one that it gives access to, fits a pattern.
func (f *Facts) hasType(t *typ, at env, patterns []typePattern) bool {
	for depth := 0; t != nil && depth < maxTypeDepth; depth++ {
		for i := range patterns {
			if f.fits(t, at, &patterns[i]) {
				return true
			}
		}
		t, at = f.inside(t, at)
	}
	return false
}

func (f *Facts) fits(t *typ, at env, p *typePattern) bool {
	if p.shape != "" {
		return shapeFits(t.kind, p.shape)
	}
	if t.kind != typPath || len(t.path.segs) == 0 {
		return false
	}
	if p.bare != "" && segmentFits(p.bare, []byte(t.path.segs[len(t.path.segs)-1])) {
		return true
	}
	return f.lookUp(t, at).any(func(path []byte) bool {
		if p.bare == "" {
			return p.path.matches(path)
		}
		if i := bytes.LastIndexByte(path, ':'); i >= 0 {
			path = path[i+1:]
		}
		return segmentFits(p.bare, path)
	})
}

func shapeFits(k typKind, shape string) bool {
	switch shape {
	case "_":
		return k != typOther
	case "&":
		return k == typRef || k == typRefMut
	case "&mut":
		return k == typRefMut
	case "*":
		return k == typConst || k == typMut || k == typRaw
	case "*const":
		return k == typConst
	case "*mut":
		return k == typMut
	case "[]":
		return k == typSlice
	case "()":
		return k == typTuple
	}
	return shape == "fn" && k == typFn
}
