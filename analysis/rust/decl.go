package rust

import "slices"

// space is a set of Rust's namespaces.
type space uint8

const (
	typeSpace space = 1 << iota
	valueSpace
	macroSpace

	anySpace = typeSpace | valueSpace | macroSpace
)

// declKind is what a declaration declares.
type declKind uint8

const (
	declUse     declKind = iota // an import; the name "*" for a glob
	declCrate                   // extern crate
	declMod                     // mod m { ... }
	declModFile                 // mod m; the file is not seen
	declStruct
	declUnion
	declEnum
	declAlias // type A = B;
	declTrait
	declFn
	declStatic
	declConst
	declMacro
	declAttribute // an inner attribute, or an outer one of the module itself
	declItems     // a call of a macro among the items
	declBroken    // an item that is broken
)

// Names of what a module has besides names. No identifier looks like them.
const (
	globName      = "*"  // imports with a glob
	attributeName = "#"  // the module's attributes
	macroUseName  = "#!" // inline modules and crates whose macros are in scope
	itemMacroName = "!"  // calls of macros that may declare anything
	brokenName    = "?"  // before a name that broken code declares
)

// decl is one declaration. It is immutable.
type decl struct {
	name   string
	module string // relative to the module in which the unit stands; "" is that module
	kind   declKind
	space  space
	flags  declFlags
	path   path     // an import's target, an alias's path, the extern crate's name
	typ    *typ     // of a static or const; a function's result; an alias's type
	fields []field  // of a struct or union; an enum's variants, without types
	attrs  []string // attributes without `#[` and `]`; the text of a declAttribute
}

// declFlags are modifiers.
type declFlags uint8

const (
	flagMut    declFlags = 1 << iota // static mut
	flagUnsafe                       // unsafe fn, unsafe trait
	flagMacroUse
	flagForeign // declared in an extern block
	flagAsync   // async fn
	flagMacro   // declared in the arguments of a macro call, which may add attributes
)

// field is a field with its type.
type field struct {
	name string
	typ  *typ
}

// path is a path as written: `::a::b` is global.
type path struct {
	global bool
	segs   []string
}

func (p path) equal(o path) bool { return p.global == o.global && slices.Equal(p.segs, o.segs) }

// renames is the last name of the path that a declaration gives another name, or
// "".
func (d *decl) renames() string {
	segs := d.path.segs
	switch {
	case d.kind == declAlias && d.typ != nil && d.typ.kind == typPath:
		segs = d.typ.path.segs
	case d.kind != declUse && d.kind != declCrate || d.name == globName:
		return ""
	}
	if len(segs) == 0 || segs[len(segs)-1] == d.name {
		return ""
	}
	return segs[len(segs)-1]
}

func (d *decl) equal(o *decl) bool {
	return d == o || d.name == o.name && d.module == o.module && d.kind == o.kind && d.space == o.space &&
		d.flags == o.flags && d.path.equal(o.path) && d.typ.equal(o.typ) &&
		slices.EqualFunc(d.fields, o.fields, func(a, b field) bool { return a.name == b.name && a.typ.equal(b.typ) }) &&
		slices.Equal(d.attrs, o.attrs)
}

// typKind is the shape of a type.
type typKind uint8

const (
	typPath typKind = iota
	typRef
	typRefMut
	typConst // *const T
	typMut   // *mut T
	typRaw   // a raw pointer of unknown mutability
	typSlice // [T] and [T; N]
	typTuple
	typFn
	typOther
)

// typ is a type as written. It is immutable.
type typ struct {
	kind typKind
	path path
	args []*typ // type arguments; the target of a reference or pointer; elements
}

func (t *typ) equal(o *typ) bool {
	if t == o {
		return true
	}
	return t != nil && o != nil && t.kind == o.kind && t.path.equal(o.path) &&
		slices.EqualFunc(t.args, o.args, (*typ).equal)
}
