package query

import "lectern/analysis/tree"

// Arg is one argument of a predicate in a query: a capture or a string.
type Arg struct {
	Capture int    // index among the query's captures, or -1
	Text    string // the string, or the capture's name without "@"
	Offset  int    // byte offset in the query's source, for problems
}

// IsCapture reports a capture argument.
func (a Arg) IsCapture() bool { return a.Capture >= 0 }

// Match is one way in which a query matches. It is only good until the function
// that was given it returns.
type Match struct {
	Query    *Query
	Pattern  int // number of the pattern in its query, from 0
	root     tree.Node
	captures []capture
}

type capture struct {
	index int32
	node  tree.Node
}

// Context is what predicates may ask while a tree is matched.
type Context struct {
	Facts  any // facts of the document's language; *rust.Facts in a Rust file, nil elsewhere
	Budget *Budget

	reads int // of tests since the matcher looked last
}

// read counts reading so many bytes, each of them compared with so many parts of a
// pattern.
func (c *Context) read(bytes, parts int) { c.reads += bytes * parts / readSize }

// Test decides a match. It is called when the captures in its arguments are
// known, possibly before the match is complete, and must not keep m.
type Test func(m *Match, ctx *Context) bool

// Predicate is a predicate that queries may use. It is compiled once for each
// use, when the rule loads.
type Predicate struct {
	Name   string // with its mark: "path?", "set!"
	Args   string // for the reference: `@capture "path"...`
	Doc    string // one sentence: "true when ..."
	Source string // "tree-sitter", "Neovim" or "Lectern"
	// Compile checks the arguments and returns the test, or nil for one that
	// always holds. Its error says what is wrong with them; ArgError points at one.
	// The test is called only when every capture among the arguments matched
	// something; otherwise the predicate holds, and so does its not- form.
	Compile func(args []Arg, env *Env) (Test, error)
	// NoNegation leaves out the "not-" form, which otherwise is the opposite.
	NoNegation bool
	// Needs gives lists of words: where the test holds, the code spells one of each.
	// What lacks them is not looked at. Called with arguments that Compile has taken.
	Needs func(args []Arg) []Need

	cheap    bool         // looks at nothing but the captured nodes: run first
	parent   bool         // wants a parent of one of the kinds that it names
	relation relationKind // built in: tests named patterns
}

// ArgError is an error of Compile about one argument.
type ArgError struct {
	Arg     int
	Message string
	Help    string
}

func (e *ArgError) Error() string { return e.Message }

// Env is what a predicate may know when it is compiled.
type Env struct {
	Language *tree.Language
	Query    *Query

	pattern *pattern
}
