package rust

import (
	"fmt"
	"slices"
)

// Dump lists what a Context holds, for comparing two.
func (c *Context) Dump() []string {
	var out []string
	for path, m := range c.modules {
		for name, decls := range m.names {
			for _, d := range decls {
				line := fmt.Sprintf("%s|%s|%d|%d|%d|%v|%v|%v", path, name, d.kind, d.space, d.flags, d.path, d.typ, d.attrs)
				for _, f := range d.fields {
					line += "|" + f.name + f.typ.String()
				}
				out = append(out, line)
			}
		}
	}
	slices.Sort(out)
	return out
}

func (t *typ) String() string {
	if t == nil {
		return "?"
	}
	return fmt.Sprintf("%d%v%v", t.kind, t.path, t.args)
}

// Modules is the number of modules that a Context keeps.
func (c *Context) Modules() int { return len(c.modules) }
