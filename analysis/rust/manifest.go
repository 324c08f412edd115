package rust

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"
)

// LoadCrate finds what the manifest and the root file say about the crate of a
// file: the nearest Cargo.toml above it, its workspace's Cargo.toml if something
// is inherited, the root of the target that the file belongs to. Without a
// Cargo.toml the Crate knows nothing but the Files to watch. Above a relative
// path nothing is looked for.
//
// With an error the Crate is still good for its Files, so that the caller can
// try again when they change.
func LoadCrate(read ReadFile, path string) (*Crate, error) { return NewLoader(read).Load(path) }

// Loader loads the crates of many files of which none changes meanwhile. It
// reads each manifest once. Any number of goroutines may use it.
type Loader struct {
	read      ReadFile
	mu        sync.Mutex
	manifests map[string]*manifest
}

// NewLoader makes a Loader that reads with read, which must be safe to call from
// the goroutines that use the Loader.
func NewLoader(read ReadFile) *Loader { return &Loader{read: read, manifests: map[string]*manifest{}} }

// manifest is a Cargo.toml that was looked for.
type manifest struct {
	parse, interpret sync.Once
	doc              table // nil if there is none
	err              error

	facts    Crate // of the package, without a root
	factsErr error
}

// Load is LoadCrate.
func (l *Loader) Load(path string) (*Crate, error) {
	c := &Crate{}
	one := loading{Loader: l, files: &c.Files}
	manifest, m, err := one.nearest(filepath.Dir(path), "")
	if err != nil || m == nil {
		return c, err
	}
	m.interpret.Do(func() {
		from := loading{Loader: l, files: &m.facts.Files}
		m.factsErr = from.interpret(&m.facts, manifest, m.doc)
	})
	files := c.Files
	*c = m.facts
	for _, f := range c.Files {
		if !slices.Contains(files, f) {
			files = append(files, f)
		}
	}
	c.Files = files
	if m.factsErr != nil || sub(m.doc, "package") == nil {
		return c, m.factsErr
	}
	return c, one.root(c, m.doc, path)
}

// loading is one use of a Loader, with the files that it looked for.
type loading struct {
	*Loader
	files *[]string
}

// table is a table of a manifest.
type table = map[string]any

// interpret reads a manifest's facts.
func (l loading) interpret(c *Crate, path string, doc table) error {
	c.Manifest = path
	pkg := sub(doc, "package")
	if pkg == nil {
		return nil // a workspace without a package of its own
	}
	c.Name, _ = pkg["name"].(string)
	var workspace table
	if inherits(doc) {
		var err error
		if workspace, err = l.workspace(path, doc, pkg); err != nil {
			return err
		}
	}
	c.Edition = edition(pkg, workspace)
	c.Rust = rustVersion(pkg, workspace)
	c.Dependencies = map[string]Dependency{}
	c.depend(doc, workspace)
	if targets := sub(doc, "target"); targets != nil {
		for _, key := range sortedKeys(targets) {
			if t := sub(targets, key); t != nil {
				c.depend(t, workspace)
			}
		}
	}
	lints := sub(doc, "lints")
	if inherited(lints) {
		lints = sub(workspace, "lints")
	}
	c.Lints = levels(lints)
	return nil
}

// nearest finds the first Cargo.toml in a folder or above it; with a table's
// name, the first that has the table.
func (l loading) nearest(dir, with string) (string, *manifest, error) {
	for {
		path := filepath.Join(dir, "Cargo.toml")
		m := l.manifest(path)
		if m.err != nil {
			return path, nil, m.err
		}
		if m.doc != nil && (with == "" || m.doc[with] != nil) {
			return path, m, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", nil, nil
		}
		dir = up
	}
}

// manifest reads a Cargo.toml.
func (l loading) manifest(path string) *manifest {
	l.note(path)
	l.mu.Lock()
	m := l.manifests[path]
	if m == nil {
		m = &manifest{}
		l.manifests[path] = m
	}
	l.mu.Unlock()
	m.parse.Do(func() { m.doc, m.err = l.parse(path) })
	return m
}

func (l loading) parse(path string) (table, error) {
	content, err := l.file(path)
	if err != nil || content == nil {
		return nil, err
	}
	var doc table
	if err := toml.Unmarshal(content, &doc); err != nil {
		var at *toml.DecodeError
		if errors.As(err, &at) {
			row, column := at.Position()
			return nil, fmt.Errorf("reading the manifest %s:%d:%d: %w", path, row, column, err)
		}
		return nil, fmt.Errorf("reading the manifest %s: %w", path, err)
	}
	if doc == nil {
		doc = table{}
	}
	return doc, nil
}

