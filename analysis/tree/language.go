package tree

import "fmt"

// Language names the symbols and fields of a grammar.
type Language struct {
	Name string // "rust", "toml"

	symbols    []SymbolInfo
	fields     []string // by Field; "" for 0
	byName     map[string]Symbol
	byToken    map[string]Symbol
	fieldNamed map[string]Field
	super      map[string][]Symbol
}

// SymbolInfo describes one symbol.
type SymbolInfo struct {
	Name    string
	Named   bool // `identifier`; otherwise a token such as "unsafe"
	Visible bool // occurs in trees; hidden symbols such as `_expression` do not
}

// NewLanguage makes a Language. Symbols and fields are given by number, field 0
// being the empty name; supertypes map a hidden symbol's name to the names of
// the nodes and tokens that are one.
//
// Grammars number some names more than once (aliases); trees carry any of the
// numbers. Canonical gives the first.
func NewLanguage(name string, symbols []SymbolInfo, fields []string, supertypes map[string][]string) (*Language, error) {
	if len(fields) > 255 {
		return nil, fmt.Errorf("grammar %s has %d fields; a row holds 255", name, len(fields))
	}
	l := &Language{
		Name: name, symbols: symbols, fields: fields, super: map[string][]Symbol{},
		byName: map[string]Symbol{}, byToken: map[string]Symbol{}, fieldNamed: map[string]Field{},
	}
	for i, s := range symbols {
		if !s.Visible {
			continue
		}
		m := l.byToken
		if s.Named {
			m = l.byName
		}
		if _, ok := m[s.Name]; !ok {
			m[s.Name] = Symbol(i)
		}
	}
	for i, f := range fields {
		if i > 0 {
			l.fieldNamed[f] = Field(i)
		}
	}
	for name, members := range supertypes {
		for _, m := range members {
			s, ok := l.byName[m]
			if !ok {
				s, ok = l.byToken[m]
			}
			if !ok {
				return nil, fmt.Errorf("grammar %s has no %s, said to be a %s", l.Name, m, name)
			}
			l.super[name] = append(l.super[name], s)
		}
	}
	return l, nil
}

// Symbols is the number of symbols, ERROR not counted.
func (l *Language) Symbols() int { return len(l.symbols) }

// Info describes a symbol; ERROR is described too.
func (l *Language) Info(s Symbol) SymbolInfo {
	if s == Error {
		return SymbolInfo{Name: "ERROR", Named: true, Visible: true}
	}
	if int(s) >= len(l.symbols) {
		return SymbolInfo{}
	}
	return l.symbols[s]
}

// Canonical is the first symbol with the same name and namedness as s. Rows
// hold canonical symbols only.
func (l *Language) Canonical(s Symbol) Symbol {
	if s == Error || int(s) >= len(l.symbols) {
		return s
	}
	i := l.symbols[s]
	m := l.byToken
	if i.Named {
		m = l.byName
	}
	if c, ok := m[i.Name]; ok {
		return c
	}
	return s
}

// Node is the symbol of a named node such as `identifier`.
func (l *Language) Node(name string) (Symbol, bool) {
	if name == "ERROR" {
		return Error, true
	}
	s, ok := l.byName[name]
	return s, ok
}

// Token is the symbol of an anonymous node such as "unsafe".
func (l *Language) Token(text string) (Symbol, bool) { s, ok := l.byToken[text]; return s, ok }

// Field is the number of a field name.
func (l *Language) Field(name string) (Field, bool) { f, ok := l.fieldNamed[name]; return f, ok }

// FieldName is the name of a field, "" for 0.
func (l *Language) FieldName(f Field) string {
	if int(f) >= len(l.fields) {
		return ""
	}
	return l.fields[f]
}

// Supertype lists the symbols of the nodes that are a name such as `_expression`.
func (l *Language) Supertype(name string) ([]Symbol, bool) { s, ok := l.super[name]; return s, ok }

// Names calls yield for every visible node name and token, to suggest what was meant.
func (l *Language) Names(yield func(SymbolInfo) bool) {
	for _, s := range l.symbols {
		if s.Visible && !yield(s) {
			return
		}
	}
}

// FieldNames lists the field names.
func (l *Language) FieldNames() []string { return l.fields[1:] }
