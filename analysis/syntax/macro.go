package syntax

import (
	"bytes"

	sitter "github.com/smacker/go-tree-sitter"

	"lectern/analysis/tree"
)

// In tree-sitter's tree the arguments of a macro call are tokens. A quarter of
// the atomic orderings in real code stand there, so the tokens of a call are
// parsed again as Rust and the rows put in their place. A body is parsed inside
// a template; the first template in which it is free of errors wins.

// maxDepth bounds macro calls inside macro calls.
const maxDepth = 16

// maxGroups bounds braced groups inside braced groups that are no Rust.
const maxGroups = 8

// template is Rust code around a macro's body.
type template struct {
	before, after string
	list          string // the node whose children are the body
}

var templates = []template{
	{"fn _f(){_f(", ");}", "arguments"},
	{"fn _f(){[", "];}", "array_expression"},
	{"fn _f(){", "}", "block"},
	{"mod _m{", "}", "declaration_list"},
	{"fn _f(){match _x{", "}}", "match_block"},
}

// quoting macros hold code of another program.
var quoting = map[string]bool{
	"quote": true, "quote_spanned": true, "parse_quote": true, "parse_quote_spanned": true,
	"quote_token": true, "quote_each_token": true,
}

type macroSymbols struct {
	invocation, tokens, scoped tree.Symbol
	macro                      tree.Field
	lists                      []tree.Symbol // by template
	brace                      tree.Symbol
}

func newMacroSymbols(l *tree.Language) *macroSymbols {
	m := &macroSymbols{}
	m.invocation, _ = l.Node("macro_invocation")
	m.tokens, _ = l.Node("token_tree")
	m.scoped, _ = l.Node("scoped_identifier")
	m.macro, _ = l.Field("macro")
	m.brace, _ = l.Token("{")
	for _, t := range templates {
		s, _ := l.Node(t.list)
		m.lists = append(m.lists, s)
	}
	return m
}

// macroCache remembers the rows of bodies that were parsed, by their text. A
// document keeps one for its life, so that an edit parses only the calls it
// touched.
type macroCache struct {
	bodies map[string]parsedBody
	bytes  int
}

// cacheBytes bounds the text of the bodies that a cache keeps; their rows take ten
// times as much. An edit asks for those of the units that it touched alone, so that
// little is parsed twice when the cache is emptied.
const cacheBytes = 512 << 10

type parsedBody struct {
	rows []tree.Row // positions relative to the body; none if it is not Rust
	ok   bool
}

func newMacroCache() *macroCache { return &macroCache{bodies: map[string]parsedBody{}} }

func (c *macroCache) put(body string, p parsedBody) {
	if c.bytes += len(body); c.bytes > cacheBytes {
		c.bodies, c.bytes = map[string]parsedBody{}, len(body)
	}
	c.bodies[body] = p
}

// body is a token tree that is to be parsed.
type body struct {
	unit   int // index in builder.fresh
	row    int // of the token tree
	masked []byte
	group  int // how many bodies around it did not parse; a group, as in select!, is tried as a block only
}

// finish ends the making of units: all of their rows are there.
func (b *builder) finish() {
	b.splice()
	for _, u := range b.fresh {
		u.Symbols = tree.SymbolsOf(u.Rows)
	}
}

// splice parses the macro bodies of all fresh units and puts their rows in.
func (b *builder) splice() {
	if b.macros == nil {
		return
	}
	active := make([]int, len(b.fresh))
	for i := range active {
		active[i] = i
	}
	for depth := 0; depth < maxDepth && len(active) > 0; depth++ {
		var bodies []body
		for _, u := range active {
			bodies = b.collect(bodies, u)
		}
		if len(bodies) == 0 {
			return
		}
		b.parseBodies(bodies)
		active = active[:0]
		for i := 0; i < len(bodies); {
			j := i
			for j < len(bodies) && bodies[j].unit == bodies[i].unit {
				j++
			}
			if b.insert(bodies[i:j]) {
				active = append(active, bodies[i].unit)
			}
			i = j
		}
	}
}

