package mask

// kind is a token as the forms see it: a punctuation byte, a keyword, or one of
// the rest that are all alike.
type kind uint8

// The kinds above the punctuation, which is ASCII.
const (
	other kind = 0x80 + iota // a number, a lifetime, a character, a raw identifier
	loneTick
	stringLiteral
	prefix // r, b, c, br, cr: strings may follow directly
	identifier
	asyncWord
	autoWord
	constWord
	defaultWord
	dynWord
	externWord
	fnWord
	genWord
	implWord
	mutWord
	pubWord
	rawWord
	safeWord
	staticWord
	traitWord
	typeWord
	unsafeWord

	// Kinds of forms.prev alone.
	boundStart // behind `:`, `+` or `dyn`
	implTarget // behind the generics of an impl
)

// maxKeyword is the length of the longest keyword below.
const maxKeyword = len("default")

func keyword(name []byte) kind {
	if len(name) > maxKeyword {
		return identifier
	}
	switch string(name) {
	case "r", "b", "c", "br", "cr":
		return prefix
	case "async":
		return asyncWord
	case "auto":
		return autoWord
	case "const":
		return constWord
	case "default":
		return defaultWord
	case "dyn":
		return dynWord
	case "extern":
		return externWord
	case "fn":
		return fnWord
	case "gen":
		return genWord
	case "impl":
		return implWord
	case "mut":
		return mutWord
	case "pub":
		return pubWord
	case "raw":
		return rawWord
	case "safe":
		return safeWord
	case "static":
		return staticWord
	case "trait":
		return traitWord
	case "type":
		return typeWord
	case "unsafe":
		return unsafeWord
	}
	return identifier
}

// names reports that the token can be a part of a path: words that are keywords
// only in their place are ordinary names elsewhere.
func (k kind) names() bool {
	switch k {
	case identifier, autoWord, defaultWord, genWord, rawWord, safeWord:
		return true
	}
	return false
}

// hidden says whether a modifier in front of an item is to be hidden.
func hidden(modifier, item kind, foreign bool) (Kind, bool) {
	switch {
	case modifier == safeWord && (item == fnWord || item == staticWord) && foreign:
		return SafeItem, true
	case modifier == unsafeWord && item == staticWord && foreign:
		return UnsafeStatic, true
	case modifier == genWord && item == fnWord:
		return GenFn, true
	case modifier == constWord && item == traitWord:
		return ConstTrait, true
	case modifier == autoWord && item == traitWord:
		return AutoTrait, true
	case modifier == constWord && item == implWord:
		return ConstImpl, true
	case modifier == defaultWord && item == implWord:
		return DefaultImpl, true
	}
	return 0, false
}

type token struct {
	kind       kind
	start, end int
}

// mode is what the tokens in forms.held are.
type mode uint8

const (
	modifiers    mode = iota // of an item that is still to come: pub(crate) unsafe extern "C"
	visibility               // the same, inside of the parentheses: pub(
	foreignType              // pub type
	foreignNamed             // pub type, and a name was read
	generics                 // none: inside of impl<
	boundConst               // const, ~const or [const, where a bound may stand
	rawVariable              // &raw
)

// forms recognizes the forms that are to be hidden. It holds only words that may
// turn out to be the start of one.
type forms struct {
	mask    *Mask
	foreign int // see mark

	mode   mode
	held   [24]token
	n      int   // of held
	prev   token // the token before, if it matters to the next one; otherwise its kind is 0
	angles int   // open, in generics
	impl   int   // where the last `impl` with generics starts

	// In boundConst, what the span will be.
	form     Kind
	formHead int
}

// clean reports that nothing that was read so far matters to what comes, but for
// foreign.
func (f *forms) clean() bool { return f.mode == modifiers && f.n == 0 && f.prev.kind == 0 }

func (f *forms) reset() { f.mode, f.n = modifiers, 0 }

// hold adds a token to those held. It forgets them all, and reports so, when
// there are more than any item has.
func (f *forms) hold(t token) (ok bool) {
	if f.n == len(f.held) {
		f.reset()
		return false
	}
	f.held[f.n] = t
	f.n++
	return true
}

// last is the kind of the last modifier, 0 if there is none.
func (f *forms) last() kind {
	if f.n == 0 {
		return 0
	}
	return f.held[f.n-1].kind
}

// hide makes the tokens spans, those that touch one span.
func (f *forms) hide(k Kind, head int, tokens ...token) {
	for _, t := range tokens {
		spans := f.mask.spans
		if n := len(spans); n > 0 && spans[n-1].End == t.start && spans[n-1].Kind == k && spans[n-1].Head == head {
			spans[n-1].End = t.end
			continue
		}
		f.mask.spans = append(spans, Span{t.start, t.end, k, head})
	}
}

