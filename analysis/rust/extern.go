package rust

import "strings"

// found adds an item of this file to the answer.
func (r *resolver) found(d *decl, at env) { r.out.decls = append(r.out.decls, found{d, at}) }

// extern takes the first segment for a crate.
func (r *resolver) extern(segs []string, l lookup) certainty {
	if (l.use || l.global) && r.f.edition() == 2015 && !r.f.isRoot() && !r.f.knownCrate(segs[0]) {
		return unseen // in that edition, a module of the root
	}
	r.emit(segs, nil)
	if l.glob {
		return r.externGlob(segs)
	}
	return perhaps
}

// externGlob judges a name that a glob of another crate may bring. segs is the
// glob's path with the path that is looked up after it.
func (r *resolver) externGlob(segs []string) certainty {
	if crateName(segs[0]) == "std" {
		// Names of std that stand in the way of the prelude's.
		if len(segs) > 2 && segs[2] == "Result" && (segs[1] == "io" || segs[1] == "fmt" || segs[1] == "thread") {
			return sure
		}
		return perhaps
	}
	for _, s := range segs[1:] {
		if s == "prelude" {
			return perhaps
		}
	}
	r.s.hidden = true
	return perhaps
}

// emit adds a path of another crate to the answer.
func (r *resolver) emit(segs, rest []string) {
	out := r.out
	for i, list := range [2][]string{segs, rest} {
		for k, s := range list {
			if i == 0 && k == 0 {
				s = r.packageOf(crateName(s))
			} else {
				out.text = append(out.text, "::"...)
			}
			out.text = append(out.text, s...)
		}
	}
	out.ends = append(out.ends, int32(len(out.text)))
}

// crateName makes one crate of core, alloc and std.
func crateName(name string) string {
	if name == "core" || name == "alloc" {
		return "std"
	}
	return name
}

// packageOf undoes the renaming of a dependency in the manifest.
func (r *resolver) packageOf(name string) string {
	if name == "std" || r.f.Crate == nil {
		return name
	}
	r.f.consultCrate()
	if d, ok := r.f.Crate.Dependencies[name]; ok && d.Package != "" {
		return strings.ReplaceAll(d.Package, "-", "_")
	}
	return name
}

// prelude looks a path up where nothing in the file has its first name: among
// the crates, the names of std's prelude and the primitive types.
func (r *resolver) prelude(segs []string, l lookup) certainty {
	name, best := segs[0], notFound
	if (len(segs) > 1 || l.use) && !upper(name) { // no crate's name begins with a capital
		if best = r.extern(segs, l); best >= unseen {
			return best
		}
		if l.use && len(segs) == 1 {
			return best
		}
	}
	if !r.s.hidden || !replaceable(name, l.first(len(segs))) {
		if std := preludeName(name, l.first(len(segs))); std != "" {
			r.emitStd(std, segs[1:])
			return perhaps
		}
	}
	if l.first(len(segs))&typeSpace != 0 && primitive(name) {
		r.emit(segs, nil)
		best = perhaps
	}
	return best
}

func upper(name string) bool { return name != "" && name[0] >= 'A' && name[0] <= 'Z' }

// emitStd adds a path that begins with a known path of std.
func (r *resolver) emitStd(std string, rest []string) {
	out := r.out
	out.text = append(out.text, std...)
	for _, s := range rest {
		out.text = append(append(out.text, "::"...), s...)
	}
	out.ends = append(out.ends, int32(len(out.text)))
}
