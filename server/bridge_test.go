package server_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// linted is a hint that reports what other tools report too.
const linted = `
-- course/basics/nested/linted.md --
---
title: A call that needs care
kind: pitfall
severity: information
message: "careful"
lints: [E0588, non_snake_case, clippy::needless_return, {E0592: "` + "`careful`" + `", unconditional_recursion: ["recurses forever"]}]
---
Calling needs care.

## Why

It does.

## What to do

Take care.

` + "```query\n((identifier) @hint (#eq? @hint \"careful\"))\n```\n"

// The shapes are those in which the tools' diagnostics reach a server: from
// rust-analyzer's flycheck with the code of rustc 1.95 and clippy 0.1.95 (the tool
// of a scoped lint becomes the source), and rust-analyzer's own.
var foreign = []struct{ name, diagnostic, want string }{
	{"an error of rustc", `{"severity":1,"code":"E0588","source":"rustc","codeDescription":{"href":"https://doc.rust-lang.org/error-index.html#E0588"},
		"message":"packed type cannot transitively contain a ` + "`#[repr(align)]`" + ` type"}`, "yes"},
	{"a lint of rustc", `{"severity":2,"code":"non_snake_case","source":"rustc","message":"unused ` + "`Result`" + ` that must be used",
		"data":{"rendered":"warning: unused ` + "`Result`" + ` that must be used"}}`, "yes"},
	{"a lint of clippy", `{"severity":2,"code":"needless_return","source":"clippy","codeDescription":{"href":"https://rust-lang.github.io/rust-clippy/rust-1.95.0/index.html#needless_return"},
		"message":"unneeded ` + "`return`" + ` statement"}`, "yes"},
	{"a clippy lint with its tool", `{"severity":2,"code":"clippy::needless_return","source":"cargo","message":"unneeded ` + "`return`" + ` statement"}`, "yes"},
	{"rust-analyzer's own", `{"severity":1,"code":"E0588","source":"rust-analyzer","message":"packed type cannot contain an aligned one"}`, "yes"},
	{"rust-analyzer's own, with clippy's name", `{"severity":4,"code":"needless_return","source":"rust-analyzer",
		"codeDescription":{"href":"https://rust-lang.github.io/rust-clippy/master/#/needless_return"},"message":"replace return <expr>; with <expr>"}`, "yes"},
	{"rust-analyzer's own lint of rustc", `{"severity":2,"code":"non_snake_case","source":"rust-analyzer",
		"codeDescription":{"href":"https://doc.rust-lang.org/rustc/?search=non_snake_case"},"message":"Variable ` + "`X`" + ` should have snake_case name"}`, "yes"},
	{"rust-analyzer's own word", `{"severity":4,"code":"unlinked-file","source":"rust-analyzer","message":"This file is not included in any crates"}`, ""},
	{"the note of another diagnostic", `{"severity":4,"code":"E0588","source":"rustc","message":"original diagnostic"}`, "yes"},
	{"a broad code that names the thing", `{"severity":1,"code":"E0592","source":"rustc","message":"duplicate definitions with name ` + "`careful`" + `"}`, "yes"},
	{"a broad code that names another", `{"severity":1,"code":"E0592","source":"rustc","message":"duplicate definitions with name ` + "`new`" + `",
		"data":{"rendered":"error[E0592]: duplicate definitions with name ` + "`new`" + `\n --> src/main.rs:12:5\n   |\n12 |     // not ` + "`careful`" + `\n   |     ^^^ duplicate definitions\n"}}`, ""},
	{"a lint whose label is in the text of rustc alone", `{"severity":2,"code":"unconditional_recursion","source":"rustc","message":"function cannot return without recursing\n` + "`#[warn(unconditional_recursion)]` on by default" + `",
		"data":{"rendered":"warning: function cannot return without recursing\n --> src/main.rs:2:1\n  |\n2 | fn f() { f() }\n  | ^^^^^^   --- recurses forever\n"}}`, "yes"},
	{"the same without that text, with data of another kind", `{"severity":2,"code":"unconditional_recursion","source":"rustc","message":"function cannot return without recursing","data":[1]}`, ""},
	{"another lint", `{"severity":2,"code":"asm_sub_register","source":"rustc","message":"formatting may not be suitable for sub-register argument"}`, ""},
	{"a rustc lint of the same name as clippy's", `{"severity":2,"code":"needless_return","source":"rustc","message":"none"}`, ""},
	{"no code", `{"severity":2,"source":"rustc","message":"none"}`, ""},
	{"a number", `{"severity":2,"code":133,"source":"other","message":"none"}`, ""},
	{"our own", `{"severity":2,"code":"E0588","source":"lectern","message":"none"}`, ""},
}

