package rust

import (
	"bytes"

	"lectern/analysis/query"
	"lectern/analysis/tree"
)

// namePredicates ask what names and types stand for.
func namePredicates() []query.Predicate {
	return []query.Predicate{
		{
			Name: "path?", Args: `@path "path"...`, Source: lectern,
			Doc: "true when the path names one of these items, seen through the file's `use` declarations: renames, groups, globs, nested modules; `core`, `alloc` and `std` are one",
			Compile: func(args []query.Arg, _ *query.Env) (query.Test, error) {
				patterns, err := pathArgs(args, "the path")
				if err != nil {
					return nil, err
				}
				return nodeTest(args[0], func(f *Facts, n tree.Node) bool { return f.isPath(n, patterns) }), nil
			},
			Needs: func(args []query.Arg) []query.Need {
				return append(lastNames(args), wordOfEach(args, query.InFile, ownerWords)...)
			},
		},
		{
			Name: "calls?", Args: `@call "path"...`, Source: lectern,
			Doc: "true when the call calls one of these functions, by its path or as a method of an expression whose declared type is known",
			Compile: func(args []query.Arg, _ *query.Env) (query.Test, error) {
				patterns, err := pathArgs(args, "the call")
				if err != nil {
					return nil, err
				}
				methods, err := methodPatterns(args)
				if err != nil {
					return nil, err
				}
				return nodeTest(args[0], func(f *Facts, n tree.Node) bool { return f.calls(n, patterns, methods) }), nil
			},
			Needs: lastNames,
		},
		{
			Name: "type?", Args: `@expression "type"...`, Source: lectern,
			Doc: "true when the expression was declared in this file with one of these types, or with a reference or smart pointer to one: a last segment (`AtomicPtr`), a path, or a shape (`&`, `&mut`, `*`, `*const`, `*mut`, `[]`, `()`, `fn`, `_` for any known type)",
			Compile: func(args []query.Arg, _ *query.Env) (query.Test, error) {
				if err := captureArg(args, "the expression"); err != nil {
					return nil, err
				}
				texts, err := stringArgs(args, 1, 1, "a type")
				if err != nil {
					return nil, err
				}
				patterns, err := parseAll(texts, 1, `write a last segment such as "AtomicPtr", or a path such as "std::sync::Mutex"`, parseTypePattern)
				if err != nil {
					return nil, err
				}
				return nodeTest(args[0], func(f *Facts, n tree.Node) bool {
					t, at := f.typeOf(n)
					return t != nil && f.hasType(t, at, patterns)
				}), nil
			},
			Needs: func(args []query.Arg) []query.Need { return wordOfEach(args, query.InFile, typeWords) },
		},
		{
			Name: "item?", Args: `@path "kind"...`, Source: lectern,
			Doc: "true when the path names an item of this file of one of these kinds: `fn`, `unsafe fn`, `async fn`, `static`, `static mut`, `const`, `struct`, `union`, `enum`, `trait`, `type`, `mod`, `macro`",
			Compile: func(args []query.Arg, _ *query.Env) (query.Test, error) {
				if err := captureArg(args, "the path"); err != nil {
					return nil, err
				}
				kinds, err := stringArgs(args, 1, 1, "a kind of item")
				if err != nil {
					return nil, err
				}
				if err := oneOf(kinds, 1, "kind of item", itemKinds...); err != nil {
					return nil, err
				}
				return nodeTest(args[0], func(f *Facts, n tree.Node) bool { return f.isItem(n, kinds) }), nil
			},
			Needs: func(args []query.Arg) []query.Need { return wordOfEach(args, query.InFile, itemWords) },
		},
		itemAttribute("item-attribute?", "true when the path names an item of this file that carries one of these attributes; "+
			"what stands in a macro call may have more than are seen there, so that both forms may be false", false, true),
		itemAttribute("not-item-attribute?", "true when no item of this file that the path names can carry one of these attributes", true, false),
		simple("undeclared?", "@name", "true when nothing declares or imports the name, and no glob, macro, prelude or item that is broken may bring it",
			"the name", func(f *Facts, n tree.Node) bool { return f.undeclared(n) }),
	}
}

func pathArgs(args []query.Arg, what string) ([]pathPattern, error) {
	if err := captureArg(args, what); err != nil {
		return nil, err
	}
	texts, err := stringArgs(args, 1, 1, "a path")
	if err != nil {
		return nil, err
	}
	return parseAll(texts, 1, pathHelp, parsePathPattern)
}

// isPath reports that the path at a node fits a pattern and is not the name of a
// local variable.
func (f *Facts) isPath(n tree.Node, patterns []pathPattern) bool {
	return f.resolve(n).any(func(path []byte) bool { return fitsAny(patterns, path) }) && !f.variable(n)
}

func fitsAny(patterns []pathPattern, path []byte) bool {
	for i := range patterns {
		if patterns[i].matches(path) {
			return true
		}
	}
	return false
}

// variable reports that a path is, or begins with, the name of a local variable
// or type parameter, which hides items.
func (f *Facts) variable(n tree.Node) bool {
	g := f.Context.grammar
	if n.Symbol() == g.call {
		n = n.ChildByField(g.fFunction)
	}
	whole := true
	for !n.IsZero() {
		switch n.Symbol() {
		case g.genericType, g.genericTurbofish:
			n = n.ChildByField(g.fType)
			continue
		case g.genericFunction:
			n = n.ChildByField(g.fFunction)
			continue
		case g.scoped, g.scopedType:
			n, whole = n.ChildByField(g.fPath), false
			continue
		case g.typeIdentifier:
			return g.typeParameterAt(n)
		case g.identifier:
			p := n.Parent()
			if p.IsZero() || p.Symbol() == g.macro || p.Symbol() == g.attribute {
				return false
			}
			if !whole || p.Symbol() == g.scoped || p.Symbol() == g.scopedType {
				return g.typeParameterAt(n)
			}
			return f.localVariable(n)
		}
		break
	}
	return false
}

