package engine

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"lectern/analysis/course"
	"lectern/analysis/internal/sample"
	"lectern/analysis/text"
)

// nosy are hints that look at what is around and beside the unit that they mark.
var nosy = map[string]string{
	"next-function":      "((function_item name: (identifier) @hint) . (function_item))",
	"run-of-functions":   "((function_item name: (identifier) @hint)+)",
	"behind-attribute":   "((attribute_item) @hint . [(struct_item) (enum_item)])",
	"before-comment":     "((struct_item) @hint . (line_comment))",
	"file-with-use":      "((function_item name: (identifier) @hint) (#inside? @hint with-use))",
	"file-with-struct":   "((function_item name: (identifier) @hint) (#inside? @hint with-struct))",
	"file-without-impl":  "((function_item name: (identifier) @hint) (#not-inside? @hint with-impl))",
	"type-of-impl":       "((impl_item type: (type_identifier) @type @hint) (#inside? @hint declares))",
	"field-of-impl":      "((impl_item type: (type_identifier) @type @hint) (#inside? @hint declares-field))",
	"impl-of-nothing":    "((impl_item type: (type_identifier) @type @hint) (#not-inside? @hint declares))",
	"impl-with-new":      "((function_item name: (identifier) @hint) (#inside? @hint impl-new))",
	"method-of-type":     "((function_item name: (identifier) @hint) (#inside? @hint of-type))",
	"later-struct":       "((function_item name: (identifier) @hint) (#precedes? @hint any-struct))",
	"earlier-struct":     "((function_item name: (identifier) @hint) (#follows? @hint any-struct))",
	"impl-with-unsafe":   "((impl_item type: (_) @hint) @impl (#has? @impl any-unsafe))",
	"file-starts-so":     "((source_file . (_) @hint))",
	"file-ends-so":       "((source_file (_) @hint .))",
	"file-with-static":   "((source_file (static_item name: (identifier) @hint)))",
	"before-semicolon":   `((macro_invocation macro: (identifier) @hint) @call (#next-token? @call ";"))`,
	"after-brace":        `((function_item "fn" @hint) @item (#previous-token? @item "}"))`,
	"attribute-of-file":  "((function_item name: (identifier) @hint) (#inside? @hint with-attribute))",
	"extern-unsafe":      "((foreign_mod_item) @hint (#unsafe-extern? @hint))",
	"item-of-unsafe":     "((foreign_mod_item body: (declaration_list (function_signature_item name: (identifier) @hint))) @block (#unsafe-extern? @block))",
	"item-safe":          "((function_signature_item name: (identifier) @hint) @item (#safe-item? @item))",
	"file-that-is-short": "((function_item name: (identifier) @hint) (#inside? @hint spells-nothing))",
}

const nosyPatterns = "```query name=\"with-use\"\n((source_file (use_declaration argument: (_) @_a)) @here (#match? @_a \"^std\"))\n```\n\n" +
	"```query name=\"with-struct\"\n((source_file (struct_item name: (type_identifier) @_a)) @here (#match? @_a \"^[A-M]\"))\n```\n\n" +
	"```query name=\"with-impl\"\n((source_file (impl_item body: (declaration_list (function_item name: (identifier) @_a)))) @here (#match? @_a \"^n\"))\n```\n\n" +
	"```query name=\"declares\"\n((source_file (struct_item name: (type_identifier) @type)) @here)\n```\n\n" +
	"```query name=\"declares-field\"\n((source_file (struct_item name: (type_identifier) @type body: (field_declaration_list (field_declaration name: (_) @field)))) @here)\n```\n\n" +
	"```query name=\"impl-new\"\n((impl_item body: (declaration_list (function_item name: (identifier) @_a))) @here (#eq? @_a \"new\"))\n```\n\n" +
	"```query name=\"of-type\"\n((impl_item type: (type_identifier) @type) @here)\n```\n\n" +
	"```query name=\"any-struct\"\n(struct_item)\n```\n\n```query name=\"any-unsafe\"\n(unsafe_block)\n```\n\n" +
	"```query name=\"with-attribute\"\n((source_file (attribute_item) . (function_item)) @here)\n```\n\n" +
	"```query name=\"spells-nothing\"\n((source_file) @here (#not-match? @here \"zzz\"))\n```\n\n"

// nosyRules are all of them, or those with the ids.
func nosyRules(t *testing.T, ids ...string) *Rules {
	t.Helper()
	fsys := fstest.MapFS{"course.yaml": {Data: []byte("id: nosy\ntitle: Nosy\n")}, "SUMMARY.md": {Data: []byte("# Nosy\n\n- [Hints](hints/README.md)\n")},
		"hints/README.md": {Data: []byte("# Hints\n")}}
	if len(ids) == 0 {
		ids = slices.Collect(maps.Keys(nosy))
	}
	for _, id := range ids {
		query := nosy[id]
		fsys["hints/"+id+".md"] = &fstest.MapFile{Data: []byte("---\ntitle: " + id + "\nkind: concept\nmessage: found\n---\nWords.\n\n" + nosyPatterns + "```query\n" + query + "\n```\n")}
	}
	library, problems := course.Load(course.Folder("nosy", fsys))
	for _, p := range problems {
		t.Error(p)
	}
	rules, problems := Compile(library)
	for _, p := range problems {
		t.Error(p)
	}
	if len(rules.active) != len(ids) {
		t.Fatalf("%d of %d hints compile", len(rules.active), len(ids))
	}
	return rules
}