// collect adds the bodies of the macro calls in a unit that are still tokens.
func (b *builder) collect(bodies []body, u int) []body {
	m, unit := b.lang.macros, b.fresh[u]
	rows := unit.Rows
	for i := range rows {
		if rows[i].Symbol != m.invocation {
			continue
		}
		name, tokens := int32(-1), int32(-1)
		for c := int32(i) + 1; c < rows[i].Skip; c = rows[c].Skip {
			switch {
			case rows[c].Field == m.macro:
				name = c
			case rows[c].Symbol == m.tokens && rows[c].Flags&(tree.Spliced|tree.Opaque|tree.HasError) == 0:
				tokens = c
			}
		}
		if name < 0 || tokens < 0 || quoting[b.lastSegment(u, rows[name])] {
			continue
		}
		bodies = b.add(bodies, u, int(tokens), 0)
	}
	return bodies
}

// add adds the body of one token tree, without its brackets.
func (b *builder) add(bodies []body, u, row, group int) []body {
	r := b.fresh[u].Rows[row]
	if r.End-r.Start <= 2 {
		return bodies
	}
	content := b.slice(u, r.Start+1, r.End-1)
	if len(bytes.TrimSpace(content)) == 0 {
		return bodies
	}
	bd := body{unit: u, row: row, masked: content, group: group}
	if b.mask != nil {
		bd.masked = b.mask.Bytes(content, b.starts[u]+int(r.Start)+1)
	}
	return append(bodies, bd)
}

func (b *builder) slice(u int, start, end uint32) []byte {
	return b.text.Slice(b.starts[u]+int(start), b.starts[u]+int(end))
}

func (b *builder) lastSegment(u int, r tree.Row) string {
	name := b.slice(u, r.Start, r.End)
	if i := bytes.LastIndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	return string(bytes.TrimSpace(name))
}

// key is what a body's rows depend on.
func (bd *body) key() string {
	if bd.group > 0 {
		return "{" + string(bd.masked)
	}
	return string(bd.masked)
}

// parseBodies fills the cache with the bodies that it lacks. Most bodies are
// argument lists, so all of them are parsed as such in one text; what fails
// there is tried alone.
func (b *builder) parseBodies(bodies []body) {
	var batch []*body
	seen := map[string]bool{}
	for i := range bodies {
		bd := &bodies[i]
		key := bd.key()
		if _, ok := b.macros.bodies[key]; ok || seen[key] {
			continue
		}
		seen[key] = true
		switch fits := possible(bd.masked); {
		case bd.group > 0:
			b.alone(bd, key, chosen(fits&asBlock))
		case fits&asArguments != 0:
			batch = append(batch, bd)
		default:
			b.alone(bd, key, chosen(fits))
		}
	}
	for len(batch) > 0 {
		// A bounded batch keeps the offsets of the text far from 32 bits.
		n, size := 0, 0
		for n < len(batch) && size < 8<<20 {
			size += len(batch[n].masked)
			n++
		}
		for _, bd := range b.together(batch[:n]) {
			b.alone(bd, bd.key(), chosen(possible(bd.masked)))
		}
		batch = batch[n:]
	}
}

// chosen are the templates of a set of bits.
func chosen(fits int) []template {
	var in []template
	for i, t := range templates {
		if fits&(1<<i) != 0 {
			in = append(in, t)
		}
	}
	return in
}

