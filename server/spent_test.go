package server_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// A query that asks of each pair of names whether they are the same.
const greedy = "\n-- course/basics/nested/greedy.md --\n---\ntitle: A greedy hint\nkind: concept\nseverity: \"off\"\nmessage: \"greedy\"\n---\nIt looks at all pairs.\n\n" +
	"```query name=\"other\"\n((identifier) @here (#eq? @here \"nowhere\"))\n```\n\n" +
	"```query\n((identifier) @hint (#not-precedes? @hint other) (#not-follows? @hint other) (#not-eq? @hint \"never\"))\n```\n"

// A hint whose query explodes is off where it does, says so at its query, and
// takes nothing else with it. Nobody says that an allow of it is of no use.
func TestGreedyHint(t *testing.T) {
	root := workspace(t, greedy)
	c := open(t, root, puller(), nil)
	body := strings.Repeat("    call(one, two, three);\n", 3000)
	d := c.open("src/main.rs", "fn outer() {\n    bad();\n"+body+"} // lectern: allow(greedy): who knows\n")
	if got, want := codes(d.pull("").Items), "outer inner bad-name"; got != want {
		t.Errorf("got %q, want %q: the other hints", got, want)
	}
	var at published
	uri := fileURI(root, "course/basics/nested/greedy.md")
	c.until("the problem at the query", func() bool {
		for _, n := range c.notes {
			var p published
			if n.Method == "textDocument/publishDiagnostics" && json.Unmarshal(n.Params, &p) == nil && p.URI == uri && len(p.Diagnostics) > 0 {
				at = p
			}
		}
		return at.URI != ""
	})
	if p := at.Diagnostics[0]; !strings.Contains(p.Message, "too many steps in main.rs") || p.Range.Start.Line != 13 {
		t.Errorf("got %q at line %d, want the steps and the query's line", p.Message, p.Range.Start.Line)
	}
}
