package rust

import "lectern/analysis/tree"

// call is the type of a call's result, where a constructor, a pointer function
// of std or a function of this file says it.
func (f *Facts) call(n tree.Node, depth int) (*typ, env) {
	g := f.Context.grammar
	fn := n.ChildByField(g.fFunction)
	if fn.IsZero() {
		return nil, env{}
	}
	if fn.Symbol() == g.genericFunction {
		fn = fn.ChildByField(g.fFunction)
	}
	arg := tree.Node{}
	if args := n.ChildByField(g.fArguments); !args.IsZero() {
		arg = firstNamed(args)
	}
	switch fn.Symbol() {
	case g.fieldExpression:
		return f.method(fn, depth)
	case g.identifier, g.scoped:
	default:
		return nil, env{}
	}
	found := f.resolve(fn)
	for _, d := range found.decls {
		switch d.decl.kind {
		case declFn:
			return d.decl.typ, d.at
		case declStruct:
			return &typ{path: g.path(fn)}, f.envAt(fn)
		}
	}
	if t := pointerCall(found); t != nil {
		return t, env{scope: -1}
	}
	if fn.Symbol() != g.scoped {
		return nil, env{}
	}
	owner, name := fn.ChildByField(g.fPath), borrow(textOf(fn.ChildByField(g.fName)))
	if owner.IsZero() {
		return nil, env{}
	}
	t, at := f.written(owner)
	if t == nil || t.kind != typPath {
		return nil, env{}
	}
	last := t.path.segs[len(t.path.segs)-1]
	if !upper(last) {
		return nil, env{} // a function of a module
	}
	switch name {
	case "new", "pin", "from", "new_in":
		if len(t.args) == 0 && (pointer(last) || holds(last)) && !arg.IsZero() {
			// The argument's paths are looked up where the argument was declared,
			// which must be where this type is written.
			if inner, there := f.expression(arg, depth+1); inner != nil {
				return f.around(t, at, inner, there)
			}
		}
		return t, at
	case "clone":
		if pointer(last) {
			inner, there := f.expression(arg, depth+1)
			if inner != nil && (inner.kind == typRef || inner.kind == typRefMut) {
				inner = inner.args[0]
			}
			return inner, there
		}
		return t, at
	case "into_raw":
		kind := typRaw
		switch last {
		case "Box", "CString":
			kind = typMut
		case "Arc", "Rc", "Weak":
			kind = typConst
		}
		return &typ{kind: kind, args: []*typ{nil}}, env{scope: -1}
	case "leak":
		return &typ{kind: typRefMut, args: []*typ{nil}}, env{scope: -1}
	}
	if constructor(name) {
		return t, at
	}
	return nil, env{}
}

// around is a smart pointer or cell around a type that may have been declared
// elsewhere: then its paths are made ones that mean the same everywhere.
func (f *Facts) around(outer *typ, at env, inner *typ, there env) (*typ, env) {
	if at != there && inner.kind == typPath {
		found := f.lookUp(inner, there)
		switch {
		case len(found.decls) > 0:
			// An item of this file: look everything up there. The pointer types
			// that count are known by their last segment.
			return &typ{path: outer.path, args: []*typ{inner}}, there
		case len(found.ends) > 0:
			inner = &typ{path: absolute(found.text[:found.ends[0]]), args: inner.args}
		}
	}
	return &typ{path: outer.path, args: []*typ{inner}}, at
}

// absolute is a path from a crate on.
func absolute(p []byte) path {
	out := path{global: true}
	start := 0
	for i := 0; i+1 < len(p); i++ {
		if p[i] == ':' && p[i+1] == ':' {
			out.segs = append(out.segs, string(p[start:i]))
			start = i + 2
			i++
		}
	}
	out.segs = append(out.segs, string(p[start:]))
	return out
}

// holds reports a type that holds a value of its first type argument, without
// being a pointer to it.
func holds(name string) bool {
	switch name {
	case "Mutex", "RwLock", "Cell", "RefCell", "UnsafeCell", "OnceCell", "OnceLock", "MaybeUninit":
		return true
	}
	return false
}

// constructor reports an associated function that by custom returns its type.
func constructor(name string) bool {
	switch name {
	case "default", "with_capacity", "with_capacity_in", "empty", "zeroed", "uninit", "dangling", "null",
		"from_raw", "from_raw_in", "from_waker", "new_unchecked", "new_uninit", "new_zeroed", "const_new", "from_ptr", "pin_in":
		return true
	}
	return false
}

