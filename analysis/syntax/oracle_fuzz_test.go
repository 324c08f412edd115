package syntax_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lectern/analysis/query"
	"lectern/analysis/syntax"
	"lectern/analysis/tree"
)

// writer writes random queries that fit some place of a tree, so that most of
// them match. They are such as people write: a few nodes, at most two of them
// repeated, and no repetition in a repetition, for which tree-sitter's engine may
// need for ever. It leaves out what Lectern does differently on purpose, as an anchor
// behind an alternation is: TestDifferences names those.
type writer struct {
	*rand.Rand
	b        strings.Builder
	captures int
	room     int // for nodes
	repeats  int // that may still be written
}

// randomQuery writes a query for some node of a tree.
func randomQuery(r *rand.Rand, tr *tree.Tree) string {
	w := &writer{Rand: r, room: 8, repeats: 2}
	var nodes []tree.Node
	tr.Root().Descendants(func(n tree.Node) bool { nodes = append(nodes, n); return true })
	n := nodes[r.IntN(len(nodes))]
	for k := r.IntN(4); k > 0 && !n.Parent().IsZero(); k-- {
		n = n.Parent()
	}
	switch {
	case w.chance(4) && !n.Parent().IsZero():
		w.b.WriteString("(")
		w.list(n, 2, false)
		w.b.WriteString(")")
	default:
		w.item(n, 3, true, true)
	}
	return w.b.String()
}

// chance is true once in n.
func (w *writer) chance(n int) bool { return w.IntN(n) == 0 }

func (w *writer) capture() {
	w.captures++
	fmt.Fprintf(&w.b, " @%c", 'a'+rune(w.captures%7))
}

// list writes some siblings from n on: the children of a node or a group.
func (w *writer) list(n tree.Node, depth int, children bool) {
	// The C engine tries an anchor behind a node that captures nothing only once.
	anchored := w.chance(2)
	anchor, bare := false, true // bare: nothing so far
	simple := true              // the last item was no alternation
	// Anything may stand behind anything in a list of tokens: to see whether several of
	// them are possible, tree-sitter's engine tries all ways, for seconds.
	most := 4
	if strings.HasPrefix(n.Parent().Kind(), "token_") {
		most, w.repeats = 2, 0
	}
	for n.IsNamed() || w.room > 0 {
		if w.room--; w.room < 0 && !bare {
			break
		}
		most--
		if bare && !children {
			// A group begins with a bracket that is no name of a field.
			w.b.WriteString("(")
			simple = w.item(n, depth, true, false)
			w.b.WriteString(")")
		} else {
			if anchor || children && bare && anchored && w.chance(3) {
				w.b.WriteString(" . ")
			}
			w.b.WriteString(" ")
			simple = w.item(n, depth, false, true)
		}
		if anchored {
			w.capture()
		}
		bare = false
		next := n.NextSibling()
		anchor = anchored && simple && w.chance(2)
		for k := w.IntN(4); !anchor && k > 0 && !next.IsZero(); k-- {
			next = next.NextSibling()
		}
		if anchor {
			for !next.IsZero() && !next.IsNamed() && !w.chance(3) {
				next = next.NextSibling()
			}
		}
		if next.IsZero() || most == 0 || w.chance(4) {
			if anchor && !next.IsZero() {
				fmt.Fprintf(&w.b, " . _")
			}
			return
		}
		n = next
	}
}

// item writes a node or an alternation, with what follows it. It tells whether it was
// a node.
func (w *writer) item(n tree.Node, depth int, root, suffix bool) (simple bool) {
	repeat := suffix && w.repeats > 0 && w.chance(4)
	if repeat {
		defer func(left int) { w.repeats = left - 1 }(w.repeats)
		w.repeats = 0 // for what is in it
	}
	if f := n.Field(); f != 0 && !w.chance(3) && !root {
		fmt.Fprintf(&w.b, "%s: ", n.Tree().Language().FieldName(f))
	}
	simple = true
	wild := false
	switch {
	case w.chance(8) && depth > 0:
		simple = false
		w.b.WriteString("[")
		if w.node(n, depth-1, root) || w.chance(2) {
			w.capture()
		}
		other := n.NextSibling()
		if other.IsZero() {
			other = n.PrevSibling()
		}
		if other.IsZero() || w.chance(3) {
			other = n
		}
		w.b.WriteString(" ")
		if w.node(other, depth-1, root) || w.chance(2) {
			w.capture()
		}
		w.b.WriteString("]")
	default:
		wild = w.node(n, depth, root)
	}
	if repeat {
		w.b.WriteByte("?*+"[w.IntN(3)])
	}
	if w.chance(2) || wild || !simple {
		w.capture() // the C engine tries a (_ (a)) that captures nothing only once
	}
	return simple
}

