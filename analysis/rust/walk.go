package rust

import (
	"slices"
	"strings"
)

// lookup is how a path is looked up.
type lookup struct {
	space  space // of the whole path; segments before the last are types or modules
	global bool  // written `::a::b`
	use    bool  // the path of a use declaration: one segment may be a crate
	glob   bool  // on behalf of a glob: what it leads to is perhaps there
	skip   *decl // the import that is being followed: it does not lead to itself
	depth  int
}

// first is the namespace of the first of so many segments.
func (l lookup) first(segments int) space {
	if segments > 1 {
		return typeSpace
	}
	return l.space
}

// walk looks a path up from a place.
func (r *resolver) walk(e env, segs []string, l lookup) certainty {
	if r.s.steps++; r.s.steps > maxSteps {
		return unseen // nothing else is to be tried
	}
	if l.depth > maxDepth || len(segs) == 0 {
		return notFound
	}
	if l.global {
		if r.f.edition() == 2015 && r.f.isRoot() {
			if c := r.inModule("", segs, l); c == sure {
				return c
			}
		}
		return r.extern(segs, l)
	}
	switch segs[0] {
	case "crate":
		r.f.consultCrate()
		if !r.f.isRoot() {
			return unseen
		}
		return r.below("", segs[1:], l)
	case "self":
		if s := r.local(e); s != nil && len(segs) > 1 {
			return r.among(s.named(segs[1]), e, segs[1:], l)
		}
		return r.below(e.module, segs[1:], l)
	case "super":
		module := e.module
		for len(segs) > 0 && segs[0] == "super" {
			if r.local(e) == nil {
				if module == "" {
					return unseen // the module around this file
				}
				module = parentModule(module)
			}
			segs, e = segs[1:], env{scope: -1, module: module}
		}
		return r.below(module, segs, l)
	}
	if l.use && r.f.edition() == 2015 && r.f.isRoot() {
		e = env{scope: -1}
	}
	return r.lexical(e, segs, l)
}

// below looks up the rest of a path in a module; nothing is left to look up when
// the path names the module itself.
func (r *resolver) below(module string, segs []string, l lookup) certainty {
	if len(segs) == 0 {
		return sure
	}
	return r.inModule(module, segs, l)
}

// local is the module inside a block that a place is in. Its parent is the
// module around the block.
func (r *resolver) local(e env) *scope {
	if e.summary == nil {
		return nil
	}
	for i := e.scope; i >= 0; i = e.summary.scopes[i].parent {
		switch s := &e.summary.scopes[i]; s.kind {
		case localScope:
			return s
		case moduleScope:
			return nil
		}
	}
	return nil
}

func parentModule(m string) string {
	if i := strings.LastIndex(m, "::"); i >= 0 {
		return m[:i]
	}
	return ""
}

// lexical looks a path up in the scopes around a place, from the inside out.
func (r *resolver) lexical(e env, segs []string, l lookup) certainty {
	inner := false
	if e.summary != nil {
		for i := e.scope; i >= 0 && !inner; i = e.summary.scopes[i].parent {
			s := &e.summary.scopes[i]
			if s.kind == moduleScope {
				break
			}
			at := env{e.summary, i, e.module}
			if c := r.among(s.named(segs[0]), at, segs, l); c >= unseen {
				return c
			}
			if r.brought(s, at, segs, l) {
				return sure
			}
			inner = s.kind == localScope
		}
	}
	if !inner {
		if c := r.inModule(e.module, segs, l); c >= unseen {
			return c
		}
	}
	if len(segs) == 1 && l.space&macroSpace != 0 && r.textual(e.module, segs[0]) {
		return sure
	}
	return r.prelude(segs, l)
}

// brought reports that a glob in a scope of a block brings the name. Globs that lead
// to each other come by again: one name is looked for once.
func (r *resolver) brought(s *scope, at env, segs []string, l lookup) bool {
	first := true
	for _, d := range s.named(globName) {
		if d.name != globName {
			continue
		}
		if first {
			v := search{s, "", segs[0]}
			if slices.Contains(r.s.visited, v) {
				return false
			}
			r.s.visited = append(r.s.visited, v)
			first = false
		}
		if r.glob(d, at, segs, l) == sure {
			return true
		}
	}
	return false
}

// inModule looks a path up among the names of one module of the file.
func (r *resolver) inModule(module string, segs []string, l lookup) certainty {
	c := r.f.Context
	m := c.modules[module]
	hash := uint64(0)
	if m != nil {
		hash = m.hash
	} else {
		hash = hashString(uint64(fnvOffset), module)
	}
	r.f.Recorder.key(key(hash, segs[0]))
	at := env{scope: -1, module: module}
	if m != nil {
		if c := r.among(m.names[segs[0]], at, segs, l); c >= unseen {
			return c
		}
	}
	r.f.Recorder.key(key(hash, globName))
	if m == nil {
		return notFound
	}
	globs := m.names[globName]
	if len(globs) == 0 {
		return notFound
	}
	v := search{nil, module, segs[0]}
	if slices.Contains(r.s.visited, v) {
		return notFound
	}
	r.s.visited = append(r.s.visited, v)
	best := notFound
	for _, d := range globs {
		best = max(best, r.glob(d, at, segs, l))
	}
	return best
}