// pointerCall is the type of a function of std that returns a raw pointer.
func pointerCall(found *resolved) *typ {
	var t *typ
	found.any(func(p []byte) bool {
		switch string(p) {
		case "std::ptr::null", "std::ptr::from_ref", "std::ptr::dangling", "std::ptr::without_provenance",
			"std::ptr::with_exposed_provenance":
			t = &typ{kind: typConst, args: []*typ{nil}}
		case "std::ptr::null_mut", "std::ptr::from_mut", "std::ptr::dangling_mut", "std::ptr::without_provenance_mut",
			"std::ptr::with_exposed_provenance_mut":
			t = &typ{kind: typMut, args: []*typ{nil}}
		case "std::alloc::alloc", "std::alloc::alloc_zeroed", "std::alloc::realloc":
			t = &typ{kind: typMut, args: []*typ{primitiveTyp("u8")}}
		case "crossbeam_epoch::pin", "crossbeam::epoch::pin":
			t = epochTyp("Guard")
		}
		return t != nil
	})
	return t
}

// method is the type of a method call's result.
func (f *Facts) method(fn tree.Node, depth int) (*typ, env) {
	g := f.Context.grammar
	t, at := f.expression(fn.ChildByField(g.fValue), depth+1)
	name := borrow(textOf(fn.ChildByField(g.fField)))
	switch name {
	case "as_ptr":
		return &typ{kind: typRaw, args: []*typ{nil}}, env{scope: -1}
	case "as_mut_ptr":
		return &typ{kind: typMut, args: []*typ{nil}}, env{scope: -1}
	case "to_string":
		return std(nil, "string", "String"), env{scope: -1}
	}
	if t == nil {
		return nil, env{}
	}
	switch name {
	case "clone":
		if t.kind == typRef || t.kind == typRefMut {
			t = t.args[0]
		}
		return t, at
	case "cast", "cast_mut", "cast_const", "add", "sub", "offset", "byte_add", "byte_sub", "byte_offset",
		"wrapping_add", "wrapping_sub", "wrapping_offset", "map_addr", "with_addr":
		return pointerMethod(t, name), at
	case "unwrap", "expect", "unwrap_or_default":
		if t.kind == typPath && len(t.args) > 0 {
			if last := t.path.segs[len(t.path.segs)-1]; last == "Option" || last == "Result" {
				return t.args[0], at
			}
		}
	case "load", "swap":
		for t != nil {
			if loaded := f.loaded(t, at); loaded != nil {
				return loaded, at
			}
			t, at = f.inside(t, at)
		}
	case "lock":
		for t != nil {
			if t.kind == typPath && len(t.args) > 0 && t.path.segs[len(t.path.segs)-1] == "Mutex" {
				guard := std(t.args[:1], "sync", "MutexGuard")
				return std([]*typ{guard}, "result", "Result"), at
			}
			t, at = f.inside(t, at)
		}
	}
	return nil, env{}
}

// loaded is what an atomic pointer holds, nil for other types: of std's a raw
// pointer, of crossbeam-epoch's a Shared.
func (f *Facts) loaded(t *typ, at env) *typ {
	if t.kind != typPath || len(t.args) != 1 {
		return nil
	}
	switch t.path.segs[len(t.path.segs)-1] {
	case "AtomicPtr":
		return &typ{kind: typMut, args: t.args}
	case "Atomic":
		if f.lookUp(t, at).any(func(p []byte) bool {
			return string(p) == "crossbeam_epoch::Atomic" || string(p) == "crossbeam::epoch::Atomic"
		}) {
			return epochTyp("Shared", t.args...)
		}
	}
	return nil
}

// epochTyp makes a type of crossbeam-epoch.
func epochTyp(name string, args ...*typ) *typ {
	return &typ{path: path{global: true, segs: []string{"crossbeam_epoch", name}}, args: args}
}

// pointerMethod is the type of a raw pointer after a method that keeps it one.
func pointerMethod(t *typ, name string) *typ {
	switch t.kind {
	case typConst, typMut, typRaw:
	default:
		return nil
	}
	switch name {
	case "cast":
		return &typ{kind: t.kind, args: []*typ{nil}}
	case "cast_mut":
		return &typ{kind: typMut, args: t.args}
	case "cast_const":
		return &typ{kind: typConst, args: t.args}
	}
	return t
}
