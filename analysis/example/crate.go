package example

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"

	"lectern/analysis/course"
	"lectern/analysis/rust"
)

// defaultEdition is the edition of an example that names none.
const defaultEdition = 2024

// crateOf is the crate that an example stands for: its manifest's, or one of
// which only the edition is known.
func crateOf(e course.Example, source string) (*rust.Crate, error) {
	path := pathOf(e)
	crate := rust.Crate{Root: path, Name: "example", Edition: defaultEdition}
	if e.Manifest != "" {
		manifest := filepath.Join(root(), "Cargo.toml")
		loaded, err := rust.LoadCrate(func(name string) ([]byte, error) {
			switch filepath.Clean(name) {
			case manifest:
				return []byte(e.Manifest), nil
			case path:
				return []byte(source), nil
			}
			return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
		}, path)
		if err != nil {
			return nil, fmt.Errorf("the manifest of the example: %w", err)
		}
		crate = *loaded
	}
	if edition, err := strconv.Atoi(e.Attr["edition"]); err == nil {
		crate.Edition = edition
	}
	if minor, ok := rust.MinorVersion(e.Attr["rust-version"]); ok {
		crate.Rust = minor
	}
	if e.Attr["edition"] == course.UnknownEdition {
		crate.Edition = 0
	}
	return &crate, nil
}

// editionOf is the edition that an example is compiled with, as rustc names it.
func editionOf(e course.Example) string {
	crate, err := crateOf(e, "")
	if err != nil || crate.Edition == 0 {
		return strconv.Itoa(defaultEdition)
	}
	return strconv.Itoa(crate.Edition)
}

// root is the folder that examples seem to stand in.
func root() string { return filepath.Join(string(filepath.Separator), "example") }

// pathOf is the file that an example stands for.
func pathOf(e course.Example) string {
	switch {
	case e.Attr["path"] != "":
		return filepath.Join(root(), filepath.FromSlash(e.Attr["path"]))
	case e.Language == "toml":
		return filepath.Join(root(), "Cargo.toml")
	case hasMain(e.Text):
		return filepath.Join(root(), "src", "main.rs")
	}
	return filepath.Join(root(), "src", "lib.rs")
}
