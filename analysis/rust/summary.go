package rust

import (
	"slices"
	"sort"

	"lectern/analysis/tree"
)

// Summary is what one unit contributes to its file's Context: imports, names
// with their types, inner attributes. It is immutable. It also knows the scopes
// inside the unit, which concern nobody else.
type Summary struct {
	decls  []*decl
	scopes []scope // in preorder
}

// Equal reports that two units contribute the same.
func (s *Summary) Equal(o *Summary) bool {
	if s == o {
		return true
	}
	return s != nil && o != nil && slices.EqualFunc(s.decls, o.decls, (*decl).equal)
}

// scopeKind is what a scope is.
type scopeKind uint8

const (
	blockScope  scopeKind = iota // a block with items in it
	moduleScope                  // the body of a module of the file
	localScope                   // the body of a module inside a block
)

// scope is a stretch of a unit's rows with names of its own.
type scope struct {
	row, end int32
	parent   int32 // index among the scopes, or -1
	kind     scopeKind
	module   string             // of a moduleScope: relative to the unit's place
	decls    []*decl            // of the others; a module's names are in the Context
	names    map[string][]*decl // the same by name, where there are many
}

// manyDecls is from how many on they are found by name: a block of code that is
// broken can have all of a file.
const manyDecls = 32

// named are declarations among which are all of the name.
func (s *scope) named(name string) []*decl {
	if s.names == nil {
		return s.decls
	}
	return s.names[name]
}

// index finds many declarations by name.
func (s *scope) index() {
	if len(s.decls) < manyDecls {
		return
	}
	s.names = map[string][]*decl{}
	for _, d := range s.decls {
		s.names[d.name] = append(s.names[d.name], d)
	}
}

// scopeAt is the index of the innermost scope around a row, or -1.
func (s *Summary) scopeAt(row int32) int32 {
	i := int32(sort.Search(len(s.scopes), func(i int) bool { return s.scopes[i].row > row })) - 1
	for i >= 0 && s.scopes[i].end <= row {
		i = s.scopes[i].parent
	}
	return i
}

// Place is where a unit stands in its file.
type Place struct {
	Module     string // path of the module in the file, "a::b"; "" at the top
	Associated bool   // in an impl or trait: the unit declares nothing by name
}

// Placed is a unit's summary at its place.
type Placed struct {
	Place   Place
	Summary *Summary
}

// PlaceOf finds where a frame's unit stands. It looks at the frames around it
// only, and is not seen by a tree.Watch.
func (g *Grammar) PlaceOf(f *tree.Frame) Place {
	var p Place
	first := true
	for up := f.Parent; up != nil; up = up.Parent {
		rows := up.Unit.Rows
		for i := rows[up.Unit.Gap].Parent; i >= 0; i = rows[i].Parent {
			switch rows[i].Symbol {
			case g.mod:
				if name := g.childText(up, i, g.fName); name != "" {
					p.Module = join(name, p.Module)
				}
				first = false
			case g.impl, g.trait:
				p.Associated = p.Associated || first
				first = false
			}
		}
	}
	return p
}

// childText is the text of the child of row i that stands under a field.
func (g *Grammar) childText(f *tree.Frame, i int32, field tree.Field) string {
	rows := f.Unit.Rows
	for c := i + 1; c < rows[i].Skip; c = rows[c].Skip {
		if rows[c].Field == field {
			return unraw(string(f.Node(int(c)).Text()))
		}
	}
	return ""
}

// join joins two module paths.
func join(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	}
	return a + "::" + b
}

// Summarize makes the summary of a frame's unit. It looks at the unit's own
// rows only.
func (g *Grammar) Summarize(f *tree.Frame) *Summary {
	s := summarizer{g: g, f: f, rows: f.Unit.Rows, out: &Summary{}}
	s.run()
	return s.out
}
