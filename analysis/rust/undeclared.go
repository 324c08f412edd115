package rust

import (
	"strings"

	"lectern/analysis/tree"
)

// undeclared reports a name that stands for nothing: no declaration or import has
// it, std's prelude does not, and no glob of unseen code, macro among the items,
// attribute macro around them or item that is broken may bring it. It is for single
// names; what is behind the first `::` of a path lies elsewhere.
func (f *Facts) undeclared(n tree.Node) bool {
	g := f.Context.grammar
	if n.Symbol() != g.identifier && n.Symbol() != g.typeIdentifier || g.spaceOf(n) == 0 {
		return false
	}
	if p := n.Parent(); !p.IsZero() && n.Field() == g.fName && g.names(p.Symbol()) {
		return false // declares
	}
	if g.imported(n) {
		return false
	}
	r := f.resolve(n)
	if r.bound || len(r.ends) > 0 || len(r.decls) > 0 || f.variable(n) {
		return false
	}
	for module := f.moduleAt(n); ; module = parentModule(module) {
		if f.mayBringAnything(module) || f.brokenIn(module, n.Text()) {
			return false
		}
		if module == "" {
			return true
		}
	}
}

// imported reports a name in a use declaration.
func (g *Grammar) imported(n tree.Node) bool {
	for up := range upwards(n.Parent()) {
		switch up.Symbol() {
		case g.use:
			return true
		case g.scoped, g.useAs, g.useList, g.scopedUseList, g.useWildcard:
		default:
			return false
		}
	}
	return false
}

// names reports a node whose name is what it declares.
func (g *Grammar) names(s tree.Symbol) bool {
	return g.item(s) || s == g.typeParameter || s == g.constParameter || s == g.enumVariant
}

// brokenIn reports a name that an item of a module declares which is broken, as
// while it is typed.
func (f *Facts) brokenIn(module string, name []byte) bool {
	broken := brokenName + string(name)
	f.Recorder.key(key(hashString(uint64(fnvOffset), module), broken))
	m := f.Context.modules[module]
	return m != nil && len(m.names[broken]) > 0
}

// mayBringAnything reports a module that holds a macro's items, or that an
// attribute macro may change.
func (f *Facts) mayBringAnything(module string) bool {
	f.Recorder.key(key(hashString(uint64(fnvOffset), module), itemMacroName))
	if m := f.Context.modules[module]; m != nil && len(m.names[itemMacroName]) > 0 {
		return true
	}
	return module != "" && f.anyModuleAttribute(module, func(text string) bool {
		name, _, _ := strings.Cut(text, "(")
		name, _, _ = strings.Cut(name, "=")
		switch strings.TrimSpace(name) {
		case "cfg", "cfg_attr", "allow", "expect", "warn", "deny", "forbid", "doc", "path", "macro_use", "deprecated",
			"must_use", "no_implicit_prelude", "rustfmt::skip":
			return false
		}
		return true
	})
}
