package engine

import (
	"fmt"
	"strings"

	"lectern/analysis/query"
)

//go:generate go test . -run TestReferenceIsFresh -update

// Reference is the table of all predicates and relations as Markdown, made from
// their registration.
func Reference() string {
	var b strings.Builder
	b.WriteString(`# Predicates and relations

What a hint's query may ask beyond tree-sitter's patterns. Each is written after the nodes of its
pattern, as in ` + "`((identifier) @name (#eq? @name \"unsafe\"))`" + `, and has a form with ` + "`not-`" + ` in front
where the table names one. This page is made from the registered predicates; change them, then run
` + "`go generate ./...`" + `.
`)
	sources := []struct{ name, title, about string }{
		{"Lectern", "Lectern's own", "They know Rust, the crate and the course's named patterns."},
		{"tree-sitter", "Tree-sitter's", "With tree-sitter's meaning: of a capture that stands for several nodes, all must pass; the `any-` forms want one."},
		{"Neovim", "Neovim's", "As Neovim has them."},
	}
	entries := Registry().Entries()
	for _, s := range sources {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| predicate | true when |\n| --- | --- |\n", s.title, s.about)
		for _, e := range entries {
			if e.Source != s.name {
				continue
			}
			fmt.Fprintf(&b, "| `(#%s%s)`%s | %s |\n", e.Name, lead(e.Args), negation(e), cell(e.Doc))
		}
	}
	return b.String()
}

func lead(args string) string {
	if args == "" {
		return ""
	}
	return " " + strings.ReplaceAll(args, "|", `\|`)
}

func negation(e query.Entry) string {
	if e.Not == "" {
		return ""
	}
	return " `" + e.Not + "`"
}

// cell fits a sentence in a table.
func cell(s string) string {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "true "), "when ")
	return strings.ReplaceAll(s, "|", `\|`)
}