func TestBridge(t *testing.T) {
	c := open(t, workspace(t, linted), puller(), nil)
	d := c.open("src/main.rs", "fn main() {\n    unsafe_one();\n}\n")
	for _, test := range foreign {
		list := d.bridged(test.diagnostic)
		if got := titlesOf(list); test.want == "" && got != "" || test.want != "" && got != "Open lesson: Nested names\nExplain: A call that needs care" {
			t.Errorf("%s: got\n%s", test.name, got)
		}
		for _, a := range list {
			if len(a.Diagnostics) != 1 || a.Diagnostics[0].Source == source {
				t.Errorf("%s: the action %q is not for that diagnostic: %v", test.name, a.Title, a.Diagnostics)
			}
		}
	}

	// Where our own finding offers the lesson, theirs does not offer it again.
	d.change("fn main() {\n    careful();\n}\n")
	all := titlesOf(d.bridged(foreign[0].diagnostic))
	if got := strings.Count(all, "Open lesson: Nested names"); got != 1 {
		t.Errorf("the lesson is offered %d times:\n%s", got, all)
	}
}

// Of the hints for a code, those that the message names come first.
func TestBridgePrefersWhatIsNamed(t *testing.T) {
	c := open(t, workspace(t, linted, strings.NewReplacer("nested/linted.md", "other/precise.md",
		"A call that needs care", "A call that is named", "[E0588,", "[{E0588: \"aligned\"},").Replace(linted)+`
-- course/SUMMARY.md --
# Summary

- [Basics](basics/README.md)
  - [Nested names](basics/nested.md)
  - [Other names](basics/other.md)
-- course/basics/other.md --
# Other names

Here are others.
`), puller(), nil)
	d := c.open("src/main.rs", "fn main() {\n    unsafe_one();\n}\n")
	for message, want := range map[string]string{
		"packed type": "Open lesson: Nested names\nExplain: A call that needs care",
		"packed type cannot contain an aligned one": "Open lesson: Other names\nExplain: A call that is named\n" +
			"Open lesson: Nested names\nExplain: A call that needs care",
	} {
		got := titlesOf(d.bridged(`{"severity":1,"code":"E0588","source":"rustc","message":"` + message + `"}`))
		if got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", message, got, want)
		}
	}
}

// A broad code leads from the built-in course's hints to a lesson where its message
// is about one of them, and nowhere else.
func TestBridgeOfBroadCodes(t *testing.T) {
	c := open(t, workspace(t), puller(), nil)
	d := c.open("src/main.rs", "fn main() {\n    unsafe_one();\n}\n")
	for _, test := range []struct{ code, message, want string }{
		{"E0432", "unresolved import `std`\nyou might be missing a crate named `std`", "embedded/no-std"},
		{"E0432", "unresolved import `missing`\nyou might be missing a crate named `missing`", ""},
		{"E0433", "cannot find module or crate `std` in this scope", "embedded/no-std"},
		{"E0433", "cannot find module or crate `serde_json` in this scope", ""},
		{"E0425", "cannot find value `z` in this scope", ""},
		{"E0308", "mismatched types\nexpected `u32`, found `&str`", ""},
		{"E0277", "the trait bound `u8: From<u16>` is not satisfied", ""},
		{"E0599", "no method named `frob` found for struct `Vec<u8>` in the current scope", ""},
		{"E0499", "cannot borrow `v` as mutable more than once at a time", ""},
		{"E0658", "use of unstable library feature `allocator_api`", "allocators/per-collection"},
		{"unused_must_use", "unused `Result` that must be used", ""},
		{"unused_must_use", "unused implementer of `Future` that must be used", "async/executor"},
		{"unused_variables", "unused variable: `x`", ""},
		{"dead_code", "function `f` is never used", ""},
	} {
		sent, err := json.Marshal(object{"severity": 1, "code": test.code, "source": "rustc", "message": test.message})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if list := d.bridged(string(sent)); len(list) > 0 && list[0].Command != nil && len(list[0].Command.Arguments) > 0 {
			got, _ = list[0].Command.Arguments[0].(string)
		}
		if got != test.want {
			t.Errorf("%s %q: got %q, want %q", test.code, test.message, got, test.want)
		}
	}
}

