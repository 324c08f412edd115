package rust

import (
	"iter"
	"maps"
)

// Context is what the units of one file declare to each other. It belongs to
// one goroutine.
type Context struct {
	grammar    *Grammar
	modules    map[string]*module
	renamed    map[string]int // names of what the file calls by another name, and how often
	generation uint64
}

// module is one module of the file, merged from all of its parts.
type module struct {
	path  string
	hash  uint64
	names map[string][]*decl
}

// NewContext makes a Context of no units.
func NewContext(g *Grammar) *Context {
	c := &Context{grammar: g, modules: map[string]*module{}, renamed: map[string]int{}}
	c.module("")
	return c
}

func (c *Context) module(path string) *module {
	m := c.modules[path]
	if m == nil {
		m = &module{path: path, hash: hashString(fnvOffset, path), names: map[string][]*decl{}}
		c.modules[path] = m
	}
	return m
}

// FNV-1a: fixed, so that a key means the same in every process.
const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

func hashString[T string | []byte](h uint64, s T) uint64 {
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * fnvPrime
	}
	return h
}

// key is the key of a name in a module. The separator keeps a::b and a, ::b
// apart.
func key[T string | []byte](moduleHash uint64, name T) Key {
	return Key(hashString((moduleHash^0xff)*fnvPrime, name))
}

// Update takes out the units that went and puts in those that came. A unit whose
// Place changed went and came. It returns the names whose meaning may be another
// one now, nil if none.
func (c *Context) Update(old, new []Placed) *Changes {
	gone, came := contributions(old), contributions(new)
	var changes *Changes
	names := map[string]int{} // how much more often each is called by another name
	touch := func(k slot) {
		if changes == nil {
			changes = &Changes{keys: map[Key]struct{}{}}
		}
		changes.keys[key(hashString(uint64(fnvOffset), k.module), k.name)] = struct{}{}
	}
	// What both lists have cancels out.
	for k, list := range gone {
		list, came[k] = cancel(list, came[k])
		for _, d := range list {
			c.remove(k, d)
			touch(k)
			if name := d.renames(); name != "" {
				names[name]--
			}
		}
	}
	for k, list := range came {
		for _, d := range list {
			m := c.module(k.module)
			m.names[k.name] = append(m.names[k.name], d)
			touch(k)
			if name := d.renames(); name != "" {
				names[name]++
			}
		}
	}
	for name, n := range names {
		switch before := c.renamed[name]; {
		case before+n == 0:
			delete(c.renamed, name)
		default:
			c.renamed[name] = before + n
			if before == 0 {
				changes.renamed = append(changes.renamed, name)
			}
		}
	}
	if changes != nil {
		c.generation++
	}
	return changes
}

// Renamed are the last names of the paths that the file's modules call by another
// name. What stands for a path without spelling its last name is one of these
// names, or `Self`, or has its other name in the same unit.
func (c *Context) Renamed() iter.Seq[string] { return maps.Keys(c.renamed) }

// slot is one name in one module.
type slot struct{ module, name string }

// contributions sorts what units declare by name. The same declaration may be
// there more than once: under different cfgs, say.
func contributions(units []Placed) map[slot][]*decl {
	out := map[slot][]*decl{}
	for _, u := range units {
		if u.Summary == nil || u.Place.Associated {
			continue
		}
		for _, d := range u.Summary.decls {
			k := slot{join(u.Place.Module, d.module), d.name}
			out[k] = append(out[k], d)
		}
	}
	return out
}

// cancel takes what equals out of both lists.
func cancel(a, b []*decl) ([]*decl, []*decl) {
	var left []*decl
next:
	for _, d := range a {
		for i, o := range b {
			if d.equal(o) {
				b[i] = b[len(b)-1]
				b = b[:len(b)-1]
				continue next
			}
		}
		left = append(left, d)
	}
	return left, b
}

func (c *Context) remove(k slot, d *decl) {
	m := c.modules[k.module]
	if m == nil {
		return
	}
	list := m.names[k.name]
	for i, o := range list {
		if !o.equal(d) {
			continue
		}
		if len(list) == 1 {
			delete(m.names, k.name)
		} else {
			// A new list: an old one may be read while an answer is made.
			m.names[k.name] = append(append(make([]*decl, 0, len(list)-1), list[:i]...), list[i+1:]...)
		}
		break
	}
	if len(m.names) == 0 && k.module != "" {
		delete(c.modules, k.module)
	}
}
