package rust

import "lectern/analysis/tree"

// locals are the local variables of one unit: what each name is bound to, and
// where.
type locals struct {
	frame *tree.Frame
	names map[string][]local // in source order
	items []span             // items inside the unit, which see no variables around them
}

// span is a stretch of rows.
type span struct{ from, to int32 }

func (s span) contains(row int32) bool { return s.from <= row && row < s.to }

// local is one binding.
type local struct {
	scope span
	row   int32 // the let declaration or parameter that says what it is; -1 for a part of a pattern
}

// binding is a local variable as it was declared.
type binding struct {
	typ   tree.Node // its written type, or none
	value tree.Node // what it was set to first, or none
}

// binding finds the local variable that a name means at a node.
func (f *Facts) binding(n tree.Node) (binding, bool) {
	fr, row := n.Frame(), int32(n.Row())
	if f.locals.frame != fr {
		f.locals = f.Context.grammar.locals(fr)
	}
	list := f.locals.names[borrow(n.Text())]
	if len(list) == 0 {
		return binding{}, false
	}
	item := int32(-1)
	for _, s := range f.locals.items {
		if s.contains(row) {
			item = max(item, s.from)
		}
	}
	// Scopes nest: the binding that began last is the innermost.
	best := -1
	for i, l := range list {
		if l.scope.contains(row) && l.scope.from > item && (best < 0 || l.scope.from >= list[best].scope.from) {
			best = i
		}
	}
	if best < 0 {
		return binding{}, false
	}
	if list[best].row < 0 {
		return binding{}, true
	}
	g, d := f.Context.grammar, fr.Node(int(list[best].row))
	return binding{typ: d.ChildByField(g.fType), value: d.ChildByField(g.fValue)}, true
}

// locals collects the bindings of a unit.
func (g *Grammar) locals(fr *tree.Frame) locals {
	l := locals{frame: fr, names: map[string][]local{}}
	rows := fr.Unit.Rows
	for i := range rows {
		row := int32(i)
		switch s := rows[i].Symbol; s {
		case g.letDeclaration:
			end := int32(len(rows))
			if p := rows[i].Parent; p >= 0 {
				end = rows[p].Skip
			}
			l.bind(g, g.field(rows, row, g.fPattern), span{rows[i].Skip, end}, row)
		case g.letCondition:
			l.bind(g, g.field(rows, row, g.fPattern), span{rows[i].Skip, g.conditionEnd(rows, row)}, -1)
		case g.closure, g.function:
			if body := g.field(rows, row, g.fBody); body >= 0 {
				l.parameters(g, g.field(rows, row, g.fParameters), span{body, rows[body].Skip})
			}
		case g.forExpression:
			if body := g.field(rows, row, g.fBody); body >= 0 {
				l.bind(g, g.field(rows, row, g.fPattern), span{body, rows[body].Skip}, -1)
			}
		case g.matchArm:
			if p := g.field(rows, row, g.fPattern); p >= 0 {
				// The first child is the pattern, what follows may be a guard.
				l.bind(g, p+1, span{rows[min(p+1, rows[p].Skip-1)].Skip, rows[i].Skip}, -1)
			}
		}
		if g.item(rows[i].Symbol) {
			l.items = append(l.items, span{row, rows[i].Skip})
		}
	}
	return l
}

// field is the row of a row's child in a field, or -1.
func (g *Grammar) field(rows []tree.Row, row int32, field tree.Field) int32 {
	for c := row + 1; c < rows[row].Skip; c = rows[c].Skip {
		if rows[c].Field == field {
			return c
		}
	}
	return -1
}

// conditionEnd is where the names of a let condition end: with the block that
// runs when it holds, or with the arm that it guards.
func (g *Grammar) conditionEnd(rows []tree.Row, row int32) int32 {
	up := rows[row].Parent
	for up >= 0 && rows[up].Symbol == g.letChain {
		up = rows[up].Parent
	}
	if up < 0 {
		return rows[row].Skip
	}
	for _, f := range [...]tree.Field{g.fConsequence, g.fBody} {
		if c := g.field(rows, up, f); c >= 0 {
			return rows[c].Skip
		}
	}
	if p := rows[up].Parent; rows[up].Symbol == g.matchPattern && p >= 0 {
		return rows[p].Skip
	}
	return rows[up].Skip
}

func (l *locals) parameters(g *Grammar, list int32, scope span) {
	if list < 0 {
		return
	}
	rows := l.frame.Unit.Rows
	for c := list + 1; c < rows[list].Skip; c = rows[c].Skip {
		if rows[c].Symbol == g.parameterNode {
			l.bind(g, g.field(rows, c, g.fPattern), scope, c)
		} else if rows[list].Symbol == g.closureParams {
			l.bind(g, c, scope, -1)
		}
	}
}

// bind adds the names that a pattern binds. A name that is the whole pattern has
// the type and value of the declaration.
func (l *locals) bind(g *Grammar, pattern int32, scope span, declaration int32) {
	rows := l.frame.Unit.Rows
	if pattern < 0 || int(pattern) >= len(rows) {
		return
	}
	whole := rows[pattern].Symbol == g.identifier
	if rows[pattern].Symbol == g.mutPattern {
		last := pattern + 1
		for c := last; c < rows[pattern].Skip; c = rows[c].Skip {
			last = c
		}
		whole = rows[last].Symbol == g.identifier
	}
	if !whole {
		declaration = -1
	}
	for i := pattern; i < rows[pattern].Skip; i++ {
		r := rows[i]
		if r.Symbol != g.identifier && r.Symbol != g.shorthandIdentifier || r.Field == g.fType {
			continue
		}
		if r.Parent >= 0 {
			if s := rows[r.Parent].Symbol; s == g.scoped || s == g.scopedType {
				continue
			}
		}
		name := borrow(l.frame.Node(int(i)).Text())
		if upper(name) {
			continue // a constant or a variant
		}
		l.names[name] = append(l.names[name], local{scope, declaration})
	}
}

// localVariable reports an identifier that names a local variable.
func (f *Facts) localVariable(n tree.Node) bool {
	if upper(borrow(n.Text())) {
		return false
	}
	_, ok := f.binding(n)
	return ok
}
