package rust

import (
	"path/filepath"
	"strings"
)

// Crate is what is known about the crate that a file belongs to. The zero Crate
// knows nothing. It is immutable once it is shared.
type Crate struct {
	Manifest string // path of the package's Cargo.toml; "" without one
	Root     string // path of the crate's root file, such as src/main.rs; "" if unknown
	Name     string // of the package
	Edition  int    // 2015, 2018, 2021, 2024, ...; 0 if unknown
	Rust     int    // the minor version of the manifest's rust-version, as 81 for "1.81.0"; 0 without one

	// Attributes are the inner attributes of the root file, without `#![` and
	// `]`: `no_std`, `feature(allocator_api)`. For a file that is the root, the
	// file itself is asked.
	Attributes []string
	// Dependencies by the name that code uses, so with `_` for `-`. Dependencies
	// of every kind and target are here. Nil if unknown.
	Dependencies map[string]Dependency
	// Lints are the levels of the manifest's [lints], by lint as attributes
	// write it: "unsafe_code", "clippy::undocumented_unsafe_blocks".
	Lints map[string]string

	// Files are the files that were read or looked for: the facts are to be
	// loaded anew when one of them changes, comes or goes.
	Files []string
}

// Dependency is an entry of a manifest's dependency tables.
type Dependency struct {
	Package     string // the package's name, which may differ from the name in code
	Requirement string // as written: "1.0", "^0.2, <0.4"; "" for a path or git dependency
	Optional    bool
}

// ReadFile reads a file. A file that is not there is an error that errors.Is
// finds to be fs.ErrNotExist. It is the place to overlay open editor buffers
// over the disk.
type ReadFile func(path string) ([]byte, error)

// edition is the crate's edition, 0 if unknown.
func (f *Facts) edition() int {
	if f.Crate == nil {
		return 0
	}
	f.consultCrate()
	return f.Crate.Edition
}

// rustVersion is the minor version of the oldest Rust that the crate is for, 0 if
// none is named.
func (f *Facts) rustVersion() int {
	if f.Crate == nil {
		return 0
	}
	f.consultCrate()
	return f.Crate.Rust
}

// packageName is the name of the crate's package, "" if unknown.
func (f *Facts) packageName() string {
	if f.Crate == nil {
		return ""
	}
	f.consultCrate()
	return f.Crate.Name
}

// consultCrate records that the crate's facts were asked for.
func (f *Facts) consultCrate() {
	if f.Recorder != nil {
		f.Recorder.crate = true
	}
}

// dependency is the dependency that has a package's name, and whether the
// manifest is known at all.
func (f *Facts) dependency(name string) (dep Dependency, listed, known bool) {
	f.consultCrate()
	if f.Crate == nil || f.Crate.Dependencies == nil {
		return Dependency{}, false, false
	}
	for key, d := range f.Crate.Dependencies {
		pkg := d.Package
		if pkg == "" {
			pkg = key
		}
		if codeName(pkg) == name {
			return d, true, true
		}
	}
	return Dependency{}, false, true
}

// knownCrate reports std or a dependency, by its name in code.
func (f *Facts) knownCrate(name string) bool {
	f.consultCrate()
	if _, ok := f.Crate.Dependencies[name]; ok {
		return true
	}
	return crateName(name) == "std" || name == "proc_macro" || name == "test"
}

// codeName is a package's name as code writes it.
func codeName(pkg string) string { return strings.ReplaceAll(pkg, "-", "_") }

// inTests reports a file of a folder that Cargo builds for tests or benchmarks
// only.
func inTests(path string) bool {
	for path != "" {
		dir, name := filepath.Split(path)
		dir = strings.TrimRight(dir, `/\`)
		if name == "tests" || name == "benches" {
			return true
		}
		if dir == path {
			return false
		}
		path = dir
	}
	return false
}