// hideModifiers hides what the item does not take, and forgets the others.
func (f *forms) hideModifiers(item token) {
	for _, t := range f.held[:f.n] {
		if k, ok := hidden(t.kind, item.kind, f.foreign == 1); ok {
			f.hide(k, item.start, t)
		}
	}
	f.reset()
}

// token takes the next token. The end is that of words and punctuation; of other
// tokens it does not matter.
func (f *forms) token(k kind, start, end int) {
	t := token{k, start, end}
	prev := f.prev
	f.prev.kind = 0
	switch f.mode {
	case visibility:
		if k.names() || k == ':' || k == ')' {
			if k == ')' {
				f.mode = modifiers
			}
			f.hold(t)
			return
		}
		f.reset()
	case foreignType:
		if k.names() {
			f.mode = foreignNamed
			return
		}
		f.reset()
	case foreignNamed:
		// `pub type X = Y;` is no foreign type, and the grammar takes it.
		if k != '=' {
			f.hide(ForeignTypeVisibility, f.held[f.n-1].start, f.held[:f.n-1]...)
		}
		f.reset()
	case generics:
		switch k {
		case '<':
			f.angles++
			return
		case '>':
			if f.angles--; f.angles == 0 {
				f.reset()
				f.prev.kind = implTarget
			}
			return
		case '{', '}', ';':
			f.reset()
		default:
			return
		}
	case boundConst:
		bracket := f.held[0].kind == '['
		switch {
		case bracket && k == ']':
			f.hide(f.form, f.formHead, f.held[0], f.held[1], t)
			f.reset()
			return
		case bracket:
		case k.names() || k == ':' || k == '!':
			f.hide(f.form, f.formHead, f.held[:f.n]...)
		}
		f.reset()
	case rawVariable:
		if k != constWord && k != mutWord {
			f.hide(RawVariable, f.held[0].start, f.held[0])
		}
		f.reset()
	}
	f.item(t, prev)
}

// item takes a token that is not part of one of the modes but modifiers.
func (f *forms) item(t, prev token) {
	switch t.kind {
	case constWord:
		f.constant(t, prev)
	case asyncWord, autoWord, defaultWord, externWord, genWord, safeWord, unsafeWord:
		f.hold(t)
	case pubWord:
		f.reset()
		f.hold(t)
	case stringLiteral:
		if f.last() != externWord {
			f.reset()
			break
		}
		f.hold(t)
	case '(':
		if f.last() != pubWord {
			f.reset()
			break
		}
		if f.hold(t) {
			f.mode = visibility
		}
	case '{':
		f.open()
	case '}':
		f.reset()
		if f.foreign > 0 {
			f.foreign--
		}
	case fnWord, staticWord, traitWord:
		f.hideModifiers(t)
	case implWord:
		f.hideModifiers(t)
		f.prev = t
	case typeWord:
		if f.foreign == 1 && (f.last() == pubWord || f.last() == ')') {
			if f.hold(t) { // the last of what is held, see foreignNamed
				f.mode = foreignType
			}
			break
		}
		f.reset()
	case rawWord:
		f.reset()
		if prev.kind == '&' {
			f.mode = rawVariable
			f.hold(t)
		}
	case '<':
		f.reset()
		if prev.kind == implWord {
			f.mode, f.angles, f.impl = generics, 1, prev.start
		}
	case ':', '+', dynWord:
		f.reset()
		f.prev.kind = boundStart
	case '[':
		f.reset()
		switch prev.kind {
		case boundStart, implWord, implTarget:
			f.prev = t
		}
	case '*', '&', '~', loneTick:
		f.reset()
		f.prev = t
	default:
		f.reset()
	}
}

// constant takes a `const`: part of a bound, of a raw pointer, or a modifier.
func (f *forms) constant(t, prev token) {
	switch prev.kind {
	case '*':
		f.reset()
		return
	case '~', '[':
		f.reset()
		f.hold(prev)
		f.form, f.formHead = ConstBound, prev.start
	case boundStart:
		f.form, f.formHead = ConstBound, t.start
	case implWord:
		f.form, f.formHead = ConstImpl, prev.start
	case implTarget:
		f.form, f.formHead = ConstImpl, f.impl
	default:
		f.hold(t)
		return
	}
	f.mode = boundConst
	f.hold(t)
}

// open takes a `{`.
func (f *forms) open() {
	n := f.n
	if f.last() == stringLiteral {
		n--
	}
	block := n > 0 && f.held[n-1].kind == externWord
	if block && n > 1 && f.held[n-2].kind == unsafeWord {
		f.hide(UnsafeExtern, f.held[n-1].start, f.held[n-2])
	}
	f.reset()
	switch {
	case block:
		// Extern blocks do not nest. One that seems to be inside of another stands
		// behind one that is still being written.
		f.foreign = 1
	case f.foreign > 0:
		f.foreign++
	}
}
