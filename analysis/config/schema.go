package config

import (
	"bytes"
	"encoding/json"
	"fmt"

	"lectern/analysis/finding"
)

//go:generate go test . -run TestSchemaIsFresh -update

// schema is an object of JSON Schema.
type schema struct {
	Schema      string      `json:"$schema,omitempty"`
	Title       string      `json:"title,omitempty"`
	Description string      `json:"description,omitempty"`
	Type        any         `json:"type,omitempty"` // a word or several
	Default     any         `json:"default,omitempty"`
	Enum        []any       `json:"enum,omitempty"`
	Items       *schema     `json:"items,omitempty"`
	Properties  *properties `json:"properties,omitempty"`
	Additional  any         `json:"additionalProperties,omitempty"` // a schema or false
}

// properties keep the order of the table.
type properties struct {
	names   []string
	schemas []*schema
}

func (p *properties) add(name string, s *schema) {
	p.names, p.schemas = append(p.names, name), append(p.schemas, s)
}

// MarshalJSON writes an object.
func (p *properties) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	for i, name := range p.names {
		s, err := json.Marshal(p.schemas[i])
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, ",%q:%s", name, s)
	}
	return fmt.Appendf(nil, "{%s}", bytes.TrimPrefix(b.Bytes(), []byte(","))), nil
}

// Schema is the JSON Schema (draft 7, which editors' YAML servers know) of
// lectern.yaml.
func Schema() ([]byte, error) {
	all := &properties{}
	for _, f := range Fields() {
		s := f.schema()
		s.Description = f.Doc
		all.add(f.Name, s)
	}
	root := schema{
		Schema: "http://json-schema.org/draft-07/schema#", Title: "lectern.yaml", Description: "The settings of Lectern.",
		Type: orNothing("object"), Properties: all, Additional: false,
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(root); err != nil {
		return nil, fmt.Errorf("writing the schema of the settings: %w", err)
	}
	return b.Bytes(), nil
}

// orNothing is a type that may be left empty, as `hints:` with its entries
// commented out.
func orNothing(word string) []string { return []string{word, "null"} }

func (f Field) schema() *schema {
	switch f.Shape {
	case Texts:
		return &schema{Type: orNothing("array"), Items: &schema{Type: "string"}}
	case Levels, Toggles:
		entry := func() *schema {
			if f.Shape == Toggles {
				return &schema{Type: "boolean"}
			}
			return &schema{Enum: words(finding.Severities())}
		}
		s := &schema{Type: orNothing("object")}
		if len(f.Keys) == 0 {
			s.Additional = entry()
			return s
		}
		s.Properties, s.Additional = &properties{}, false
		for _, k := range f.Keys {
			e := entry()
			e.Description = k.Doc
			if f.Shape == Toggles && k.Default != "" {
				e.Default = k.Default == "true"
			}
			s.Properties.add(k.Name, e)
		}
		return s
	}
	if len(f.Values) > 0 {
		return &schema{Enum: append(words(f.Values), nil), Default: f.Default}
	}
	return &schema{Type: orNothing("string")}
}

func words(list []string) []any {
	all := make([]any, len(list))
	for i, w := range list {
		all[i] = w
	}
	return all
}
