// Package syntax parses text into trees of plain rows. It is the only package
// that touches tree-sitter and the only one with C in it.
//
// A Parse is one version of a document; Edit turns it into the next version's at
// the cost of what changed, and shares every unit of rows that the edit left
// alone. What the Rust grammar cannot take is masked before parsing, what is broken
// is kept to the item where it stands (see cut.go), and the bodies of macro calls
// are parsed as Rust and spliced into the rows where the tree has nothing but tokens.
package syntax

import (
	"fmt"
	"slices"
	"sync"

	sitter "github.com/smacker/go-tree-sitter"
	"github.com/smacker/go-tree-sitter/toml"
	tree_sitter_rust "github.com/tree-sitter/tree-sitter-rust/bindings/go"

	"lectern/analysis/tree"
)

// Language is a grammar with what a walk needs to know of it.
type Language struct {
	Tree *tree.Language

	grammar  *sitter.Language
	named    map[string]uint8 // roles by node kind or token
	roles    []uint8          // the same by symbol
	root     tree.Symbol      // of a whole file
	prefix   []tree.Symbol    // nodes that belong to the item after them
	closed   []tree.Symbol    // items that end with a semicolon or a brace of their own
	masked   bool             // Rust: mask before parsing
	macros   *macroSymbols    // Rust: how to splice macro bodies
	walker   walker
	portable *portable
	once     *once // nil where it cannot be had
	parsers  sync.Pool
}

// The roles of symbols in a walk; walk.h has the same numbers.
const (
	roleContainer = 1 << iota // an item with items of its own
	roleList                  // where a container's items stand
	roleOpen
	roleClose
	roleCall   // a macro call, a container of its tokens where they are broken
	roleTokens // the tokens of a macro call
	roleEnd    // ends a statement
)

// longBroken is how many bytes something broken must have to be a container of its
// pieces: an ERROR, or a macro call whose tokens have an error. Where a bracket is
// missing that can be the rest of the file, and what is typed there is one piece.
const longBroken = 4096

func (l *Language) role(s tree.Symbol) uint8 {
	if int(s) < len(l.roles) {
		return l.roles[s]
	}
	return 0
}

// Rust is the grammar of Rust, tree-sitter-rust 0.23.3.
func Rust() *Language { return rust() }

// TOML is the grammar of TOML, which Cargo.toml is written in.
func TOML() *Language { return tomlLanguage() }

var rust = sync.OnceValue(func() *Language {
	grammar := tree_sitter_rust.Language()
	l := newLanguage("rust", sitter.NewLanguage(grammar), &Language{
		named: map[string]uint8{
			"mod_item": roleContainer, "impl_item": roleContainer, "trait_item": roleContainer,
			"foreign_mod_item": roleContainer, "declaration_list": roleList, "{": roleOpen, "}": roleClose,
			"macro_invocation": roleCall, "token_tree": roleTokens, ";": roleEnd,
		},
		masked: true,
	}, "source_file", "line_comment", "block_comment", "attribute_item")
	l.macros = newMacroSymbols(l.Tree)
	for _, kind := range []string{
		"function_item", "function_signature_item", "struct_item", "enum_item", "union_item", "const_item", "static_item",
		"type_item", "associated_type", "use_declaration", "extern_crate_declaration", "macro_definition",
	} {
		s, ok := l.Tree.Node(kind)
		if !ok {
			panic("the grammar of Rust has no node " + kind)
		}
		l.closed = append(l.closed, s)
	}
	if c, ok := l.walker.(*cwalker); ok {
		if l.once = newOnce(grammar, c); l.once != nil {
			l.once.check(l)
		}
	}
	return l
})

var tomlLanguage = sync.OnceValue(func() *Language {
	return newLanguage("toml", toml.GetLanguage(), &Language{}, "document", "comment")
})

// ByName is the language of a name as hint files and editors spell it.
func ByName(name string) (*Language, bool) {
	switch name {
	case "rust":
		return Rust(), true
	case "toml":
		return TOML(), true
	}
	return nil, false
}

func newLanguage(name string, grammar *sitter.Language, l *Language, root string, prefix ...string) *Language {
	symbols := make([]tree.SymbolInfo, grammar.SymbolCount())
	for i := range symbols {
		kind := grammar.SymbolType(sitter.Symbol(i))
		symbols[i] = tree.SymbolInfo{
			Name:    grammar.SymbolName(sitter.Symbol(i)),
			Named:   kind == sitter.SymbolTypeRegular,
			Visible: kind != sitter.SymbolTypeAuxiliary,
		}
	}
	fields := []string{""}
	for i := 1; grammar.FieldName(i) != ""; i++ {
		fields = append(fields, grammar.FieldName(i))
	}
	t, err := tree.NewLanguage(name, symbols, fields, supertypes(name))
	if err != nil {
		panic(err) // a grammar is compiled in: this is a mistake of ours, seen by every test
	}
	l.Tree, l.grammar = t, grammar
	l.roles = make([]uint8, len(symbols))
	for i, s := range symbols {
		if s.Visible {
			l.roles[i] = l.named[s.Name]
		}
	}
	node := func(kind string) tree.Symbol {
		s, ok := t.Node(kind)
		if !ok {
			panic(fmt.Sprintf("grammar %s has no node %s", name, kind))
		}
		return s
	}
	l.root = node(root)
	for _, p := range prefix {
		l.prefix = append(l.prefix, node(p))
	}
	l.parsers.New = func() any {
		p := sitter.NewParser()
		p.SetLanguage(grammar)
		return p
	}
	l.portable = newPortable(l)
	l.walker = l.portable
	if c := newCWalker(l); c != nil {
		l.walker = c
	}
	return l
}

func (l *Language) isPrefix(s tree.Symbol) bool { return slices.Contains(l.prefix, s) }
