package query

import "lectern/analysis/tree"

// item is a part of a pattern as it is written: a node, a group of siblings, or
// an alternation.
type item struct {
	kind        itemKind
	offset, end int
	quantifier  byte // 0, '?', '*' or '+'
	immediate   bool // an anchor stands before it
	last        bool // an anchor stands behind it, and then nothing
	parts       []*item

	// Of a node.
	accept   accept
	symbol   tree.Symbol
	members  []tree.Symbol // of its supertype
	missing  bool
	field    tree.Field
	negated  []tree.Field
	captures []int32
}

type itemKind uint8

const (
	nodeItem   itemKind = iota // parts are its children
	groupItem                  // parts are siblings
	choiceItem                 // parts are alternatives
)

// accept says which symbols a node may have.
type accept uint8

const (
	acceptSymbol accept = iota // one symbol
	acceptAny                  // `_`: all but ERROR
	acceptNamed                // `(_)`: all named ones but ERROR
	acceptMember               // a supertype's
)

// optional reports that the item can match without any node.
func (it *item) optional() bool {
	if it.quantifier == '?' || it.quantifier == '*' {
		return true
	}
	switch it.kind {
	case groupItem:
		for _, p := range it.parts {
			if !p.optional() {
				return false
			}
		}
		return true
	case choiceItem:
		for _, p := range it.parts {
			if p.optional() {
				return true
			}
		}
	}
	return false
}

// spans reports that a match of the item can have several nodes side by side.
func (it *item) spans() bool {
	if it.quantifier == '+' || it.quantifier == '*' {
		return true
	}
	switch it.kind {
	case groupItem:
		return len(it.parts) > 1 || len(it.parts) == 1 && it.parts[0].spans()
	case choiceItem:
		for _, p := range it.parts {
			if p.spans() {
				return true
			}
		}
	}
	return false
}

// firsts calls f for every node that can be the item's first one.
func (it *item) firsts(f func(*item)) {
	switch it.kind {
	case nodeItem:
		f(it)
	case choiceItem:
		for _, p := range it.parts {
			p.firsts(f)
		}
	case groupItem:
		for _, p := range it.parts {
			p.firsts(f)
			if !p.optional() {
				return
			}
		}
	}
}

// markLast puts the anchor at the end of a list of siblings on the last node of
// each way to match the item.
func (it *item) markLast() {
	switch it.kind {
	case nodeItem:
		it.last = true
	case choiceItem:
		for _, p := range it.parts {
			p.markLast()
		}
	case groupItem:
		if n := len(it.parts); n > 0 {
			it.parts[n-1].markLast()
		}
	}
}

// hasCaptures reports a capture on the node or below it.
func (it *item) hasCaptures() bool {
	if len(it.captures) > 0 {
		return true
	}
	for _, p := range it.parts {
		if p.hasCaptures() {
			return true
		}
	}
	return false
}

// quantify adds a quantifier behind those that the item has.
func (it *item) quantify(q byte) {
	switch {
	case it.quantifier == 0, it.quantifier == q:
		it.quantifier = q
	default:
		it.quantifier = '*' // any two different ones: none, one or many
	}
}

// written is a predicate as it is written.
type written struct {
	name        string
	offset, end int // of the name
	args        []Arg
	ends        []int // where each argument ends
}

// source is a pattern as it is written.
type source struct {
	root       *item
	offset     int
	predicates []written
	captures   map[int32]bool
}
