package rust_test

import (
	"errors"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"

	"lectern/analysis/rust"
)

// archive makes the files of an archive readable.
func archive(t *testing.T, text string) rust.ReadFile {
	t.Helper()
	files := map[string][]byte{}
	for _, f := range txtar.Parse([]byte(text)).Files {
		files[f.Name] = f.Data
	}
	return overlay(files)
}

const twoTargets = `
-- Cargo.toml --
[package]
name = "two-targets"
edition = "2024"
build = "make/build.rs"

[[bin]]
name = "extra"
path = "tools/extra.rs"

[dependencies]
a-b = "1"
renamed = { package = "original-name", version = "=0.3.1", optional = true }
from-git = { git = "https://example.org/x" }

[dev-dependencies]
a-b = "2"
dev = "0.5"

[build-dependencies]
cc = "1.0"

[target.'cfg(unix)'.dependencies]
libc = { version = "0.2", default-features = false }

[lints.rust]
unsafe_code = "forbid"
static-mut-refs = { level = "allow", priority = 1 }

[lints.clippy]
mem_forget = "warn"
-- src/lib.rs --
#![no_std]
mod both;
pub mod shared { mod inner; }
-- src/main.rs --
#![no_main]
mod both;
mod only_main;
// mod in_comment;
const S: &str = "mod in_string;";
-- tools/extra.rs --
#![allow(extra)]
-- src/bin/tool/main.rs --
#![allow(tool)]
`

func TestCrateRoot(t *testing.T) {
	read := archive(t, twoTargets)
	for _, tt := range []struct {
		path, root string
		attributes []string
	}{
		{"src/lib.rs", "src/lib.rs", []string{"no_std"}},
		{"src/main.rs", "src/main.rs", []string{"no_main"}},
		{"src/both.rs", "src/lib.rs", []string{"no_std"}},
		{"src/shared/inner.rs", "src/lib.rs", []string{"no_std"}},
		{"src/only_main.rs", "src/main.rs", []string{"no_main"}},
		{"src/only_main/deep/er.rs", "src/main.rs", []string{"no_main"}},
		{"src/in_comment.rs", "src/lib.rs", []string{"no_std"}},
		{"src/in_string.rs", "src/lib.rs", []string{"no_std"}},
		{"src/bin/tool/main.rs", "src/bin/tool/main.rs", []string{"allow(tool)"}},
		{"src/bin/tool/args.rs", "src/bin/tool/main.rs", []string{"allow(tool)"}},
		{"src/bin/single.rs", "src/bin/single.rs", nil},
		{"tools/extra.rs", "tools/extra.rs", []string{"allow(extra)"}},
		{"tools/helper.rs", "tools/extra.rs", []string{"allow(extra)"}},
		{"make/build.rs", "make/build.rs", nil},
		{"tests/it.rs", "tests/it.rs", nil},
		{"tests/common/mod.rs", "", nil},
		{"examples/big/main.rs", "examples/big/main.rs", nil},
		{"loose.rs", "", nil},
	} {
		c, err := rust.LoadCrate(read, tt.path)
		if err != nil {
			t.Errorf("%s: %v", tt.path, err)
			continue
		}
		if c.Root != tt.root || !slices.Equal(c.Attributes, tt.attributes) {
			t.Errorf("%s: got root %q with %q, want %q with %q", tt.path, c.Root, c.Attributes, tt.root, tt.attributes)
		}
	}
}

func TestCrateFacts(t *testing.T) {
	c, err := rust.LoadCrate(archive(t, twoTargets), "src/both.rs")
	if err != nil {
		t.Fatal(err)
	}
	if c.Name != "two-targets" || c.Edition != 2024 || c.Manifest != "Cargo.toml" {
		t.Errorf("got %q, edition %d, manifest %q", c.Name, c.Edition, c.Manifest)
	}
	want := map[string]rust.Dependency{
		"a_b":      {Package: "a-b", Requirement: "1"},
		"renamed":  {Package: "original-name", Requirement: "=0.3.1", Optional: true},
		"from_git": {Package: "from-git"},
		"dev":      {Package: "dev", Requirement: "0.5"},
		"cc":       {Package: "cc", Requirement: "1.0"},
		"libc":     {Package: "libc", Requirement: "0.2"},
	}
	if !reflect.DeepEqual(c.Dependencies, want) {
		t.Errorf("got  %v\nwant %v", c.Dependencies, want)
	}
	lints := map[string]string{"unsafe_code": "forbid", "static_mut_refs": "allow", "clippy::mem_forget": "warn"}
	if !reflect.DeepEqual(c.Lints, lints) {
		t.Errorf("got  %v\nwant %v", c.Lints, lints)
	}
	if files := []string{"src/Cargo.toml", "Cargo.toml", "src/lib.rs", "src/main.rs"}; !slices.Equal(c.Files, files) {
		t.Errorf("got files %q, want %q", c.Files, files)
	}
}

