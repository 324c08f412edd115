package rust

import (
	"fmt"
	"slices"
	"strings"

	"lectern/analysis/query"
	"lectern/analysis/tree"
)

// Predicates are the predicates that know Rust, for a query.Registry.
func Predicates() []query.Predicate {
	return slices.Concat(namePredicates(), codePredicates(), tokenPredicates(), cratePredicates())
}

// lectern is the Source of all predicates here.
const lectern = "Lectern"

// nodeTest makes a Test of a question about one captured node.
func nodeTest(arg query.Arg, ask func(f *Facts, n tree.Node) bool) query.Test {
	capture := arg.Capture
	return func(m *query.Match, ctx *query.Context) bool {
		f := facts(ctx)
		if f == nil {
			return false
		}
		n, ok := m.Node(capture)
		return ok && ask(f, n)
	}
}

// captureArg checks that the first argument is a capture.
func captureArg(args []query.Arg, what string) error {
	if len(args) == 0 {
		return fmt.Errorf("a capture is missing: which node is %s?", what)
	}
	if !args[0].IsCapture() {
		return &query.ArgError{
			Message: fmt.Sprintf("%q is a string, but a capture is wanted here", args[0].Text),
			Help:    fmt.Sprintf("name the node that is %s, as in @%s", what, identifierOf(args[0].Text)),
		}
	}
	return nil
}

// identifierOf suggests a capture's name.
func identifierOf(s string) string {
	if i := strings.LastIndex(s, "::"); i >= 0 {
		s = s[i+2:]
	}
	name := strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
	if name == "" {
		return "node"
	}
	return strings.ToLower(name)
}

// stringArgs checks that the arguments from one on are strings, at least so
// many, and gives them.
func stringArgs(args []query.Arg, from, least int, what string) ([]string, error) {
	var out []string
	for i := from; i < len(args); i++ {
		if args[i].IsCapture() {
			return nil, &query.ArgError{
				Arg: i, Message: fmt.Sprintf("@%s is a capture, but %s is wanted here", args[i].Text, what),
				Help: "write it as a string in double quotes",
			}
		}
		out = append(out, args[i].Text)
	}
	if len(out) < least {
		return nil, fmt.Errorf("%s is missing", what)
	}
	return out, nil
}

// noMore checks that there are no arguments from one on.
func noMore(args []query.Arg, from int) error {
	if len(args) > from {
		return &query.ArgError{Arg: from, Message: fmt.Sprintf("%q is one argument too many", args[from].Text)}
	}
	return nil
}

// parseAll reads arguments with one of the parsers; first is the number of the
// first of them.
func parseAll[T any](texts []string, first int, help string, parse func(string) (T, error)) ([]T, error) {
	out := make([]T, len(texts))
	for i, t := range texts {
		v, err := parse(t)
		if err != nil {
			return nil, &query.ArgError{Arg: first + i, Message: err.Error(), Help: help}
		}
		out[i] = v
	}
	return out, nil
}

// oneOf checks that arguments are among known words.
func oneOf(texts []string, first int, what string, words ...string) error {
	for i, t := range texts {
		if !slices.Contains(words, t) {
			return &query.ArgError{
				Arg: first + i, Message: fmt.Sprintf("%q is no %s", t, what),
				Help: "known are " + strings.Join(words, ", "),
			}
		}
	}
	return nil
}

const pathHelp = `write it from the crate on, as in "std::mem::transmute"; "std::sync::atomic::Ordering::*" is everything directly below`
