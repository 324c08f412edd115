package rust

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"lectern/analysis/tree"
)

// summarizer makes one Summary.
type summarizer struct {
	g    *Grammar
	f    *tree.Frame
	rows []tree.Row
	out  *Summary
	open []opened // scopes around the row being looked at
}

// opened is a scope that the scan is in.
type opened struct {
	row, end int32
	kind     openKind
	module   string // of openModule
	scope    int32  // index in Summary.scopes; -1 before the first declaration
}

type openKind uint8

const (
	openModule openKind = iota // a module of the file: declarations go to the Context
	openBlock
	openLocal // a module inside a block
	openOwner // an impl or trait: its items are reached through their owner
)

func (s *summarizer) run() {
	g := s.g
	s.open = append(s.open, opened{row: -1, end: int32(len(s.rows)), kind: openModule, scope: -1})
	for i := range s.rows {
		act := g.action(s.rows[i].Symbol)
		if act == actNone {
			if s.rows[i].Symbol == tree.Error {
				s.broken(int32(i))
			}
			continue
		}
		row := int32(i)
		for s.open[len(s.open)-1].end <= row {
			s.open = s.open[:len(s.open)-1]
		}
		switch act {
		case actScope:
			s.push(row, openBlock, "")
		case actBody:
			s.body(row)
		case actInner:
			if top := s.top(); top.kind == openModule {
				if text := s.attribute(row); text != "" {
					s.declare(&decl{name: attributeName, kind: declAttribute, attrs: []string{text}})
				}
			}
		case actDeclares:
			if s.top().kind != openOwner {
				s.item(row)
			}
		}
	}
	s.order()
}

func (s *summarizer) top() *opened { return &s.open[len(s.open)-1] }

func (s *summarizer) push(row int32, kind openKind, module string) {
	s.open = append(s.open, opened{row: row, end: s.rows[row].Skip, kind: kind, module: module, scope: -1})
}

// maxModulePath is how many bytes the path of a module may have before the modules
// in it are no longer told apart from outside.
const maxModulePath = 4096

// body opens the body of a module, impl or trait. An extern block's items belong
// to the module around it.
func (s *summarizer) body(row int32) {
	parent := s.rows[row].Parent
	if parent < 0 {
		return
	}
	switch s.rows[parent].Symbol {
	case s.g.impl, s.g.trait:
		s.push(row, openOwner, "")
	case s.g.mod:
		if s.top().kind != openModule || len(s.top().module) > maxModulePath {
			s.push(row, openLocal, "")
			return
		}
		s.push(row, openModule, join(s.top().module, s.g.childText(s.f, parent, s.g.fName)))
		s.scope() // rows inside must find their module
	}
}

// scope gives the open scope its place in the summary.
func (s *summarizer) scope() *scope {
	o := s.top()
	if o.scope < 0 {
		kind := blockScope
		switch o.kind {
		case openModule:
			kind = moduleScope
		case openLocal:
			kind = localScope
		}
		o.scope = int32(len(s.out.scopes))
		s.out.scopes = append(s.out.scopes, scope{row: o.row, end: o.end, parent: -1, kind: kind, module: o.module})
	}
	return &s.out.scopes[o.scope]
}

func (s *summarizer) declare(d *decl) {
	if d.name == "" || d.name == "_" {
		return
	}
	if s.top().kind == openModule {
		d.module = join(s.top().module, d.module)
		s.out.decls = append(s.out.decls, d)
		return
	}
	sc := s.scope()
	sc.decls = append(sc.decls, d)
}

// order brings the scopes into preorder and links each with the one around it.
// A scope enters the list at its first declaration, which may be after an inner
// scope's.
func (s *summarizer) order() {
	list := s.out.scopes
	for i := range list {
		list[i].index()
	}
	slices.SortStableFunc(list, func(a, b scope) int { return cmp.Compare(a.row, b.row) })
	for i := range list {
		p := int32(i) - 1
		for p >= 0 && list[p].end <= list[i].row {
			p = list[p].parent
		}
		list[i].parent = p
	}
}

