package analysis_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// pkg is what `go list -json` says of a package.
type pkg struct {
	ImportPath   string
	Imports      []string
	TestImports  []string
	XTestImports []string
	Deps         []string
	CgoFiles     []string
	CFiles       []string
}

func list(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports,Deps,CgoFiles,CFiles", "lectern/...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("listing the packages: %v", err)
	}
	var pkgs []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		switch err := d.Decode(&p); {
		case errors.Is(err, io.EOF):
			if len(pkgs) < 10 {
				t.Fatalf("only %d packages found", len(pkgs))
			}
			return pkgs
		case err != nil:
			t.Fatalf("reading go list's answer: %v", err)
		}
		pkgs = append(pkgs, p)
	}
}

func within(path string, folders ...string) bool {
	return slices.ContainsFunc(folders, func(f string) bool { return path == f || strings.HasPrefix(path, f+"/") })
}

// The arrows of the house point one way: cmd, server, analysis; queries are data.
// Tests may go further in one thing: they check what is shipped.
func TestArrows(t *testing.T) {
	for _, p := range list(t) {
		tests := slices.Concat(p.TestImports, p.XTestImports)
		for _, dep := range slices.Concat(p.Imports, tests) {
			switch {
			case within(dep, "go.lsp.dev") && !within(p.ImportPath, "lectern/server"):
				t.Errorf("%s imports %s: only server knows LSP", p.ImportPath, dep)
			case within(dep, "github.com/smacker/go-tree-sitter", "github.com/tree-sitter") && !within(p.ImportPath, "lectern/analysis/syntax"):
				t.Errorf("%s imports %s: only analysis/syntax touches tree-sitter", p.ImportPath, dep)
			case within(dep, "lectern/cmd") && !within(p.ImportPath, "lectern/cmd"):
				t.Errorf("%s imports %s: nothing stands on cmd", p.ImportPath, dep)
			case within(dep, "lectern/server") && !within(p.ImportPath, "lectern/cmd", "lectern/server"):
				t.Errorf("%s imports %s: only cmd stands on server", p.ImportPath, dep)
			}
		}
		for _, dep := range p.Imports {
			switch {
			case within(dep, "lectern/queries") && within(p.ImportPath, "lectern/analysis", "lectern/server"):
				t.Errorf("%s imports %s: the engine depends on no shipped content", p.ImportPath, dep)
			case within(dep, "lectern/analysis/syntax/bare", "lectern/analysis/internal/sample"):
				t.Errorf("%s imports %s outside of its tests", p.ImportPath, dep)
			}
		}
		if len(p.CgoFiles)+len(p.CFiles) > 0 && p.ImportPath != "lectern/analysis/syntax" {
			t.Errorf("%s has C in it: only analysis/syntax may", p.ImportPath)
		}
		if within(p.ImportPath, "lectern/queries") && !slices.Equal(trimmed(p.Imports), []string{"embed"}) {
			t.Errorf("%s imports %q, want embed alone", p.ImportPath, p.Imports)
		}
	}
}

func trimmed(imports []string) []string {
	return slices.DeleteFunc(slices.Clone(imports), func(s string) bool { return s == "io/fs" })
}

// Trees, texts and queries are pure Go: what reads rows needs no C.
func TestPure(t *testing.T) {
	pure := []string{"text", "mask", "tree", "query", "rust", "finding", "course", "allow", "config", "problem"}
	for _, p := range list(t) {
		if !slices.ContainsFunc(pure, func(name string) bool { return p.ImportPath == "lectern/analysis/"+name }) {
			continue
		}
		if slices.Contains(p.Deps, "lectern/analysis/syntax") {
			t.Errorf("%s depends on analysis/syntax, and so on C", p.ImportPath)
		}
	}
}
