package config

import "lectern/analysis/finding"

// Feature is something that the server does for an editor and that can be
// switched off.
type Feature string

// The features.
const (
	Diagnostics          Feature = "diagnostics"
	WorkspaceDiagnostics Feature = "workspaceDiagnostics"
	Hover                Feature = "hover"
	CodeActions          Feature = "codeActions"
	Bridge               Feature = "bridge"
	CodeLens             Feature = "codeLens"
	DocumentLinks        Feature = "documentLinks"
	Completion           Feature = "completion"
)

const defaultLogLevel = "info"

// Shape is the form of a value.
type Shape uint8

// The shapes.
const (
	Text    Shape = iota // a string, one of Values if there are any
	Texts                // a list of strings
	Levels               // a map from names, Keys if there are any, to severities
	Toggles              // a map from Keys to true or false
)

// Field is a key of lectern.yaml and of an editor's settings.
type Field struct {
	Name    string
	Shape   Shape
	Doc     string // plain text, one or two sentences
	Keys    []Key  // of a map whose keys are fixed
	Values  []string
	Default string // as YAML
	Example string // as YAML, for the documentation
}

// Key is a key of a field that is a map.
type Key struct {
	Name, Doc string
	Default   string // as YAML, or ""
}

// Fields is the table of all settings, in the order of the documentation.
func Fields() []Field {
	return []Field{
		{Name: "courses", Shape: Texts, Default: "[]", Example: "[../our-course]",
			Doc: "Folders of courses to load after the built-in one, relative to lectern.yaml. A hint replaces an earlier one with the same id."},
		{Name: "upTo", Shape: Text, Default: `""`, Example: "allocators",
			Doc: "The chapter that the class has reached: hints of later chapters are not shown."},
		{Name: "hints", Shape: Levels, Default: "{}", Example: "{allocating-in-alloc: warning}", Values: finding.Severities(),
			Doc: "The severity of single hints by id. A hint that is off is not shown at all."},
		{Name: "severity", Shape: Levels, Default: "{}", Example: "{concept: off}", Values: finding.Severities(),
			Doc: "The severity of all hints of a kind, before that of single hints. A kind that is off still answers a hover.",
			Keys: []Key{
				{Name: "concept", Doc: "The code uses something that the course teaches."},
				{Name: "pitfall", Doc: "The code is wrong or fragile."},
				{Name: "praise", Doc: "The code does something well."},
			}},
		{Name: "exclude", Shape: Texts, Default: "[]", Example: `["vendor/**"]`,
			Doc: "Files and folders to leave alone: globs with ** for any number of folders, relative to lectern.yaml."},
		{Name: "features", Shape: Toggles, Default: "{}", Example: "{codeActions: false}",
			Doc: "What the language server does, each on or off.",
			Keys: []Key{
				{Name: string(Diagnostics), Doc: "Marks in the text for pitfalls and for the first use of a concept.", Default: "true"},
				{Name: string(WorkspaceDiagnostics), Doc: "Warnings and errors of files that are not open, for editors that ask for them.", Default: "true"},
				{Name: string(Hover), Doc: "What a hint says about the code under the pointer.", Default: "true"},
				{Name: string(CodeActions), Doc: "Fixes, lessons and allow comments to choose from.", Default: "true"},
				{Name: string(Bridge), Doc: "Lessons for what rustc, clippy and rust-analyzer report.", Default: "true"},
				{Name: string(CodeLens), Doc: "The lesson's title above an item.", Default: "false"},
				{Name: string(DocumentLinks), Doc: "Links in comments.", Default: "true"},
				{Name: string(Completion), Doc: "Hint ids inside an allow comment.", Default: "true"},
			}},
		{Name: "logLevel", Shape: Text, Default: defaultLogLevel, Example: "debug",
			Values: []string{"debug", "info", "warn", "error"},
			Doc:    "How much the language server writes to its log."},
	}
}