// item declares the item at a row.
func (s *summarizer) item(row int32) {
	g, n := s.g, s.f.Node(int(row))
	d := &decl{name: g.childText(s.f, row, g.fName)}
	switch s.rows[row].Symbol {
	case g.use:
		if arg := n.ChildByField(g.fArgument); !arg.IsZero() {
			s.use(path{}, arg)
		}
		return
	case g.externCrate:
		s.externCrate(row, d.name)
		return
	case g.mod:
		s.module(row, d)
		return
	case g.macro:
		s.itemMacro(row)
		return
	case g.structItem, g.union:
		d.kind, d.space = declStruct, typeSpace
		if s.rows[row].Symbol == g.union {
			d.kind = declUnion
		}
		body := n.ChildByField(g.fBody)
		if body.IsZero() || body.Symbol() == g.orderedFields {
			d.space |= valueSpace
		}
		d.fields = g.fields(body)
	case g.enum:
		d.kind, d.space, d.fields = declEnum, typeSpace, g.variants(n.ChildByField(g.fBody))
	case g.trait:
		d.kind, d.space = declTrait, typeSpace
		if has(n, g.tokUnsafe) {
			d.flags |= flagUnsafe
		}
	case g.typeItem:
		d.kind, d.space, d.typ = declAlias, typeSpace, g.typ(n.ChildByField(g.fType))
	case g.function, g.signature:
		d.kind, d.space, d.typ = declFn, valueSpace, g.typ(n.ChildByField(g.fReturn))
		if g.unsafeFn(n) {
			d.flags |= flagUnsafe
		}
		if g.asyncFn(n) {
			d.flags |= flagAsync
		}
	case g.static:
		d.kind, d.space, d.typ = declStatic, valueSpace, g.typ(n.ChildByField(g.fType))
		if has(n, g.mutable) {
			d.flags |= flagMut
		}
	case g.constItem:
		d.kind, d.space, d.typ = declConst, valueSpace, g.typ(n.ChildByField(g.fType))
	case g.macroDefinition:
		d.kind, d.space = declMacro, macroSpace
	default:
		return
	}
	d.attrs = s.attributes(row)
	if up := s.rows[row].Parent; up >= 0 && s.rows[up].Symbol == g.tokenTree {
		d.flags |= flagMacro
	}
	s.declare(d)
}

// broken declares the names of items that are broken: what each stands for is not
// known, but that it will stand for something.
func (s *summarizer) broken(row int32) {
	g, module := s.g, ""
	for _, o := range s.open {
		if o.kind == openModule && row < o.end {
			module = o.module
		}
	}
	declare := func(n tree.Node) {
		s.out.decls = append(s.out.decls, &decl{name: brokenName + string(n.Text()), module: module, kind: declBroken})
	}
	use, item := false, false
	for i := row + 1; i < s.rows[row].Skip; i = max(s.rows[i].Skip, i+1) {
		symbol, n := s.rows[i].Symbol, s.f.Node(int(i))
		switch {
		case symbol == g.tokUse:
			use, item = true, false
		case symbol == g.tokSemicolon:
			use, item = false, false
		case slices.Contains(g.begin, symbol):
			use, item = false, true
		case symbol == g.identifier || symbol == g.typeIdentifier:
			if use || item {
				declare(n)
			}
			item = false
		case use && (symbol == g.scoped || symbol == g.useAs):
			if name := n.ChildByField(g.fName); !name.IsZero() {
				declare(name)
			} else if alias := n.ChildByField(g.fAlias); !alias.IsZero() {
				declare(alias)
			}
		}
	}
}

// itemMacro notes a macro call among a module's items: nobody knows what it
// declares, unless it is one of std's, or its arguments are seen as Rust.
func (s *summarizer) itemMacro(row int32) {
	up := s.rows[row].Parent
	if up >= 0 && s.rows[up].Symbol == s.g.expressionStatement {
		up = s.rows[up].Parent
	}
	if s.top().kind != openModule || up >= 0 && s.rows[up].Symbol != s.g.sourceFile && s.rows[up].Symbol != s.g.declarationList {
		return
	}
	if preludeMacro(s.g.childText(s.f, row, s.g.fMacro)) == "" {
		s.declare(&decl{name: itemMacroName, kind: declItems})
	}
}

func (s *summarizer) module(row int32, d *decl) {
	g := s.g
	d.kind, d.space = declModFile, typeSpace
	if !s.f.Node(int(row)).ChildByField(g.fBody).IsZero() {
		d.kind = declMod
	}
	attrs := s.attributes(row)
	s.declare(d)
	for _, a := range attrs {
		if d.kind == declMod && s.top().kind == openModule {
			s.declare(&decl{name: attributeName, module: d.name, kind: declAttribute, attrs: []string{a}})
		}
		if a == "macro_use" || strings.HasPrefix(a, "macro_use(") {
			s.declare(&decl{name: macroUseName, kind: d.kind, path: path{segs: []string{d.name}}})
		}
	}
}

