package main

import (
	"os"
	"path"
	"testing"

	"github.com/goccy/go-yaml"
	"golang.org/x/tools/txtar"
)

// What `lectern schema` prints judges whole files as `lectern check` does.
func TestSchemaOfTheProgram(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/settings.txtar")
	if err != nil {
		t.Fatal(err)
	}
	folderOf(t, map[string]string{"a.rs": "fn a() {}\n"})
	printed, _ := lectern(t, 0, "schema")
	schema := schemaOf(t, []byte(printed))
	for _, f := range archive.Files {
		good := path.Dir(f.Name) == "good"
		var value any
		if err := yaml.Unmarshal(f.Data, &value); err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if err := schema.Validate(value); (err == nil) != good {
			t.Errorf("%s: the schema says %v", f.Name, err)
		}
		name := path.Base(f.Name)
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
		code := failed
		if good {
			code = clean
		}
		if _, says := lectern(t, code, "check", "--course", "mini", "--config", name, "a.rs"); (says == "") != good {
			t.Errorf("%s: check says %q", f.Name, says)
		}
	}
}
