package rust

import (
	"strings"

	"lectern/analysis/tree"
)

// typed is the type of an expression, as far as the file says.
type typed struct {
	frame      *tree.Frame
	row        int32
	generation uint64
	epoch      uint64

	typ *typ // nil if unknown
	at  env  // where the type's paths are looked up
}

// maxTypeDepth bounds the way from an expression to its declaration.
const maxTypeDepth = 16

// typeOf finds the declared type of an expression.
func (f *Facts) typeOf(n tree.Node) (*typ, env) {
	fr, row := n.Frame(), int32(n.Row())
	e := &f.typed[row&(cacheSize-1)]
	if e.frame == fr && e.row == row && e.generation == f.Context.generation && e.epoch == f.epoch() {
		return e.typ, e.at
	}
	t, at := f.expression(n, 0)
	*e = typed{fr, row, f.Context.generation, f.epoch(), t, at}
	return t, at
}

// std makes a type of std.
func std(args []*typ, segs ...string) *typ {
	return &typ{path: path{global: true, segs: append([]string{"std"}, segs...)}, args: args}
}

func (f *Facts) expression(n tree.Node, depth int) (*typ, env) {
	if n.IsZero() || depth > maxTypeDepth {
		return nil, env{}
	}
	g := f.Context.grammar
	switch n.Symbol() {
	case g.parenthesized:
		return f.expression(firstNamed(n), depth+1)
	case g.unsafeBlock:
		return f.expression(child(n, g.block), depth+1)
	case g.block:
		last := lastNamed(n)
		if last.IsZero() || last.Symbol() == g.expressionStatement || last.Symbol() == g.letDeclaration || g.item(last.Symbol()) {
			return nil, env{}
		}
		return f.expression(last, depth+1)
	case g.self:
		if t := f.selfType(n); !t.IsZero() {
			return g.typ(t), f.envAt(t)
		}
	case g.identifier:
		return f.identifier(n, depth)
	case g.scoped:
		return f.named(n)
	case g.fieldExpression:
		t, at := f.expression(n.ChildByField(g.fValue), depth+1)
		return f.field(t, at, borrow(textOf(n.ChildByField(g.fField))))
	case g.reference:
		t, at := f.expression(n.ChildByField(g.fValue), depth+1)
		kind, mut := typRef, has(n, g.mutable)
		switch raw := has(n, g.tokRaw); {
		case raw && mut:
			kind = typMut
		case raw:
			kind = typConst
		case mut:
			kind = typRefMut
		}
		return &typ{kind: kind, args: []*typ{t}}, at
	case g.unary:
		if has(n, g.tokStar) {
			t, at := f.expression(firstNamed(n), depth+1)
			return f.target(t, at)
		}
	case g.index:
		t, at := f.expression(firstNamed(n), depth+1)
		return f.element(t, at)
	case g.cast:
		return g.typ(n.ChildByField(g.fType)), f.envAt(n)
	case g.structExpression:
		return f.written(n.ChildByField(g.fName))
	case g.call:
		return f.call(n, depth)
	case g.macro:
		if f.names(n, "std::vec") {
			return std(nil, "vec", "Vec"), env{scope: -1}
		}
		if f.names(n, "std::format") {
			return std(nil, "string", "String"), env{scope: -1}
		}
	case g.array:
		return &typ{kind: typSlice}, env{scope: -1}
	case g.closure:
		return &typ{kind: typFn}, env{scope: -1}
	case g.stringLiteral, g.rawString:
		return &typ{kind: typRef, args: []*typ{primitiveTyp("str")}}, env{scope: -1}
	case g.boolean:
		return primitiveTyp("bool"), env{scope: -1}
	case g.char:
		return primitiveTyp("char"), env{scope: -1}
	case g.integer, g.float:
		if s := suffix(borrow(n.Text())); s != "" {
			return primitiveTyp(s), env{scope: -1}
		}
	}
	return nil, env{}
}

func primitiveTyp(name string) *typ { return &typ{path: path{segs: []string{name}}} }

// suffix is the type at the end of a number.
func suffix(number string) string {
	hex := strings.HasPrefix(number, "0x")
	for i := 1; i < len(number); i++ {
		switch c := number[i]; {
		case c == 'u' || c == 'i' || c == 'f' && !hex:
			return strings.Clone(number[i:])
		}
	}
	return ""
}

