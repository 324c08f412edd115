package main

import (
	"bytes"
	"context"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	_ "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif" // has the published schema
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// sarifSchema is the schema that OASIS publishes, as a module that go.mod pins has
// it in a constant of its own.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif").Output()
	if err != nil {
		t.Fatalf("finding the schema: %v", err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(dir)), "schema.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := ""
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING && len(lit.Value) > len(found) {
			found = lit.Value
		}
		return true
	})
	if found, err = strconv.Unquote(found); err != nil {
		t.Fatal(err)
	}
	return schemaOf(t, []byte(found))
}

func schemaOf(t *testing.T, content []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// folderOf writes files into a new folder and goes there.
func folderOf(t *testing.T, files map[string]string) {
	t.Helper()
	dir := t.TempDir()
	mini, err := filepath.Abs("testdata/mini")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(dir, "mini"), os.DirFS(mini)); err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
}

// lectern runs the program in the test's folder.
func lectern(t *testing.T, code int, args ...string) (out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	if got := run(context.Background(), args, strings.NewReader(""), &o, &e); got != code {
		t.Errorf("%q: got exit code %d, want %d; %s", args, got, code, e.Bytes())
	}
	return o.String(), e.String()
}

// sarifLog is what the tests look at.
type sarifLog struct {
	Runs []struct {
		AutomationDetails struct{ ID string }
		Tool              struct {
			Driver struct {
				Rules []struct{ ID string }
			}
		}
		Invocations []struct {
			ExecutionSuccessful            bool
			ToolConfigurationNotifications []any
			ToolExecutionNotifications     []any
		}
		Results []struct {
			RuleID, Kind, Level string
			RuleIndex           int
			Locations           []struct {
				PhysicalLocation struct {
					ArtifactLocation struct{ URI, URIBaseID string }
					Region           struct{ StartLine, StartColumn, EndLine, EndColumn int }
				}
			}
			PartialFingerprints map[string]string
			Suppressions        []struct{ Kind, Justification string }
			Fixes               []any
		}
	}
}

func sarif(t *testing.T, schema *jsonschema.Schema, code int, args ...string) sarifLog {
	t.Helper()
	out, _ := lectern(t, code, append([]string{"check", "--course", "mini", "--format", "sarif"}, args...)...)
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(doc); err != nil {
		t.Errorf("%q: the log does not fit the schema: %v", args, err)
	}
	var log sarifLog
	if err := json.Unmarshal([]byte(out), &log); err != nil {
		t.Fatal(err)
	}
	if len(log.Runs) != 1 {
		t.Fatalf("got %d runs, want 1", len(log.Runs))
	}
	for _, r := range log.Runs[0].Results {
		if rules := log.Runs[0].Tool.Driver.Rules; r.RuleIndex >= len(rules) || rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("%s has the index of another rule", r.RuleID)
		}
	}
	return log
}

func TestSARIF(t *testing.T) {
	schema := sarifSchema(t)
	if err := schema.Validate(map[string]any{"version": "2.1.0", "runs": []any{map[string]any{"results": []any{}}}}); err == nil {
		t.Fatal("the schema accepts a run without a tool")
	}
	folderOf(t, map[string]string{
		"a b/ü.rs": "fn a() {\n    let _ = \"𝄞\"; foo();\n    bar();\n    foo(); // lectern: allow(calls-foo): it is slow, too\n}\n",
		"x.rs":     "// lectern: allow(calls-fo): typo\nfn x() {}\n",
	})
	if got := sarif(t, schema, 1, "a b").Runs[0].Results; len(got) != 2 {
		t.Errorf("got %d results, want those 2 that no comment silences", len(got))
	}
	log := sarif(t, schema, 1, "--silenced", "a b", "x.rs")
	var got []string
	for _, r := range log.Runs[0].Results {
		at := r.Locations[0].PhysicalLocation
		line := strings.Join([]string{r.RuleID, r.Kind, r.Level, at.ArtifactLocation.URI, strconv.Itoa(at.Region.StartLine), strconv.Itoa(at.Region.StartColumn)}, " ")
		for _, s := range r.Suppressions {
			line += " " + s.Kind + ": " + s.Justification
		}
		if len(r.Fixes) > 0 {
			line += " (fix)"
		}
		got = append(got, line)
	}
	want := []string{
		"calls-foo fail warning a%20b/%C3%BC.rs 2 19 (fix)", // the clef is two UTF-16 units
		"calls-bar informational none a%20b/%C3%BC.rs 3 5",
		"calls-foo fail warning a%20b/%C3%BC.rs 4 5 inSource: it is slow, too (fix)",
		"allow-unknown fail warning x.rs 1 19 (fix)",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if in := log.Runs[0].Invocations[0]; !in.ExecutionSuccessful || len(in.ToolConfigurationNotifications) > 0 {
		t.Errorf("got %+v, want a run without problems", in)
	}
}

// What keeps a run from being whole is in the log.
func TestSARIFTellsProblems(t *testing.T) {
	schema := sarifSchema(t)
	folderOf(t, map[string]string{"a.rs": "fn a() {}\n", "lectern.yaml": "hints: {no-such-hint: error}\n"})
	in := sarif(t, schema, 2, "a.rs", "missing.rs").Runs[0].Invocations[0]
	if in.ExecutionSuccessful || len(in.ToolConfigurationNotifications) != 1 || len(in.ToolExecutionNotifications) != 1 {
		t.Errorf("got %+v, want a failed run with a notification of each kind", in)
	}
}

// A fingerprint says what is marked and not where: moved, indented lines keep
// theirs, and equal lines are told apart.
func TestFingerprintsSurviveMoves(t *testing.T) {
	schema := sarifSchema(t)
	folderOf(t, map[string]string{
		"a.rs": "fn a() {\n    foo();\n    foo();\n}\n",
		"b.rs": "use std::mem;\n\nmod m {\n    fn a() {\n        foo();\n        let x = 1;\n        foo();\n    }\n}\n",
	})
	prints := func(file string) (list []string) {
		for _, r := range sarif(t, schema, 1, file).Runs[0].Results {
			if r.RuleID == "calls-foo" {
				list = append(list, r.PartialFingerprints["lectern/v1"])
				if r.PartialFingerprints["primaryLocationLineHash"] == "" {
					t.Errorf("%s has no fingerprint that GitHub takes", file)
				}
			}
		}
		return list
	}
	a, b := prints("a.rs"), prints("b.rs")
	if len(a) != 2 || a[0] == a[1] {
		t.Errorf("got %q, want two different fingerprints", a)
	}
	if strings.Join(a, " ") != strings.Join(b, " ") {
		t.Errorf("got %q before the lines were moved and %q after", a, b)
	}
}

// The whole shipped course and the demo fit the schema too.
func TestSARIFOfTheDemo(t *testing.T) {
	schema := sarifSchema(t)
	t.Chdir("../..")
	out, _ := lectern(t, 1, "check", "--no-config", "--format", "sarif", "editors/demo")
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(doc); err != nil {
		t.Errorf("the log does not fit the schema: %v", err)
	}
}

// The logs of the parts of a tree have names of their own, so that a reader that
// gets all of them keeps all of them.
func TestSARIFOfShards(t *testing.T) {
	schema := sarifSchema(t)
	folderOf(t, map[string]string{"a.rs": "fn a() {}\n"})
	if got := sarif(t, schema, 0, ".").Runs[0].AutomationDetails.ID; got != "" {
		t.Errorf("a whole run is called %q", got)
	}
	if got, want := sarif(t, schema, 0, "--shard", "2/3", ".").Runs[0].AutomationDetails.ID, "lectern/shard-2-of-3/"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
