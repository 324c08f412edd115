package query

import (
	"slices"
	"strings"
)

// relationKind says where a relation looks for its pattern.
type relationKind uint8

const (
	notRelation relationKind = iota
	insideRelation
	hasRelation
	precedesRelation
	followsRelation
)

// relation is a use of a relation in a pattern, compiled.
type relation struct {
	kind    relationKind
	not     bool
	capture int     // the node whose surroundings are looked at
	named   *Query  // the pattern that is looked for
	joins   []int32 // by capture of named: the same capture here, or -1
	adds    []int32 // captures here that only named has
	blocks  *symbolSet
	alone   bool // nothing but the tree decides what named means
}

// blockKinds are the nodes whose children precedes? and follows? look at; kinds
// that a grammar does not have are passed over. A branch of a match and the body
// of a closure are blocks even without braces.
var blockKinds = [...]string{
	"block", "declaration_list", "source_file", "match_block", "match_arm", "closure_expression",
	"field_declaration_list", "enum_variant_list", // Rust
	"document", "table", "table_array_element", "inline_table", // TOML
}

// relations are the relations as predicates, for the registry.
func relations() []Predicate {
	r := func(kind relationKind, name, doc string) Predicate {
		return Predicate{Name: name, Args: "@node pattern", Doc: doc, Source: "Lectern", relation: kind}
	}
	return []Predicate{
		r(insideRelation, "inside?", "true when a node around @node matches the named pattern"),
		r(hasRelation, "has?", "true when a node inside @node matches the named pattern"),
		r(precedesRelation, "precedes?", "true when something later in the same block as @node matches the named pattern"),
		r(followsRelation, "follows?", "true when something earlier in the same block as @node matches the named pattern"),
	}
}

// private reports a capture that stays in its own query: neither joined nor added.
func private(name string) bool { return name == "here" || strings.HasPrefix(name, "_") }

// relation compiles a use of a relation; nil and a note if it is wrong.
func (c *compiler) relation(p *pattern, s *source, pred *Predicate, not bool, w *written) *relation {
	if len(w.args) != 2 || w.args[0].Capture < 0 || w.args[1].Capture >= 0 {
		c.note(w.offset, w.end, "#"+w.name+" wants a capture and the name of a pattern", "(#"+w.name+" @node pattern)")
		return nil
	}
	name := w.args[1].Text
	var named *Query
	ok := false
	if c.patterns != nil {
		named, ok = c.patterns(name)
	}
	if !ok || named == nil {
		help := "a pattern is a query fence with name=\"" + name + "\", or a .scm file in the course's patterns folder; it cannot use itself"
		c.note(w.args[1].Offset, w.ends[1], "no pattern is called "+name, help)
		return nil
	}
	r := &relation{kind: pred.relation, not: not, capture: w.args[0].Capture, named: named}
	r.blocks = newSymbolSet(c.lang)
	for _, k := range blockKinds {
		if s, ok := c.lang.Node(k); ok {
			r.blocks.add(s)
		}
	}
	q := c.query
	for _, n := range named.captures {
		at := int32(-1)
		if !private(n) {
			at = int32(q.capture(n))
			if at < 0 && !not {
				at = int32(len(q.captures))
				q.captures = append(q.captures, n)
			}
			if !not && !s.captures[at] {
				r.adds = append(r.adds, at)
				if !slices.Contains(p.added, at) {
					p.added = append(p.added, at)
				}
			}
		}
		r.joins = append(r.joins, at)
	}
	r.alone = r.kind == insideRelation && named.alone()
	return r
}
