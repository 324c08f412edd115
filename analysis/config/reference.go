package config

import (
	"fmt"
	"strings"
)

//go:generate go test . -run TestReadmeIsFresh -update

// Reference is the table of all settings as Markdown.
func Reference() string {
	var b strings.Builder
	b.WriteString("| key | meaning | example |\n| --- | --- | --- |\n")
	for _, f := range Fields() {
		doc := f.Doc
		if len(f.Values) > 0 {
			doc += " One of " + codes(f.Values) + "."
		}
		fmt.Fprintf(&b, "| `%s` | %s | `%s: %s` |\n", f.Name, doc, f.Name, f.Example)
		for _, k := range f.Keys {
			if k.Default != "" {
				fmt.Fprintf(&b, "| `%s.%s` | %s | `%s` when left out |\n", f.Name, k.Name, k.Doc, k.Default)
			} else {
				fmt.Fprintf(&b, "| `%s.%s` | %s | |\n", f.Name, k.Name, k.Doc)
			}
		}
	}
	return b.String()
}

func codes(words []string) string { return "`" + strings.Join(words, "`, `") + "`" }