func (s *summarizer) externCrate(row int32, name string) {
	d := &decl{name: name, kind: declCrate, space: typeSpace, path: path{global: true, segs: []string{name}}}
	if alias := s.g.childText(s.f, row, s.g.fAlias); alias != "" {
		d.name = alias
	}
	s.declare(d)
	for _, a := range s.attributes(row) {
		if a == "macro_use" || strings.HasPrefix(a, "macro_use(") {
			s.declare(&decl{name: macroUseName, kind: declCrate, path: d.path})
		}
	}
}

// use declares the imports of one clause of a use declaration.
func (s *summarizer) use(prefix path, n tree.Node) {
	g := s.g
	if len(prefix.segs) > maxSegments {
		return
	}
	d := &decl{kind: declUse, space: anySpace}
	switch n.Symbol() {
	case g.useList:
		for c := range n.Children {
			if c.IsNamed() && !c.IsExtra() {
				s.use(prefix, c)
			}
		}
		return
	case g.scopedUseList:
		if p := n.ChildByField(g.fPath); !p.IsZero() {
			prefix = prefix.with(g.path(p))
		} else if len(prefix.segs) == 0 {
			prefix.global = true
		}
		if list := n.ChildByField(g.fList); !list.IsZero() {
			s.use(prefix, list)
		}
		return
	case g.useWildcard:
		d.name = globName
		d.path = prefix
		d.path.global = d.path.global || len(prefix.segs) == 0 && has(n, g.tokColons)
		for c := range n.Children {
			if c.IsNamed() && !c.IsExtra() {
				d.path = prefix.with(g.path(c))
			}
		}
		if len(d.path.segs) == 0 {
			d.path.segs = []string{"self"} // `use *;` and `use ::*;` name this crate
			d.path.global = false
		}
	case g.useAs:
		d.path = prefix.with(g.path(n.ChildByField(g.fPath)))
		d.name = unraw(string(textOf(n.ChildByField(g.fAlias))))
	default:
		d.path = prefix.with(g.path(n))
		if len(d.path.segs) > 0 {
			d.name = d.path.segs[len(d.path.segs)-1]
		}
	}
	if len(d.path.segs) == 0 || d.name == "self" || d.name == "super" || d.name == "crate" {
		return
	}
	s.declare(d)
}

// with is the path of a clause inside a list with a prefix, where `self` means
// the prefix.
func (p path) with(o path) path {
	if len(p.segs) == 0 {
		o.global = o.global || p.global
		return o
	}
	segs := append(make([]string, 0, len(p.segs)+len(o.segs)), p.segs...)
	if len(o.segs) > 0 && o.segs[0] == "self" {
		o.segs = o.segs[1:]
	}
	return path{global: p.global, segs: append(segs, o.segs...)}
}

// attributes are the outer attributes of the item at a row.
func (s *summarizer) attributes(row int32) []string {
	var list []string
	for i := s.rows[row].Prev; i >= 0; i = s.rows[i].Prev {
		sym := s.rows[i].Symbol
		if sym == s.g.attributeItem {
			if text := s.attribute(i); text != "" {
				list = append(list, text)
			}
		} else if !s.g.comment(sym) {
			break
		}
	}
	return list
}

// attribute is the text inside the brackets of an attribute's row.
func (s *summarizer) attribute(row int32) string {
	for i := row + 1; i < s.rows[row].Skip; i = s.rows[i].Skip {
		if s.rows[i].Symbol == s.g.attribute {
			return strings.TrimSpace(string(s.f.Node(int(i)).Text()))
		}
	}
	return ""
}

// fields are the fields of a struct's body; those of a tuple struct are named by
// number.
func (g *Grammar) fields(body tree.Node) []field {
	if body.IsZero() {
		return nil
	}
	var list []field
	for c := range body.Children {
		switch {
		case c.Symbol() == g.fieldDeclaration:
			list = append(list, field{unraw(string(textOf(c.ChildByField(g.fName)))), g.typ(c.ChildByField(g.fType))})
		case c.Field() == g.fType:
			list = append(list, field{strconv.Itoa(len(list)), g.typ(c)})
		}
	}
	return list
}

func (g *Grammar) variants(body tree.Node) []field {
	if body.IsZero() {
		return nil
	}
	var list []field
	for c := range body.Children {
		if c.Symbol() == g.enumVariant {
			list = append(list, field{name: unraw(string(textOf(c.ChildByField(g.fName))))})
		}
	}
	return list
}