// node writes one node and tells whether it is a wildcard.
func (w *writer) node(n tree.Node, depth int, root bool) (wild bool) {
	switch {
	case !n.IsNamed():
		fmt.Fprintf(&w.b, "%q", n.Kind())
		return false
	case !root && w.chance(12):
		w.b.WriteString("_")
		return true
	case !root && !n.IsError() && w.chance(6):
		w.b.WriteString("(_")
		wild = true
	default:
		fmt.Fprintf(&w.b, "(%s", n.Kind())
	}
	if w.chance(10) && !n.IsError() { // which has no fields to rule out, or any
		fields := n.Tree().Language().FieldNames()
		fmt.Fprintf(&w.b, " !%s", fields[w.IntN(len(fields))])
	}
	// What is in an ERROR has no order that a grammar knows: people name the ERROR alone.
	if c := n.FirstChild(); !c.IsZero() && !n.IsError() && depth > 0 && w.room > 0 && !w.chance(3) {
		for k := w.IntN(3); k > 0; k-- {
			if next := c.NextSibling(); !next.IsZero() {
				c = next
			}
		}
		w.list(c, depth-1, true)
	}
	w.b.WriteString(")")
	return wild
}

// siblings matches a query of several nodes side by side at its top.
var siblings = regexp.MustCompile(`^\(\(|[+*]( @\w)*$`)

// compareEngines runs one random query over a source in both engines.
func compareEngines(t *testing.T, seed uint64, source []byte) (compared bool) {
	if len(source) > 20_000 {
		source = source[:20_000]
	}
	tr, err := syntax.Bytes(syntax.Rust(), source, plain)
	if err != nil {
		t.Fatal(err)
	}
	text := randomQuery(rand.New(rand.NewPCG(seed, 0)), tr)
	if tr.Root().HasError() && siblings.MatchString(text) {
		// The C engine begins no match of several siblings in an ERROR, but it takes an
		// ERROR for something else when an aliased node follows.
		return false
	}
	q, err := syntax.NewOracle(syntax.Rust(), text)
	var rejected *syntax.OracleError
	if errors.As(err, &rejected) {
		return false // an impossible pattern
	} else if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	if _, errs := query.Compile(text, syntax.Rust().Tree, core, nil); len(errs) > 0 {
		for _, e := range errs {
			if !strings.Contains(e.Message, "nothing at all") {
				t.Fatalf("tree-sitter takes a query that Lectern does not: %v\n%s", errs, text)
			}
		}
		return false
	}
	// What takes Lectern long can take tree-sitter for ever.
	got, ok := ours(t, text, tr, 100_000)
	if !ok {
		return false
	}
	p := oracleParse(t, source)
	defer p.Close()
	want, err := oracleMatches(q, p)
	if err != nil {
		return false // it follows too many matches at once
	}
	// The C engine takes a node that ends at byte 0 for one before its range.
	atZero := func(m string) bool { return strings.Contains(m, "[0,0)") }
	got, want = slices.DeleteFunc(got, atZero), slices.DeleteFunc(want, atZero)
	if d := differ(got, want); d != "" {
		t.Errorf("seed %d\n%s\n%s", seed, text, d)
	}
	return len(want) > 0
}

// TestRandomQueries compares the engines for some random queries each time the
// tests run; FuzzQueries goes on from there.
func TestRandomQueries(t *testing.T) {
	matched := 0
	n := uint64(100)
	if testing.Short() {
		n = 20
	}
	for name, source := range sources(t) {
		for seed := range n {
			ok := false
			t.Run(fmt.Sprintf("%s/%d", name, seed), func(t *testing.T) { ok = compareEngines(t, seed, source) })
			if ok {
				matched++
			}
		}
	}
	if matched < 100 {
		t.Errorf("only %d random queries matched something: the test says little", matched)
	}
}

func FuzzQueries(f *testing.F) {
	for _, source := range sources(f) {
		f.Add(uint64(1), source)
		f.Add(uint64(2), source[:len(source)/2])
	}
	f.Fuzz(func(t *testing.T, seed uint64, source []byte) { compareEngines(t, seed, source) })
}
