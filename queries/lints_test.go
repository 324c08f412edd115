package queries_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"lectern/analysis/course"
	"lectern/analysis/example"
)

// said is a diagnostic of rustc: its code or lint, and its text.
type said struct{ code, text string }

// diagnosed is what rustc says of a source, with warnings; nil where there is no
// rustc and nobody promised one.
func diagnosed(t *testing.T, s example.Source) []said {
	t.Helper()
	rustc, err := exec.LookPath("rustc")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("rustc is needed to know what it says")
		}
		t.Log("not compiled: there is no rustc")
		return nil
	}
	kind := "lib"
	if strings.Contains(s.Text, "fn main()") {
		kind = "bin"
	} else if strings.Contains(s.Text, "#[proc_macro") {
		kind = "proc-macro"
	}
	var out bytes.Buffer
	cmd := exec.Command(rustc, "--edition", s.Edition, "--crate-type", kind, "--crate-name", "example",
		"--emit", "metadata", "--out-dir", t.TempDir(), "-W", "deprecated_safe_2024", "--error-format", "json", "-")
	if kind == "proc-macro" {
		cmd.Args = append(cmd.Args, "--extern", "proc_macro")
	}
	cmd.Stdin, cmd.Stderr = strings.NewReader(s.Text), &out
	if err := cmd.Run(); err != nil && out.Len() == 0 {
		t.Fatalf("%v: %v", cmd.Args, err)
	}
	var list []said
	for line := range bytes.Lines(out.Bytes()) {
		var d struct {
			Code              *struct{ Code string }
			Message, Rendered string
		}
		if json.Unmarshal(line, &d) == nil && d.Code != nil {
			list = append(list, said{d.Code.Code, d.Message + "\n" + d.Rendered})
		}
	}
	return list
}

// What `lints` says of a message is what rustc says of the hint's own examples.
func TestLintTexts(t *testing.T) {
	elsewhere := map[string]string{ // hints whose examples need more than rustc
		"pass-without-declaration":    "rustc's own crates",
		"rustc-crate-without-gate":    "rustc's own crates: E0658 with them, E0463 without",
		"parse-result-of-std":         "syn",
		"parser-not-imported":         "syn",
		"syn-1-name":                  "syn",
		"attribute-path-field":        "syn",
		"parse-macro-input-elsewhere": "syn",
		"spanned-not-imported":        "syn",
		"span-of-proc-macro":          "proc-macro2 and quote",
		"lock-held-by-while-let":      "clippy",
		"exclusive-arena":             "a caller that borrows twice",
		"thread-bound":                "a caller that breaks the bound",
		"metavariable-expression":     "a nightly compiler",
	}
	tried := 0
	for _, h := range library(t).Hints() {
		if !h.Told() {
			continue
		}
		if _, ok := elsewhere[h.ID]; ok {
			delete(elsewhere, h.ID)
			continue
		}
		tried++
		fits, compiled := 0, false
		var all []said
		for _, e := range h.Examples {
			if e.Kind != course.Fires {
				continue
			}
			list := diagnosed(t, example.SourceOf(e))
			compiled = compiled || list != nil
			for _, d := range list {
				if h.Fit(d.code, d.text) == course.ExactFit {
					fits++
				}
			}
			all = append(all, list...)
		}
		if compiled && fits == 0 {
			t.Errorf("%s: no message of rustc on its examples is one that it names; rustc says %q", h.ID, all)
		}
	}
	if tried < 10 {
		t.Errorf("only %d hints say what a message has to contain", tried)
	}
	for id := range elsewhere {
		t.Errorf("%s is left out and says nothing of messages", id)
	}
}

// Codes that cover much lead to no hint that is about something else.
func TestBroadLints(t *testing.T) {
	l := library(t)
	for _, test := range []struct{ code, source string }{
		{"E0015", "fn f() -> u8 { 1 }\npub const fn g() -> u8 { f() }"},
		{"E0080", "pub const A: u8 = [1u8][2];"},
		{"E0107", "pub struct P<T>(T);\npub fn g(_: P<u8, u8>) {}"},
		{"E0277", "pub fn f(a: u8) -> u8 { a + \"x\" }"},
		{"E0308", "pub fn f() -> u32 { \"x\" }"},
		{"E0425", "pub fn f() -> u8 { y }"},
		{"E0432", "use missing::path;"},
		{"E0433", "pub fn f() { missing::call() }"},
		{"E0463", "extern crate missing;"},
		{"E0499", "pub fn f(mut v: Vec<u8>) { let a = &mut v; let b = &mut v; a.push(1); b.push(1); }"},
		{"E0599", "pub fn f(s: &str) { s.nothing() }"},
		{"E0615", "pub fn f(s: String) { s.len; }"},
		{"unused_must_use", "pub fn f() { std::fs::remove_file(\"x\"); }"},
		{"unused_variables", "pub fn f() { let x = 1; }"},
		{"unused_unsafe", "pub fn f() { unsafe {} }"},
		{"dead_code", "fn f() {}"},
		{"unconditional_panic", "pub fn f() -> u8 { [1, 2][3] }"},
	} {
		seen := false
		list := diagnosed(t, example.Source{Text: test.source, Edition: "2024"})
		for _, d := range list {
			if d.code != test.code {
				continue
			}
			seen = true
			for _, h := range l.HintsByLint(d.code) {
				if h.Fit(d.code, d.text) != course.NoFit {
					t.Errorf("%s leads to %s:\n%s", d.code, h.ID, d.text)
				}
			}
		}
		if list != nil && !seen {
			t.Errorf("rustc says no %s of %q, but %q", test.code, test.source, list)
		}
	}

	// What rustc and clippy 1.95 say where more is needed than rustc.
	for _, test := range []struct{ code, text, want string }{
		{"E0277", "the trait bound `LongChain: LintPass` is not satisfied", "pass-without-declaration"},
		{"E0463", "can't find crate for `rustc_lint`", "rustc-crate-without-gate"},
		{"E0658", "use of unstable library feature `rustc_private`: this crate is being loaded from the sysroot", "rustc-crate-without-gate"},
		{"E0107", "enum takes 2 generic arguments but 1 generic argument was supplied", "parse-result-of-std"},
		{"E0425", "cannot find type `ParseStream` in this scope", "parser-not-imported"},
		{"E0432", "unresolved import `syn::NestedMeta`", "syn-1-name"},
		{"E0615", "attempted to take value of method `path` on type `&Attribute`", "attribute-path-field"},
		{"E0599", "no method named `span` found for reference `&Field` in the current scope", "spanned-not-imported"},
		{"E0499", "cannot borrow `*arena` as mutable more than once at a time", "exclusive-arena"},
		{"clippy::significant_drop_in_scrutinee", "temporary with significant `Drop` in `while let` scrutinee will live until the end of the `while let` expression", "lock-held-by-while-let"},
	} {
		hint, ok := l.Hint(test.want)
		if !ok || hint.Fit(test.code, test.text) != course.ExactFit {
			t.Errorf("%s: %q does not lead to %s", test.code, test.text, test.want)
		}
	}
	for _, code := range []string{"E0463", "clippy::significant_drop_in_scrutinee"} {
		for _, h := range l.HintsByLint(code) {
			if h.Fit(code, "something else") != course.NoFit {
				t.Errorf("%s leads to %s whatever it says", code, h.ID)
			}
		}
	}
}
