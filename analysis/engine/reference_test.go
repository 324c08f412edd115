package engine

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the reference of predicates")

// The reference of predicates is what the registration gives, each with its
// not- form.
func TestReferenceIsFresh(t *testing.T) {
	file := filepath.Join("..", "..", "queries", "PREDICATES.md")
	if *update {
		if err := os.WriteFile(file, []byte(Reference()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("reading the reference: %v", err)
	}
	if string(got) != Reference() {
		t.Errorf("%s is stale: run `go generate ./...`", file)
	}
	for _, name := range []string{"path?", "has-attribute?", "has-comment?", "in-unsafe?", "type?", "crate-attribute?",
		"edition?", "dependency?", "inside?", "has?", "precedes?", "follows?", "has-ancestor?", "has-parent?",
		"contains?", "eq?", "match?", "any-of?"} {
		for _, form := range []string{"(#" + name + " ", "`not-" + name + "`"} {
			if !strings.Contains(string(got), form) {
				t.Errorf("the reference lacks %s", form)
			}
		}
	}
}