func TestCrateInheritance(t *testing.T) {
	c, err := rust.LoadCrate(archive(t, `
-- work/Cargo.toml --
[workspace]
[workspace.package]
edition = "2018"
[workspace.dependencies]
plain = "0.4"
renamed = { package = "real", version = "2" }
[workspace.lints.rust]
unsafe_code = "deny"
-- work/middle/Cargo.toml --
[package]
name = "between"
-- work/middle/app/Cargo.toml --
[package]
name = "app"
edition = { workspace = true }
[dependencies]
plain.workspace = true
renamed = { workspace = true, optional = true }
[lints]
workspace = true
`), "work/middle/app/src/main.rs")
	if err != nil {
		t.Fatal(err)
	}
	if c.Edition != 2018 {
		t.Errorf("got edition %d, want 2018", c.Edition)
	}
	want := map[string]rust.Dependency{
		"plain":   {Package: "plain", Requirement: "0.4"},
		"renamed": {Package: "real", Requirement: "2", Optional: true},
	}
	if !reflect.DeepEqual(c.Dependencies, want) {
		t.Errorf("got  %v\nwant %v", c.Dependencies, want)
	}
	if got := c.Lints["unsafe_code"]; got != "deny" {
		t.Errorf("got level %q, want deny", got)
	}
	if !slices.Contains(c.Files, "work/Cargo.toml") {
		t.Errorf("the workspace's manifest is not among the files: %q", c.Files)
	}
}

func TestCrateEditions(t *testing.T) {
	for _, tt := range []struct {
		manifest string
		want     int
	}{
		{"[package]\nname = \"x\"\n", 2015},
		{"[package]\nname = \"x\"\nedition = \"2021\"\n", 2021},
		{"[package]\nname = \"x\"\nedition.workspace = true\n", 0}, // no workspace
		{"[package]\nname = \"x\"\nedition = 2021\n", 0},           // Cargo wants a string
		{"[workspace]\n", 0},
	} {
		c, err := rust.LoadCrate(archive(t, "-- Cargo.toml --\n"+tt.manifest), "src/main.rs")
		if err != nil || c.Edition != tt.want {
			t.Errorf("%q: got %d, %v; want %d", tt.manifest, c.Edition, err, tt.want)
		}
	}
}

func TestCrateErrors(t *testing.T) {
	c, err := rust.LoadCrate(archive(t, "-- Cargo.toml --\n[package]\nname = \n"), "src/main.rs")
	if err == nil || !strings.Contains(err.Error(), "Cargo.toml:2:") {
		t.Errorf("got %v, want an error at line 2 of Cargo.toml", err)
	}
	if !slices.Contains(c.Files, "Cargo.toml") {
		t.Errorf("the broken manifest is not among the files to watch: %q", c.Files)
	}
	denied := errors.New("denied")
	_, err = rust.LoadCrate(func(string) ([]byte, error) { return nil, denied }, "src/main.rs")
	if !errors.Is(err, denied) {
		t.Errorf("got %v, want it to wrap %v", err, denied)
	}
	c, err = rust.LoadCrate(func(string) ([]byte, error) { return nil, fs.ErrNotExist }, "a/src/main.rs")
	if err != nil || c.Manifest != "" || c.Dependencies != nil || !slices.Contains(c.Files, "a/Cargo.toml") {
		t.Errorf("without a manifest: got %+v, %v", c, err)
	}
}

// TestLoader loads many files of one crate at once: the answers are those of
// LoadCrate, and each manifest is read once.
func TestLoader(t *testing.T) {
	read := archive(t, twoTargets)
	var mu sync.Mutex
	reads := 0
	loader := rust.NewLoader(func(path string) ([]byte, error) {
		if path == "Cargo.toml" {
			mu.Lock()
			reads++
			mu.Unlock()
		}
		return read(path)
	})
	var wg sync.WaitGroup
	for _, path := range []string{"src/lib.rs", "src/both.rs", "src/only_main.rs", "src/bin/tool/args.rs", "tests/it.rs"} {
		wg.Go(func() {
			got, err := loader.Load(path)
			if err != nil {
				t.Error(err)
				return
			}
			want, err := rust.LoadCrate(read, path)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s: got %+v, want %+v, %v", path, got, want, err)
			}
		})
	}
	wg.Wait()
	if reads != 1 {
		t.Errorf("the manifest was read %d times, want once", reads)
	}
}
