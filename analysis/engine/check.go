package engine

import (
	"iter"

	"lectern/analysis/allow"
	"lectern/analysis/query"
	"lectern/analysis/rust"
	"lectern/analysis/tree"
)

// note is what is known of one unit: tree.Unit.Note. Only the document's owner
// touches it.
type note struct {
	findings []unitFinding
	allows   []allow.Comment // relative to the unit's start
	cross    tree.Cross      // what else the findings depend on
	record   rust.Record     // the names that they depend on
	summary  *rust.Summary   // what the unit declares to the file; nil but for Rust
	place    rust.Place
	checked  bool
	marks    uint64        // of the units inside it
	asked    []query.Asked // about units around it
	masked   uint64        // maskedAround, where masked words were asked for
	// How many units beside it in its list were looked at: see tree.Watch.
	before, after int

	gen   uint64 // the last pass that met the unit
	index int    // of the note in the document's live notes
	pass  uint64 // the pass that checked the unit

	// Where the unit stood in the last pass.
	unit  *tree.Unit
	base  int
	level int    // containers around it
	moved int    // by how many bytes since the pass before
	made  uint64 // the pass in which its findings were put in place
	up    bool   // a finding has captures in containers around
}

// RustSummary lets predicates use the unit's summary.
func (n *note) RustSummary() *rust.Summary { return n.summary }

// unitFinding is a finding at positions that hold wherever the unit stands.
type unitFinding struct {
	rule     *rule
	message  string
	captures []unitCapture
	mark     int // of captures: @hint
}

// unitCapture is a captured range. It counts from the start of the unit, or,
// when the node stands in a container around it, of that container: up levels
// above. Nodes in units beside or inside count from the unit too: what crosses
// those borders is checked again whenever anything moves there.
type unitCapture struct {
	name       string
	start, end int
	up         int
}

// checker looks at units. One goroutine at a time may use it.
type checker struct {
	rs       *ruleset
	matcher  *query.Matcher
	recorder *rust.Recorder
	facts    *rust.Facts // nil but for Rust
	context  query.Context
	watch    tree.Watch
	spent    map[*rule]bool // rules that ran out of budget
	// Names that hints ask for which the file calls by another, or has called so: one
	// that comes back, as in code that is broken for a moment, changes nothing.
	renamed map[string]bool
}

func newChecker(rs *ruleset, plain bool) *checker {
	c := &checker{rs: rs, matcher: rs.pool.Get().(*query.Matcher), spent: map[*rule]bool{}, renamed: map[string]bool{}}
	c.matcher.SetPlain(plain)
	c.context.Budget = query.NewBudget(func(i int) { c.spent[&rs.rules[i]] = true })
	if rs.grammar != nil {
		c.recorder = &rust.Recorder{}
		c.facts = &rust.Facts{Context: rust.NewContext(rs.grammar), Recorder: c.recorder}
		c.context.Facts = c.facts
	}
	return c
}

// close gives back what other checkers can use.
func (c *checker) close() {
	if c.matcher != nil {
		c.matcher.Forget()
		c.rs.pool.Put(c.matcher)
		c.matcher = nil
	}
}

// declare makes the unit's note and what it tells the rest of the file, before
// any unit is checked.
func (c *checker) declare(f *tree.Frame) *note {
	n := &note{}
	if c.rs.grammar != nil {
		n.summary = c.rs.grammar.Summarize(f)
		n.place = c.rs.grammar.PlaceOf(f)
	}
	f.Unit.Note = n
	return n
}

// rename adds the names that hints ask for, and reports that there is a new one.
func (c *checker) rename(names iter.Seq[string]) bool {
	before := len(c.renamed)
	for name := range names {
		if c.rs.set.Knows(name) {
			c.renamed[name] = true
		}
	}
	return len(c.renamed) > before
}

// check finds what the rules find in a unit.
func (c *checker) check(f *tree.Frame) {
	old := f.Unit.Note.(*note)
	n := &note{
		summary: old.summary, place: old.place, checked: true, gen: old.gen, index: old.index,
		unit: old.unit, base: old.base, level: old.level,
	}
	t := f.Tree()
	c.watch = tree.Watch{Frame: f}
	t.SetWatch(&c.watch)
	c.matcher.Frame(f, &c.context, func(i int, m *query.Match) {
		r := &c.rs.rules[i]
		if !c.spent[r] {
			c.add(n, f, r, m)
		}
	})
	t.SetWatch(nil)
	n.cross, n.before, n.after = c.watch.Cross, c.watch.Before, c.watch.After
	n.asked = c.matcher.Asked()
	for _, k := range f.Unit.Kids {
		n.marks |= query.Marks(k.Unit)
	}
	if c.recorder != nil {
		n.record = c.recorder.Take()
	}
	n.allows = allow.Extract(f)
	f.Unit.Note = n
}

// add makes a finding of a match, unless there is one at the same place already.
func (c *checker) add(n *note, f *tree.Frame, r *rule, m *query.Match) {
	marked, ok := m.Node(r.mark)
	if !ok {
		return
	}
	start, end := trim(marked)
	start, end = start-f.Base, end-f.Base
	for _, u := range n.findings {
		if at := u.captures[u.mark]; u.rule.hint == r.hint && at.start == start && at.end == end {
			return
		}
	}
	if c.facts != nil && len(r.hint.Lints) > 0 && rust.LintAllowed(&c.context, marked, r.hint.Lints) {
		return
	}
	u := unitFinding{rule: r, mark: -1}
	m.Each(func(name string, node tree.Node) bool {
		if name == "hint" {
			if u.mark >= 0 || node != marked {
				return true
			}
			u.mark = len(u.captures)
		}
		start, end := trim(node)
		up, base := 0, f.Base
		for p, k := f.Parent, 1; p != nil; p, k = p.Parent, k+1 {
			if node.Frame() == p {
				up, base = k, p.Base
			}
		}
		n.up = n.up || up > 0
		u.captures = append(u.captures, unitCapture{name: name, start: start - base, end: end - base, up: up})
		return true
	})
	if u.mark < 0 {
		return
	}
	u.message = r.message.fill(func(name string) (string, bool) {
		found, ok := "", false
		m.Each(func(n string, node tree.Node) bool {
			if n == name {
				found, ok = string(node.Text()), true
			}
			return !ok
		})
		return found, ok
	})
	n.findings = append(n.findings, u)
}

// trim is a node's range without the line end that doc comments carry.
func trim(n tree.Node) (start, end int) {
	start, end = n.Start(), n.End()
	if !n.IsExtra() {
		return start, end
	}
	t := n.Text()
	for len(t) > 0 && (t[len(t)-1] == '\n' || t[len(t)-1] == '\r') {
		t = t[:len(t)-1]
		end--
	}
	return start, end
}
