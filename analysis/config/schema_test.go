package config

import (
	"bytes"
	"os"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

func TestSchemaIsFresh(t *testing.T) {
	const file = "lectern.schema.json"
	want, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(file); err == nil && bytes.Equal(got, want) {
		return
	}
	if !*update {
		t.Fatalf("%s is stale: run go generate ./...", file)
	}
	if err := os.WriteFile(file, want, 0o644); err != nil {
		t.Fatal(err)
	}
}

// The schema accepts what Parse accepts, and complains where Parse does, but for
// what a schema cannot know, such as the ids of hints.
func TestSchemaAgreesWithParse(t *testing.T) {
	content, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("lectern.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("lectern.schema.json") // checks it against the schema of draft 7
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		settings string
		good     bool
	}{
		{"", true},
		{"courses: [../a, b]\nupTo: allocators\nlogLevel: debug\n", true},
		{"hints: {a: off, b: hint, c: information, d: warning, e: error}\n", true},
		{"severity: {concept: off, pitfall: error, praise: hint}\nexclude: [\"vendor/**\"]\n", true},
		{"features: {hover: false, codeActions: true, codeLens: true}\n", true},
		{"hints:\nupTo:\nlogLevel:\ncourses:\nfeatures:\n", true},
		{"hint: {a: off}\n", false},
		{"hints: {a: loud}\n", false},
		{"hints: {a: 3}\n", false},
		{"hints: [a]\n", false},
		{"severity: {lint: off}\n", false},
		{"features: {hover: \"yes\"}\n", false},
		{"features: {hovering: true}\n", false},
		{"courses: ../a\n", false},
		{"courses: [1]\n", false},
		{"exclude: {a: b}\n", false},
		{"upTo: 3\n", false},
		{"logLevel: loud\n", false},
		{"- a\n", false},
	}
	for _, test := range tests {
		var value any
		if err := yaml.Unmarshal([]byte(test.settings), &value); err != nil {
			t.Fatal(err)
		}
		_, problems := Parse("lectern.yaml", []byte(test.settings))
		if got := len(problems) == 0; got != test.good {
			t.Errorf("%q: Parse has the problems %v", test.settings, problems)
		}
		if err := schema.Validate(value); (err == nil) != test.good {
			t.Errorf("%q: the schema says %v", test.settings, err)
		}
	}
}
