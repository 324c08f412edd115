package rust

import (
	"slices"
	"testing"
)

func TestInnerAttributes(t *testing.T) {
	for _, tt := range []struct {
		name, src string
		want      []string
	}{
		{"none", "fn main() {}\n#![no_std]\n", nil},
		{"several", "#![no_std]\n#! [ no_main ]\n#![feature(a, b)] #![x]\nuse a;\n", []string{"no_std", "no_main", "feature(a, b)", "x"}},
		{"comments", "//! # ![no]\n/* #![no] /* nested */ */\n#![yes] // behind\n", []string{"yes"}},
		{"shebang", "#!/usr/bin/env run\n#![yes]\n", []string{"yes"}},
		{"byte order mark", "\ufeff#![yes]\n", []string{"yes"}},
		{"strings", "#![doc = \"]\"]\n#![doc = r#\"\"]\"#]\n#![doc = \"\\\"]\"]\n#![c = ']']\n#![yes]\n",
			[]string{`doc = "]"`, `doc = r#""]"#`, `doc = "\"]"`, `c = ']'`, "yes"}},
		{"outer attribute ends", "#![yes]\n#[no]\n#![no]\n", []string{"yes"}},
		{"cut off", "#![yes]\n#![no_", []string{"yes"}},
		{"ends in a string", "#![doc = \"", nil},
		{"empty", "", nil},
		{"only a mark", "#", nil},
		{"marks", "#!", nil},
	} {
		if got := innerAttributes([]byte(tt.src)); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestDeclaresMod(t *testing.T) {
	src := []byte("mod a;\npub mod b { }\n// mod c;\n/* mod d; */\nconst S: &str = \"mod e;\";\nconst R: &str = r#\"mod f;\"#;\n" +
		"fn g<'x>(c: char) { let c = '\"'; }\nmod r#h;\nmod\n  // between\n  i;\nmodule j;\nlet q = '\\''; mod k;\n")
	for name, want := range map[string]bool{
		"a": true, "b": true, "c": false, "d": false, "e": false, "f": false, "h": true, "i": true, "j": false, "k": true, "g": false,
	} {
		if got := declaresMod(src, name); got != want {
			t.Errorf("mod %s: got %v, want %v", name, got, want)
		}
	}
}

// FuzzRootFile reads arbitrary bytes as a root file: it ends, and inside the file.
func FuzzRootFile(f *testing.F) {
	f.Add([]byte("#![a]\nmod x;"))
	f.Add([]byte("r#\"'\\"))
	f.Add([]byte("#![a(\"]\")]'"))
	f.Fuzz(func(t *testing.T, src []byte) {
		innerAttributes(src)
		declaresMod(src, "x")
	})
}