// together parses bodies as argument lists in one text and returns those that
// are none.
func (b *builder) together(batch []*body) []*body {
	t := templates[0]
	var buf bytes.Buffer
	starts := make([]int, len(batch))
	for i, bd := range batch {
		buf.WriteString(t.before)
		starts[i] = buf.Len()
		buf.Write(bd.masked)
		buf.WriteString(t.after)
		buf.WriteByte('\n')
	}
	rows, done := b.parsed(buf.Bytes())
	defer done()
	var failed []*body
	row := 0
	for i, bd := range batch {
		start := starts[i] - len(t.before)
		for row < len(rows) && int(rows[row].Start) < start {
			row = int(rows[row].Skip)
		}
		body, ok := b.extract(rows, row, t, b.lang.macros.lists[0], starts[i], len(bd.masked))
		if !ok {
			failed = append(failed, bd)
			continue
		}
		b.macros.put(bd.key(), parsedBody{body, true})
	}
	return failed
}

// alone parses one body in each template until one fits.
func (b *builder) alone(bd *body, key string, in []template) {
	for _, t := range in {
		var buf bytes.Buffer
		buf.WriteString(t.before)
		buf.Write(bd.masked)
		// A line comment at the body's end must not swallow the template.
		buf.WriteByte('\n')
		buf.WriteString(t.after)
		list := b.lang.macros.lists[0]
		for k := range templates {
			if templates[k].list == t.list {
				list = b.lang.macros.lists[k]
			}
		}
		all, done := b.parsed(buf.Bytes())
		rows, ok := b.extract(all, 0, t, list, len(t.before), len(bd.masked))
		done()
		if ok {
			b.macros.put(key, parsedBody{rows, true})
			return
		}
	}
	b.macros.put(key, parsedBody{})
}

// parsed parses a text of templates. The rows are good until done is called.
func (b *builder) parsed(content []byte) (rows []tree.Row, done func()) {
	if _, portable := b.walker.(*portable); !portable && b.lang.once != nil {
		f, err := b.lang.flat(content)
		if err != nil {
			return nil, func() {} // too costly: the bodies stay tokens
		}
		return f.rows, f.close
	}
	t, err := b.lang.run(nil, func(offset uint32, _ sitter.Point) []byte {
		return content[min(int(offset), len(content)):]
	})
	if err != nil {
		return nil, func() {}
	}
	defer t.Close()
	rows, _ = b.walker.items(b.walker.root(t), false, 0, uint32(len(content))+1)
	return rows, func() {}
}

// extract takes the rows of a body out of the template's item at a row, if the
// item is whole, free of errors and where it should be.
func (b *builder) extract(rows []tree.Row, item int, t template, list tree.Symbol, start, length int) ([]tree.Row, bool) {
	if item >= len(rows) || int(rows[item].Start) != start-len(t.before) || rows[item].Flags&tree.HasError != 0 {
		return nil, false
	}
	end := int(rows[item].Skip)
	if item+1 >= end || rows[item].Symbol == tree.Error {
		return nil, false
	}
	// The item must end with the template, or the body closed a bracket of it.
	if got := int(rows[item].End); got != start+length+len(t.after) && got != start+length+1+len(t.after) {
		return nil, false
	}
	for i := item; i < end; i++ {
		r := rows[i]
		if r.Symbol != list || int(r.Start) > start || int(r.End) < start+length {
			continue
		}
		if int(r.Start) < start-1 {
			continue
		}
		out := b.rows(int(r.Skip) - i - 2)[:0]
		first := int32(-1)
		prev := int32(-1)
		for c := int32(i) + 1; c < r.Skip; c = rows[c].Skip {
			if int(rows[c].Start) < start || int(rows[c].End) > start+length {
				continue // the template's own brackets
			}
			if first < 0 {
				first = c
			}
			shift := int32(len(out)) - c
			for k := c; k < rows[c].Skip; k++ {
				row := rows[k]
				row.Start -= uint32(start)
				row.End -= uint32(start)
				row.Skip += shift
				if k == c {
					row.Parent, row.Prev = -1, prev
				} else {
					row.Parent += shift
					if row.Prev >= 0 {
						row.Prev += shift
					}
				}
				out = append(out, row)
			}
			prev = int32(len(out)) - (rows[c].Skip - c)
		}
		return out, first >= 0
	}
	return nil, false
}