// typeParameterAt reports a type that names a type parameter.
func (g *Grammar) typeParameterAt(n tree.Node) bool {
	name := n.Text()
	for up := range upwards(n) {
		if !g.item(up.Symbol()) {
			continue
		}
		if params := up.ChildByField(g.fTypeParameters); !params.IsZero() {
			for c := params.FirstChild(); !c.IsZero(); c = c.NextSibling() {
				if c.Symbol() == g.typeParameter && bytes.Equal(textOf(c.ChildByField(g.fName)), name) {
					return true
				}
			}
		}
		if up.Symbol() != g.function && up.Symbol() != g.signature || up.Frame() == n.Frame() && !g.inOwner(up) {
			return false
		}
	}
	return false
}

// inOwner reports an item that stands in an impl or trait of the same unit.
func (g *Grammar) inOwner(n tree.Node) bool {
	up := n.Parent()
	return !up.IsZero() && up.Symbol() == g.declarationList
}

// methodPattern is a path whose last segment is a method.
type methodPattern struct {
	owner typePattern
	name  string
}

// methodPatterns reads the arguments of #calls? for method calls.
func methodPatterns(args []query.Arg) ([]methodPattern, error) {
	var out []methodPattern
	for i := 1; i < len(args); i++ {
		path := args[i].Text
		cut := bytes.LastIndex([]byte(path), []byte("::"))
		if cut < 0 {
			return nil, &query.ArgError{Arg: i, Message: "a function's path has two segments at least", Help: pathHelp}
		}
		owner, name := path[:cut], path[cut+2:]
		p, err := parsePathPattern(owner)
		if err != nil {
			return nil, &query.ArgError{Arg: i, Message: err.Error(), Help: pathHelp}
		}
		m := methodPattern{typePattern{path: p}, name}
		// The methods of raw pointers are documented under `pointer`.
		if p.exact == "pointer" || p.exact == "std::pointer" || p.exact == "std::primitive::pointer" {
			m.owner = typePattern{shape: "*"}
		}
		out = append(out, m)
	}
	return out, nil
}

// calls reports a call of a function that fits a pattern.
func (f *Facts) calls(n tree.Node, patterns []pathPattern, methods []methodPattern) bool {
	g := f.Context.grammar
	if n.Symbol() == g.macro {
		return f.isPath(n, patterns)
	}
	if n.Symbol() != g.call {
		return false
	}
	fn := n.ChildByField(g.fFunction)
	if !fn.IsZero() && fn.Symbol() == g.genericFunction {
		if inner := fn.ChildByField(g.fFunction); !inner.IsZero() && inner.Symbol() == g.fieldExpression {
			fn = inner
		}
	}
	if fn.IsZero() || fn.Symbol() != g.fieldExpression {
		return !fn.IsZero() && f.isPath(fn, patterns)
	}
	name := textOf(fn.ChildByField(g.fField))
	for i := range methods {
		if !segmentFits(methods[i].name, name) {
			continue
		}
		t, at := f.typeOf(fn.ChildByField(g.fValue))
		if t != nil && f.hasType(t, at, []typePattern{methods[i].owner}) {
			return true
		}
	}
	return false
}

var itemKinds = []string{
	"fn", "unsafe fn", "async fn", "static", "static mut", "const", "struct", "union", "enum", "trait", "type", "mod", "macro",
}

// isItem reports a path that names an item of this file of one of the kinds.
func (f *Facts) isItem(n tree.Node, kinds []string) bool {
	for _, d := range f.resolve(n).decls {
		for _, k := range kinds {
			if d.decl.is(k) {
				return !f.variable(n)
			}
		}
	}
	return false
}

// is reports a declaration of a kind as #item? names it.
func (d *decl) is(kind string) bool {
	switch d.kind {
	case declFn:
		return kind == "fn" || kind == "unsafe fn" && d.flags&flagUnsafe != 0 || kind == "async fn" && d.flags&flagAsync != 0
	case declStatic:
		return kind == "static" || kind == "static mut" && d.flags&flagMut != 0
	case declConst:
		return kind == "const"
	case declStruct:
		return kind == "struct"
	case declUnion:
		return kind == "union"
	case declEnum:
		return kind == "enum"
	case declTrait:
		return kind == "trait"
	case declAlias:
		return kind == "type"
	case declMod, declModFile:
		return kind == "mod"
	case declMacro:
		return kind == "macro"
	}
	return false
}

// itemAttribute asks for attributes of an item. Of one that is declared in a macro
// call all attributes may be meant when inMacro is set, and none when it is not.
func itemAttribute(name, doc string, inMacro, want bool) query.Predicate {
	return query.Predicate{
		Name: name, Args: `@path "attribute"...`, Source: lectern, Doc: doc, NoNegation: true,
		Compile: func(args []query.Arg, _ *query.Env) (query.Test, error) {
			patterns, err := attributeArgs(args, "the path")
			if err != nil {
				return nil, err
			}
			return nodeTest(args[0], func(f *Facts, n tree.Node) bool { return f.itemHasAttribute(n, patterns, inMacro) == want }), nil
		},
	}
}

func (f *Facts) itemHasAttribute(n tree.Node, patterns []attributePattern, inMacro bool) bool {
	for _, d := range f.resolve(n).decls {
		if inMacro && d.decl.flags&flagMacro != 0 {
			return !f.variable(n)
		}
		for _, text := range d.decl.attrs {
			if matchesAny(text, patterns) {
				return !f.variable(n)
			}
		}
	}
	return false
}
