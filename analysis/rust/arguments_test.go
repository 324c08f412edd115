package rust_test

import (
	"strings"
	"testing"

	"lectern/analysis/query"
	"lectern/analysis/rust"
	"lectern/analysis/syntax"
)

// TestArguments writes predicates wrongly: the error says what is wrong.
func TestArguments(t *testing.T) {
	for _, tt := range []struct{ predicate, want string }{
		{`(#path? "std::mem::drop" @m)`, `"std::mem::drop" is a string, but a capture is wanted here`},
		{`(#path? @m)`, `a path is missing`},
		{`(#path? @m @m)`, `@m is a capture, but a path is wanted here`},
		{`(#path? @m "std::mem.drop")`, `"." is not part of a name`},
		{`(#path? @m "std::::drop")`, `a name is missing`},
		{`(#path? @m "std mem")`, `" " is not part of a name`},
		{`(#path? @m "**")`, `fits every path`},
		{`(#path?)`, `a capture is missing`},
		{`(#calls? @m "drop")`, `two segments at least`},
		{`(#type? @m "Vec<u8>")`, `"<" is not part of a name`},
		{`(#type? @m "&str")`, `shapes of types`},
		{`(#item? @m "function")`, `"function" is no kind of item`},
		{`(#item-attribute? @m "#[repr]")`, `has the brackets of an attribute`},
		{`(#has-attribute? @m "#[interrupt]")`, `has the brackets of an attribute`},
		{`(#has-attribute? @m "")`, `names no attribute`},
		{`(#has-modifier? @m "public")`, `"public" is no modifier`},
		{`(#in-unsafe? @m "x")`, `"x" is one argument too many`},
		{`(#edition? ">=2020")`, `there is no edition 2020`},
		{`(#rust-version? "2024")`, `"2024" is no version of Rust`},
		{`(#rust-version? "1.81" "1.82")`, `one argument too many`},
		{`(#edition? "new")`, `"new" is no range of editions`},
		{`(#not-edition? "new")`, `"new" is no range of editions`},
		{`(#edition? @m)`, `@m is a capture`},
		{`(#package? "cargo-*-x")`, `"cargo-*-x" is no name of a package`},
		{`(#not-package? "")`, `"" is no name of a package`},
		{`(#package?)`, `a package's name`},
		{`(#dependency? "x" "one")`, `"one" is no range of versions`},
		{`(#dependency? "x" "1" "2")`, `"2" is one argument too many`},
		{`(#crate-attribute?)`, `an attribute is missing`},
		{`(#lint-allowed? @m)`, `a lint is missing`},
	} {
		_, errs := query.Compile("((identifier) @m "+tt.predicate+")", syntax.Rust().Tree, registry(), nil)
		if len(errs) != 1 {
			t.Errorf("%s: got %d errors, want 1", tt.predicate, len(errs))
			continue
		}
		if got := errs[0].Message; !strings.Contains(got, tt.want) {
			t.Errorf("%s: got %q, want it to say %q", tt.predicate, got, tt.want)
		}
	}
}

// TestDocumented checks that every predicate can stand in the reference.
func TestDocumented(t *testing.T) {
	for _, p := range rust.Predicates() {
		if !strings.HasPrefix(p.Doc, "true ") || p.Args == "" || p.Source != "Lectern" || !strings.HasSuffix(p.Name, "?") {
			t.Errorf("%s: args %q, source %q, doc %q", p.Name, p.Args, p.Source, p.Doc)
		}
	}
}