// identifier is the type of a variable, static or const.
func (f *Facts) identifier(n tree.Node, depth int) (*typ, env) {
	b, ok := f.binding(n)
	switch {
	case !ok:
		return f.named(n)
	case !b.typ.IsZero():
		return f.written(b.typ)
	}
	return f.expression(b.value, depth+1)
}

// written is a type that stands in the code.
func (f *Facts) written(n tree.Node) (*typ, env) {
	t := f.Context.grammar.typ(n)
	if t != nil && len(t.path.segs) == 1 && t.path.segs[0] == "Self" {
		s := f.selfType(n)
		if s.IsZero() {
			return nil, env{}
		}
		return f.Context.grammar.typ(s), f.envAt(s)
	}
	if t == nil {
		return nil, env{}
	}
	return t, f.envAt(n)
}

// named is the type of the static or const that a path names, or the result of a
// function.
func (f *Facts) named(n tree.Node) (*typ, env) {
	for _, d := range f.resolve(n).decls {
		switch d.decl.kind {
		case declStatic, declConst:
			return d.decl.typ, d.at
		}
	}
	return nil, env{}
}

// names reports that a node names an item of std.
func (f *Facts) names(n tree.Node, path string) bool {
	return f.resolve(n).any(func(p []byte) bool { return string(p) == path })
}

// declarations are the items of this file that a type's path names, and the
// paths of other crates.
func (f *Facts) lookUp(t *typ, at env) *resolved {
	out := &f.typePaths
	out.text, out.ends, out.decls = out.text[:0], out.ends[:0], out.decls[:0]
	if t.kind == typPath {
		r := f.resolver(out)
		r.walk(at, t.path.segs, lookup{space: typeSpace, global: t.path.global})
	}
	return out
}

// inside is what a method call or field access sees through a type: what a
// reference or smart pointer points to, or what an alias stands for.
func (f *Facts) inside(t *typ, at env) (*typ, env) {
	switch t.kind {
	case typRef, typRefMut:
		return t.args[0], at
	case typPath:
		found := f.lookUp(t, at)
		for _, d := range found.decls {
			if d.decl.kind == declAlias {
				return d.decl.typ, d.at
			}
		}
		if len(found.decls) == 0 && len(t.args) > 0 && pointer(t.path.segs[len(t.path.segs)-1]) {
			return t.args[0], at
		}
	}
	return nil, env{}
}

// pointer reports a type whose methods are those of its first type argument too.
func pointer(name string) bool {
	switch name {
	case "Box", "Rc", "Arc", "Pin", "ManuallyDrop", "CachePadded", "LazyLock", "LazyCell", "Lazy", "AssertUnwindSafe",
		"MutexGuard", "RwLockReadGuard", "RwLockWriteGuard", "Ref", "RefMut":
		return true
	}
	return false
}

// field is the type of a field.
func (f *Facts) field(t *typ, at env, name string) (*typ, env) {
	for depth := 0; t != nil && depth < maxTypeDepth; depth++ {
		if t.kind == typTuple {
			for i, a := range t.args {
				if name == string(rune('0'+i)) {
					return a, at
				}
			}
			return nil, env{}
		}
		for _, d := range f.lookUp(t, at).decls {
			for _, fd := range d.decl.fields {
				if fd.name == name && d.decl.kind != declEnum {
					return fd.typ, d.at
				}
			}
		}
		t, at = f.inside(t, at)
	}
	return nil, env{}
}

// target is what `*` gives.
func (f *Facts) target(t *typ, at env) (*typ, env) {
	if t == nil {
		return nil, env{}
	}
	switch t.kind {
	case typConst, typMut, typRaw:
		return t.args[0], at
	}
	return f.inside(t, at)
}

// element is what an index gives.
func (f *Facts) element(t *typ, at env) (*typ, env) {
	for depth := 0; t != nil && depth < maxTypeDepth; depth++ {
		if len(t.args) > 0 && (t.kind == typSlice || t.kind == typPath && sequence(t.path.segs[len(t.path.segs)-1])) {
			return t.args[0], at
		}
		t, at = f.inside(t, at)
	}
	return nil, env{}
}

func sequence(name string) bool { return name == "Vec" || name == "VecDeque" }