// among looks for the first segment among declarations. Items come before
// imports: an import brings only what does not collide with them.
func (r *resolver) among(decls []*decl, at env, segs []string, l lookup) certainty {
	r.s.steps += len(decls) / declsPerStep
	want, best := l.first(len(segs)), notFound
	for pass := range 2 {
		for _, d := range decls {
			if d.space&want == 0 || d == l.skip || d.name != segs[0] || (d.kind == declUse) != (pass == 1) {
				continue
			}
			best = max(best, r.follow(d, at, segs[1:], l))
		}
		if best >= unseen {
			return best
		}
	}
	return best
}

// glob looks a path up through an import with a glob. Of a module that is not
// seen nobody knows what it brings; code of this crate is trusted not to replace
// names of the prelude so.
func (r *resolver) glob(d *decl, at env, segs []string, l lookup) certainty {
	if d == l.skip {
		return notFound
	}
	mark := len(r.s.segs)
	l = lookup{space: l.space, global: d.path.global, use: true, glob: true, skip: d, depth: l.depth + 1}
	c := r.walk(at, r.join2(d.path.segs, segs), l)
	r.s.segs = r.s.segs[:mark]
	if c == unseen {
		r.out.bound = true
		return notFound
	}
	return c
}

// follow goes on from a declaration that has the first segment's name.
func (r *resolver) follow(d *decl, at env, rest []string, l lookup) certainty {
	switch d.kind {
	case declUse:
		mark := len(r.s.segs)
		next := lookup{space: l.space, global: d.path.global, use: true, skip: d, depth: l.depth + 1}
		c := r.walk(at, r.join2(d.path.segs, rest), next)
		r.s.segs = r.s.segs[:mark]
		// `use log::log;` brings a macro, and `log::info!` still means the crate.
		if n := len(d.path.segs); len(rest) > 0 && n == 2 && d.path.segs[0] == d.name && d.path.segs[1] == d.name {
			return min(c, perhaps)
		}
		return sure
	case declCrate:
		if d.path.segs[0] == "self" {
			r.f.consultCrate()
			if r.f.isRoot() {
				return r.below("", rest, l)
			}
			return unseen
		}
		r.emit(d.path.segs, rest)
		return sure
	case declMod:
		if len(rest) == 0 {
			r.found(d, at)
			return sure
		}
		if at.summary != nil && at.scope >= 0 {
			return unseen // inside a block: its names are not looked into
		}
		return r.inModule(join(at.module, d.name), rest, lookup{space: l.space, glob: l.glob, skip: l.skip, depth: l.depth + 1})
	case declEnum:
		if l.glob && len(rest) > 0 {
			for _, v := range d.fields {
				if v.name == rest[0] {
					return sure
				}
			}
			return unseen
		}
	case declAlias:
		if d.typ != nil && d.typ.kind == typPath && len(d.typ.path.segs) > 0 {
			mark := len(r.s.segs)
			next := lookup{space: l.space, global: d.typ.path.global, skip: d, depth: l.depth + 1}
			r.walk(at, r.join2(d.typ.path.segs, rest), next)
			r.s.segs = r.s.segs[:mark]
		}
	case declModFile:
		if len(rest) > 0 {
			return unseen
		}
	}
	if len(rest) == 0 {
		r.found(d, at)
	}
	return sure
}

// textual reports a macro that is defined in a module around, or that a module
// or crate lends with #[macro_use].
func (r *resolver) textual(module, name string) bool {
	for {
		m := r.f.Context.modules[module]
		hash := hashString(uint64(fnvOffset), module)
		r.f.Recorder.key(key(hash, name))
		r.f.Recorder.key(key(hash, macroUseName))
		if m != nil {
			for _, d := range m.names[name] {
				if d.kind == declMacro {
					return true
				}
			}
			for _, d := range m.names[macroUseName] {
				switch d.kind {
				case declMod:
					inner := join(module, d.path.segs[0])
					r.f.Recorder.key(key(hashString(uint64(fnvOffset), inner), name))
					if in := r.f.Context.modules[inner]; in != nil {
						for _, o := range in.names[name] {
							if o.kind == declMacro {
								return true
							}
						}
					}
				case declCrate:
					if replacesMacros(d.path.segs[0]) {
						r.s.hidden = true
					}
				}
			}
		}
		if module == "" {
			return false
		}
		module = parentModule(module)
	}
}