// note remembers a file that was looked for.
func (l loading) note(path string) {
	if !slices.Contains(*l.files, path) {
		*l.files = append(*l.files, path)
	}
}

// file reads a file and notes it, nil if there is none.
func (l loading) file(path string) ([]byte, error) {
	l.note(path)
	content, err := l.read(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("reading the facts of a crate: %w", err)
	case content == nil:
		content = []byte{}
	}
	return content, nil
}

// workspace is the [workspace] table that a package inherits from.
func (l loading) workspace(path string, doc, pkg table) (table, error) {
	if w := sub(doc, "workspace"); w != nil {
		return w, nil
	}
	dir := filepath.Dir(filepath.Dir(path))
	if at, ok := pkg["workspace"].(string); ok {
		dir = filepath.Join(filepath.Dir(path), filepath.FromSlash(at))
	}
	_, up, err := l.nearest(dir, "workspace")
	if err != nil || up == nil {
		return nil, err
	}
	return sub(up.doc, "workspace"), nil
}

// inherits reports a manifest with `workspace = true` somewhere.
func inherits(t table) bool {
	for _, v := range t {
		if v, ok := v.(table); ok && (inherited(v) || inherits(v)) {
			return true
		}
	}
	return false
}

func inherited(t table) bool {
	on, _ := t["workspace"].(bool)
	return on
}

func sub(t table, key string) table {
	s, _ := t[key].(table)
	return s
}

func sortedKeys(t table) []string {
	keys := make([]string, 0, len(t))
	for k := range t {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// edition is a package's edition; Cargo takes 2015 where none is written.
func edition(pkg, workspace table) int {
	v := pkg["edition"]
	if t, ok := v.(table); ok && inherited(t) {
		v = sub(workspace, "package")["edition"]
		if v == nil {
			return 0 // the workspace was not found
		}
	}
	switch v := v.(type) {
	case nil:
		return 2015
	case string:
		n, _ := strconv.Atoi(v)
		return n
	}
	return 0
}

// rustVersion is the minor version of a package's rust-version, 0 without one.
func rustVersion(pkg, workspace table) int {
	v := pkg["rust-version"]
	if t, ok := v.(table); ok && inherited(t) {
		v = sub(workspace, "package")["rust-version"]
	}
	text, _ := v.(string)
	minor, _ := MinorVersion(text)
	return minor
}

// MinorVersion is the second number of a version of Rust in a text such as "1.81" or "1.81.0".
func MinorVersion(text string) (minor int, ok bool) {
	rest, ok := strings.CutPrefix(text, "1.")
	digits, _, _ := strings.Cut(rest, ".")
	minor, err := strconv.Atoi(digits)
	return minor, ok && err == nil && minor >= 0
}

// depend adds the dependency tables of a manifest or of one target in it.
func (c *Crate) depend(t, workspace table) {
	for _, kind := range []string{
		"dependencies", "dev-dependencies", "dev_dependencies", "build-dependencies", "build_dependencies",
	} {
		list := sub(t, kind)
		for _, name := range sortedKeys(list) {
			key := codeName(name)
			if _, ok := c.Dependencies[key]; ok {
				continue
			}
			d := Dependency{Package: name}
			d.read(list[name])
			if t, ok := list[name].(table); ok && inherited(t) {
				d.read(sub(workspace, "dependencies")[name])
			}
			c.Dependencies[key] = d
		}
	}
}

func (d *Dependency) read(v any) {
	switch v := v.(type) {
	case string:
		d.Requirement = v
	case table:
		if s, ok := v["version"].(string); ok {
			d.Requirement = s
		}
		if s, ok := v["package"].(string); ok {
			d.Package = s
		}
		if b, ok := v["optional"].(bool); ok {
			d.Optional = b
		}
	}
}

// levels reads a [lints] table.
func levels(lints table) map[string]string {
	out := map[string]string{}
	for tool, v := range lints {
		list, ok := v.(table)
		if !ok {
			continue
		}
		prefix := ""
		if tool != "rust" {
			prefix = tool + "::"
		}
		for name, v := range list {
			if t, ok := v.(table); ok {
				v = t["level"]
			}
			if level, ok := v.(string); ok {
				out[prefix+strings.ReplaceAll(name, "-", "_")] = level
			}
		}
	}
	return out
}