// bridged are the actions at line 1 on a diagnostic there.
func (d *doc) bridged(diagnostic string) []action {
	d.t.Helper()
	var sent object
	if err := json.Unmarshal([]byte(diagnostic), &sent); err != nil {
		d.t.Fatal(err)
	}
	sent["range"] = at(1, 4, 14)
	var raw []json.RawMessage
	d.call("textDocument/codeAction", object{"textDocument": d.id(), "range": at(1, 5, 5),
		"context": object{"diagnostics": []any{sent}, "only": []string{"quickfix"}}}, &raw)
	list := make([]action, len(raw))
	for i, r := range raw {
		if err := json.Unmarshal(r, &list[i]); err != nil {
			d.t.Fatal(err)
		}
	}
	return list
}

const source = "lectern"

func TestMentions(t *testing.T) {
	c := open(t, workspace(t, linted), puller(), nil)
	const text = `#![allow(non_snake_case, reason = "non_snake_case")]
// lectern: allow(bad-name, unknown): it is fine
fn main() {
    #[cfg_attr(test, expect(clippy::needless_return))]
    bad();
}
#[inline(non_snake_case)]
fn other() {}
#[warn(clippy::needless_return)]
#[deny(non_snake_case)]
mod m {
    #![forbid(non_snake_case, clippy::needless_return)]
}
`
	d := c.open("src/main.rs", text)
	for _, test := range []struct {
		what            string
		line, character int
		want            string
	}{
		{"a lint of rustc", 0, 12, "A call that needs care"},
		{"the reason, which says the same word", 0, 40, ""},
		{"the word allow", 0, 5, ""},
		{"a hint id", 1, 20, "A bad `name`"},
		{"its last character", 1, 26, "A bad `name`"},
		{"an unknown id", 1, 30, ""},
		{"the reason of an allow", 1, 42, ""},
		{"a lint of clippy in cfg_attr", 3, 35, "A call that needs care"},
		{"another attribute", 6, 14, ""},
		{"warn, at the name's first character", 8, 7, "A call that needs care"},
		{"warn, behind its last", 8, 30, "A call that needs care"},
		{"deny", 9, 10, "A call that needs care"},
		{"forbid, the second of two", 11, 45, "A call that needs care"},
	} {
		got := d.hoverAt(test.line, test.character).title()
		if test.want == "" && !slices.Contains([]string{"A call that needs care", "A bad `name`"}, got) {
			continue // what the built-in course says there is its own affair
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", test.what, got, test.want)
		}
	}

	m := c.open("Cargo.toml", "[package]\nname = \"x\"\nnon_snake_case = 1\n[lints.rust]\nnon_snake_case = \"warn\"\n[workspace.lints.clippy]\nneedless_return = { level = \"deny\" }\n")
	for _, test := range []struct {
		line int
		want string
	}{{2, ""}, {4, "A call that needs care"}, {6, "A call that needs care"}} {
		if got := m.hoverAt(test.line, 3).title(); got != test.want {
			t.Errorf("Cargo.toml line %d: got %q, want %q", test.line, got, test.want)
		}
	}
}