// What a unit's findings depend on outside of it is seen, not declared: hints that
// look at everything find after an edit what they find in a fresh check.
func TestNosyHintsFollowEdits(t *testing.T) {
	rules := nosyRules(t)
	found := sample.Sources(t, 100)
	found["made"] = []byte("use std::a;\n\nstruct A { i: u8 }\n\nimpl A {\n    fn new() {}\n    fn b() { unsafe { c() } }\n}\n\nfn d() {}\n// e\nfn f() {}\n#[x]\nstruct G;\n// h\n")
	compared, findings := 0, map[string]int{}
	for i, path := range slices.Sorted(maps.Keys(found)) {
		content := found[path]
		if len(content) > 20_000 {
			continue
		}
		rnd := rand.New(rand.NewPCG(11, uint64(i)))
		d, err := Open(rules, Input{Path: "a.rs", Text: text.New(bytes.Clone(content))})
		if err != nil {
			t.Fatal(err)
		}
		for step := range max(60, 2000/len(found)) {
			if step%8 == 0 && d.Result().Tree.Root().HasError() {
				if _, err := d.SetText(text.New(bytes.Clone(content)), 0); err != nil {
					t.Fatal(err)
				}
			}
			before := string(d.in.Text.Bytes())
			edits := sample.Edits(rnd, d.in.Text, nosySnippets)
			got, err := d.Edit(edits, int32(step))
			if err != nil {
				t.Fatal(err)
			}
			want, err := Check(rules, Input{Path: "a.rs", Text: text.New(got.Text.Bytes())})
			if err != nil {
				t.Fatal(err)
			}
			if want.Tree.Root().HasError() && want.Text.Len() > historyFree {
				continue
			}
			compared++
			for _, f := range want.Findings() {
				findings[f.Hint]++
			}
			if g, w := describe(got), describe(want); g != w {
				t.Fatalf("%s: %q\nafter %+v\ngot\n%s\nwant\n%s", path, before, edits, difference(g, w), difference(w, g))
			}
		}
		d.Close()
	}
	for id := range nosy {
		if findings[id] == 0 {
			t.Errorf("%s was never found", id)
		}
	}
	t.Logf("%d versions, %v", compared, findings)
}

var nosySnippets = []string{
	"unsafe ", "safe ", "extern \"C\" { fn r(); }\n", "unsafe extern \"C\" {\n    safe fn s();\n    fn t();\n}\n", "\n", " ", "// c\n", "use std::b;\n", "use other::b;\n", "struct B;\n", "struct A { g: u8 }\n", "struct Z { h: u8 }\n", "struct Z;\n", "#[y]\n", "fn new() {}\n", "fn n() { unsafe { m!() } }\n", "static S: u8 = 1;\n",
	"impl B { fn new() {} fn o() { p!(); } }\n", "impl Z {}\n", "mod m { use super::*; fn q() {} struct C; }\n", "m!();\n", "x", "/* d */", "fn zzz() {}\n", "}", "{", "\"",
}

// What a unit asked of the file around it is asked again with the same texts: of one
// struct, where there are others.
func TestAnswersAreOfOneName(t *testing.T) {
	const others = "struct A { f: u8 }\n\nstruct C { f: u8 }\n\nimpl B {}\n\n"
	const own = "struct B { f: u8 }\n"
	for hint, declared := range map[string]bool{"type-of-impl": true, "field-of-impl": true, "impl-of-nothing": false} {
		d, err := Open(nosyRules(t, hint), Input{Path: "a.rs", Text: text.New([]byte(others))})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		for _, step := range []struct {
			edit text.Edit
			is   bool // there is a struct B
		}{
			{text.Edit{Start: len(others), End: len(others), New: own}, true},
			{text.Edit{Start: len(others), End: len(others) + len(own)}, false},
			{text.Edit{Start: 7, End: 8, New: "B"}, true},
			{text.Edit{Start: 7, End: 8, New: "D"}, false},
		} {
			r, err := d.Edit([]text.Edit{step.edit}, 1)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := len(r.Findings()) == 1, step.is == declared; got != want {
				t.Errorf("%s after %+v: found %v, want %v", hint, step.edit, got, want)
			}
		}
	}
}

// A masked word comes and goes in front of a unit that stays what it is.
func TestMaskedWordsInFront(t *testing.T) {
	const before = "fn a() {}\n\n"
	for hint, word := range map[string]string{"extern-unsafe": "unsafe ", "item-of-unsafe": "unsafe ", "item-safe": "safe "} {
		content := before + "extern \"C\" {\n    fn b();\n}\n"
		at := len(before)
		if word == "safe " {
			content = before + "unsafe extern \"C\" {\n    fn b();\n}\n"
			at = strings.Index(content, "fn b")
		}
		d, err := Open(nosyRules(t, hint), Input{Path: "a.rs", Text: text.New([]byte(content))})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		for i, edit := range []text.Edit{
			{Start: at, End: at, New: word},
			{Start: at + len(word), End: at + len(word), New: "\n\n"}, // still in front
			{Start: at, End: at + len(word)},
			{Start: at, End: at, New: word},
			{Start: 3, End: 4, New: "other"}, // far away
		} {
			r, err := d.Edit([]text.Edit{edit}, 1)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := len(r.Findings()) == 1, i != 2; got != want {
				t.Errorf("%s after edit %d: found %v, want %v", hint, i, got, want)
			}
		}
	}
}
