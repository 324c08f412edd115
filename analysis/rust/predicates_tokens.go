package rust

import (
	"slices"

	"lectern/analysis/query"
	"lectern/analysis/tree"
)

// tokenPredicates ask about the tokens beside a node. An anchor in a query
// passes over tokens without a name, and most of what distinguishes one text from
// another in a token tree has none: `self #field`, `self.#field`, `::Some`.
func tokenPredicates() []query.Predicate {
	beside := func(name, doc string, step func(g *Grammar, n tree.Node) tree.Node) query.Predicate {
		return query.Predicate{
			Name: name, Args: `@node "token"...`, Source: lectern, Doc: doc,
			Compile: func(args []query.Arg, _ *query.Env) (query.Test, error) {
				if err := captureArg(args, "beside the token"); err != nil {
					return nil, err
				}
				texts, err := stringArgs(args, 1, 1, "a token")
				if err != nil {
					return nil, err
				}
				return nodeTest(args[0], func(f *Facts, n tree.Node) bool {
					t := step(f.Context.grammar, n)
					return !t.IsZero() && slices.Contains(texts, string(t.Text()))
				}), nil
			},
		}
	}
	return []query.Predicate{
		beside("next-token?", "true when the token right behind the node, comments aside, is one of these", (*Grammar).nextToken),
		beside("previous-token?", "true when the token right before the node, comments aside, is one of these", (*Grammar).previousToken),
	}
}

// nextToken is the first token behind a node that is in no comment.
func (g *Grammar) nextToken(n tree.Node) tree.Node {
	for up := range upwards(n) {
		for s := up.NextSibling(); !s.IsZero(); s = s.NextSibling() {
			if t := g.firstToken(s); !t.IsZero() {
				return t
			}
		}
	}
	return tree.Node{}
}

// previousToken is the last token before a node that is in no comment.
func (g *Grammar) previousToken(n tree.Node) tree.Node {
	for up := range upwards(n) {
		for s := up.PrevSibling(); !s.IsZero(); s = s.PrevSibling() {
			if t := g.lastToken(s); !t.IsZero() {
				return t
			}
		}
	}
	return tree.Node{}
}

// firstToken is the first token in a node that is no comment.
func (g *Grammar) firstToken(n tree.Node) tree.Node {
	if g.comment(n.Symbol()) {
		return tree.Node{}
	}
	c := n.FirstChild()
	if c.IsZero() {
		return written(n)
	}
	for ; !c.IsZero(); c = c.NextSibling() {
		if t := g.firstToken(c); !t.IsZero() {
			return t
		}
	}
	return tree.Node{}
}

// lastToken is the last token in a node that is no comment.
func (g *Grammar) lastToken(n tree.Node) tree.Node {
	if g.comment(n.Symbol()) {
		return tree.Node{}
	}
	var last tree.Node
	for c := n.FirstChild(); !c.IsZero(); c = c.NextSibling() {
		last = c
	}
	if last.IsZero() {
		return written(n)
	}
	for ; !last.IsZero(); last = last.PrevSibling() {
		if t := g.lastToken(last); !t.IsZero() {
			return t
		}
	}
	return tree.Node{}
}

// written leaves out a token that the parser supposes where nothing stands.
func written(n tree.Node) tree.Node {
	if n.Start() == n.End() {
		return tree.Node{}
	}
	return n
}
