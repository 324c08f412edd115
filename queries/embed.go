// Package queries holds the courses that are built into Lectern, as the files
// that an instructor would write: see advanced-rust/ for one.
package queries

import (
	"embed"
	"io/fs"
)

//go:embed advanced-rust
var files embed.FS

// Names are the folders of the built-in courses.
func Names() []string { return []string{"advanced-rust"} }

// Course is the folder of a built-in course; an empty one for an unknown name.
func Course(name string) fs.FS {
	sub, err := fs.Sub(files, name)
	if err != nil { // a name that is no path
		return embed.FS{}
	}
	return sub
}
