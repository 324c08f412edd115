package rust

import "lectern/analysis/tree"

// anyAttribute reports that yield holds for the text of one of the node's
// attributes: those before it, and those that stand first inside it.
func (f *Facts) anyAttribute(n tree.Node, yield func(text string) bool) bool {
	g := f.Context.grammar
	if n.Symbol() == g.mod {
		// A module's attributes are part of the Context, inner ones too.
		if !n.ChildByField(g.fBody).IsZero() && !g.inBlock(n) {
			return f.anyModuleAttribute(join(f.moduleAt(n), g.childText(n.Frame(), int32(n.Row()), g.fName)), yield)
		}
	}
	if n.Symbol() == g.sourceFile {
		return f.anyModuleAttribute("", yield)
	}
	if n.IsError() {
		return false // whose the attributes in it would be, nobody knows
	}
	for p := n.PrevAttached(); !p.IsZero(); p = p.PrevAttached() {
		if p.Symbol() == g.attributeItem {
			if yield(g.attributeText(p)) {
				return true
			}
		} else if !g.comment(p.Symbol()) {
			break
		}
	}
	// Match arms and field initializers hold their attributes; a function's body
	// may begin with inner ones.
	for c := n.FirstChild(); !c.IsZero(); c = c.NextSibling() {
		if c.Symbol() == g.attributeItem || c.Symbol() == g.innerAttribute {
			if yield(g.attributeText(c)) {
				return true
			}
		} else if !c.IsExtra() {
			break
		}
	}
	if n.Symbol() != g.function {
		return false
	}
	body := n.ChildByField(g.fBody)
	if body.IsZero() {
		return false
	}
	for c := body.FirstChild(); !c.IsZero(); c = c.NextSibling() {
		if c.Symbol() == g.innerAttribute {
			if yield(g.attributeText(c)) {
				return true
			}
		} else if c.IsNamed() && !c.IsExtra() {
			break
		}
	}
	return false
}

// inBlock reports an item inside a function, whose module is none of the file's.
func (g *Grammar) inBlock(n tree.Node) bool {
	for up := range upwards(n.Parent()) {
		switch up.Symbol() {
		case g.block:
			return true
		case g.impl, g.trait:
			return false
		}
	}
	return false
}

// attributeText is what stands in an attribute's brackets.
func (g *Grammar) attributeText(n tree.Node) string {
	a := child(n, g.attribute)
	if a.IsZero() {
		return ""
	}
	return borrow(a.Text())
}

// moduleAt is the path in the file of the module that a node stands in.
func (f *Facts) moduleAt(n tree.Node) string { return f.envAt(n).module }

// anyModuleAttribute reports that yield holds for one of a module's attributes.
func (f *Facts) anyModuleAttribute(module string, yield func(text string) bool) bool {
	f.Recorder.key(key(hashString(uint64(fnvOffset), module), attributeName))
	m := f.Context.modules[module]
	if m == nil {
		return false
	}
	for _, d := range m.names[attributeName] {
		if yield(d.attrs[0]) {
			return true
		}
	}
	return false
}

// anyCrateAttribute reports that yield holds for one of the crate's attributes.
func (f *Facts) anyCrateAttribute(yield func(text string) bool) bool {
	f.consultCrate()
	if f.isRoot() {
		return f.anyModuleAttribute("", yield)
	}
	for _, a := range f.Crate.Attributes {
		if yield(a) {
			return true
		}
	}
	return false
}

// hasAttribute reports an attribute that matches one of the patterns.
func (f *Facts) hasAttribute(n tree.Node, patterns []attributePattern) bool {
	return f.anyAttribute(n, func(text string) bool { return matchesAny(text, patterns) })
}

func matchesAny(text string, patterns []attributePattern) bool {
	return anyMeta(text, func(m meta) bool {
		for i := range patterns {
			if patterns[i].matches(m) {
				return true
			}
		}
		return false
	})
}

// testCode reports code that only tests run: in a test function, a module for
// tests, or a file of a tests folder.
func (f *Facts) testCode(n tree.Node) bool {
	if inTests(f.Path) {
		return true
	}
	g := f.Context.grammar
	test := []attributePattern{{path: "test"}, {path: "cfg", arg: "test"}, {path: "bench"}}
	for up := range upwards(n) {
		s := up.Symbol()
		if s != g.mod && g.item(s) && f.hasAttribute(up, test) {
			return true
		}
	}
	for m := f.moduleAt(n); ; m = parentModule(m) {
		if f.anyModuleAttribute(m, func(text string) bool { return matchesAny(text, test) }) {
			return true
		}
		if m == "" {
			return false
		}
	}
}