// Comments that silence nothing, or name no hint, are mended by their own fixes.
func TestAllowFixes(t *testing.T) {
	c := open(t, workspace(t), puller(), nil)
	for _, test := range []struct{ what, text, title, want string }{
		{"a comment that silences nothing", "fn main() {\n    // lectern: allow(bad-name): why\n    fine();\n}\n",
			"Remove the allow", "fn main() {\n    fine();\n}\n"},
		{"one behind code", "fn main() {\n    fine(); // lectern: allow(bad-name): why\n}\n",
			"Remove the allow", "fn main() {\n    fine();\n}\n"},
		{"one id of several", "fn main() {\n    // lectern: allow(good-name, bad-name): why\n    bad();\n}\n",
			"Remove `good-name` from the allow", "fn main() {\n    // lectern: allow(bad-name): why\n    bad();\n}\n"},
		{"the last of several", "fn main() {\n    // lectern: allow(bad-name, good-name): why\n    bad();\n}\n",
			"Remove `good-name` from the allow", "fn main() {\n    // lectern: allow(bad-name): why\n    bad();\n}\n"},
		{"a slip", "fn main() {\n    // lectern: allow(bad-nam): why\n    bad();\n}\n",
			"Replace with `bad-name`", "fn main() {\n    // lectern: allow(bad-name): why\n    bad();\n}\n"},
		{"a slip in the word", "fn main() {\n    // lectern: alow(bad-name): why\n    bad();\n}\n",
			"Replace with `allow`", "fn main() {\n    // lectern: allow(bad-name): why\n    bad();\n}\n"},
	} {
		d := c.open("src/"+strings.ReplaceAll(test.what, " ", "_")+".rs", test.text)
		line := 1
		edit := find(t, d.actions(at(line, 10, 30), "quickfix"), test.title).Edit
		if edit == nil || len(edit.DocumentChanges) != 1 {
			t.Fatalf("%s: no edit", test.what)
		}
		got := apply(t, test.text, edit.DocumentChanges[0].Edits)
		if got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.what, got, test.want)
		}
		d.change(got)
		for _, left := range d.pull("").Items {
			if strings.HasPrefix(left.Code, "allow-") {
				t.Errorf("%s: after the fix: %s %s", test.what, left.Code, left.Message)
			}
		}
	}

	// A reason is for its author to write: there is only room made for it.
	for text, want := range map[string]string{
		"fn main() {\n    // lectern: allow(bad-name)\n    bad();\n}\n":                    "fn main() {\n    // lectern: allow(bad-name): \n    bad();\n}\n",
		"fn main() {\r\n    bad(); /* lectern: allow(bad-name) */\r\n    good();\r\n}\r\n": "fn main() {\r\n    bad(); /* lectern: allow(bad-name): */\r\n    good();\r\n}\r\n",
	} {
		d := c.open("src/reason.rs", text)
		write := find(t, d.actions(at(1, 20, 20), "quickfix"), "Write a reason")
		if got := apply(t, text, write.Edit.DocumentChanges[0].Edits); got != want || write.IsPreferred {
			t.Errorf("got %q, want %q", got, want)
		}
		d.change(want)
		if got := titlesOf(d.actions(at(1, 20, 20), "quickfix")); strings.Contains(got, "Write a reason") {
			t.Errorf("it is offered again:\n%s", got)
		}
		d.close()
	}

	// What is sure is part of fixing all, for clients that resolve and that do not.
	const idle = "fn main() {\n    // lectern: allow(good-name): not here\n    bad(); // lectern: allow(bed-name): a slip\n}\n"
	const fixed = "fn main() {\n    good(); // lectern: allow(bed-name): a slip\n}\n"
	for name, capabilities := range map[string]object{"resolves": puller(), "does not": pusher()} {
		c := open(t, workspace(t), capabilities, nil)
		d := c.open("src/idle.rs", idle)
		a := find(t, d.actions(at(0, 0, 0), "source.fixAll"), "Fix all fixable problems (Lectern)")
		if a.Edit == nil {
			a = d.resolve(a)
		}
		edits := a.Edit.Changes[d.uri]
		if len(a.Edit.DocumentChanges) > 0 {
			edits = a.Edit.DocumentChanges[0].Edits
		}
		if got := apply(t, idle, edits); got != fixed {
			t.Errorf("%s: got %q, want %q", name, got, fixed)
		}
	}
}
