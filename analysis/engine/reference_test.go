package engine

import (
	"os"
	"path/filepath"
	"testing"
)

// The reference of predicates is what the registration gives.
func TestReferenceIsFresh(t *testing.T) {
	file := filepath.Join("..", "..", "queries", "PREDICATES.md")
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("reading the reference: %v", err)
	}
	if string(got) != Reference() {
		t.Errorf("%s is stale: run `go generate ./...`", file)
	}
}
