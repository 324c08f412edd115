package example

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"time"
	"unicode"

	"lectern/analysis/course"
)

// patience is how long rustc may take for one example.
const patience = time.Minute

// unit is what rustc is asked to compile.
type unit struct {
	Edition string
	Kind    string // crate type
	Source  string
}

// verdict is what rustc says about a unit.
type verdict struct {
	Errors []rustError
}

// rustError is an error of rustc.
type rustError struct {
	Code    string // "E0433", the name of a lint, or ""
	Message string
	Help    string
	Line    int // from 1, in the unit's source; 0 when unknown
	Column  int // from 1, in code points
	// Importable says that rustc knows an import that would help.
	Importable bool
}

// compiler asks rustc, or remembers what it said. It is safe for many at a time.
type compiler struct {
	rustc   string
	version string // all that tells this rustc from another one
	cache   *cache
	err     error // why rustc cannot be asked
}

func newCompiler(ctx context.Context, options Options) *compiler {
	c := &compiler{rustc: options.Rustc}
	if c.rustc == "" {
		return c
	}
	version, err := exec.CommandContext(ctx, c.rustc, "--version", "--verbose").Output()
	if err != nil {
		c.err = fmt.Errorf("asking %s for its version: %w", c.rustc, err)
		return c
	}
	c.version = string(version)
	if options.Cache != "" {
		c.cache = openCache(options.Cache)
	}
	return c
}

// compile is rustc's verdict about a unit.
func (c *compiler) compile(ctx context.Context, u unit) (verdict, error) {
	if c.err != nil {
		return verdict{}, c.err
	}
	if v, ok := c.cache.get(c.version, u); ok {
		return v, nil
	}
	v, err := c.ask(ctx, u)
	if err == nil {
		c.cache.put(c.version, u, v)
	}
	return v, err
}

// ask runs rustc over the unit up to type and borrow checks; nothing of the unit
// is run.
func (c *compiler) ask(ctx context.Context, u unit) (verdict, error) {
	dir, err := os.MkdirTemp("", "lectern-example-")
	if err != nil {
		return verdict{}, fmt.Errorf("compiling an example: %w", err)
	}
	defer os.RemoveAll(dir)
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	args := []string{"--edition", u.Edition, "--crate-type", u.Kind, "--crate-name", "example",
		"--emit", "metadata", "--out-dir", dir, "-A", "warnings", "--error-format", "json"}
	if u.Kind == procMacro {
		args = append(args, "--extern", "proc_macro") // as Cargo has it
	}
	cmd := exec.CommandContext(ctx, c.rustc, append(args, "-")...)
	cmd.Dir = dir
	cmd.Stdin = strings.NewReader(u.Source)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	err = cmd.Run()
	v := readErrors(stderr.Bytes())
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return verdict{}, fmt.Errorf("compiling an example: %w", ctx.Err())
	case err != nil && (!errors.As(err, &exit) || len(v.Errors) == 0):
		return verdict{}, fmt.Errorf("compiling an example with %s: %w: %s", c.rustc, err, bytes.TrimSpace(stderr.Bytes()))
	}
	return v, nil
}

// readErrors takes the errors from rustc's JSON lines.
func readErrors(lines []byte) verdict {
	type message struct {
		Level   string
		Message string
		Code    *struct{ Code string }
		Spans   []struct {
			LineStart   int  `json:"line_start"`
			ColumnStart int  `json:"column_start"`
			IsPrimary   bool `json:"is_primary"`
		}
		Children []struct {
			Level   string
			Message string
		}
	}
	var v verdict
	for line := range bytes.Lines(lines) {
		var m message
		if json.Unmarshal(line, &m) != nil || m.Level != "error" || strings.HasPrefix(m.Message, "aborting due to") {
			continue
		}
		e := rustError{Message: m.Message}
		if m.Code != nil {
			e.Code = m.Code.Code
		}
		// Of several places the first: in `use a::{self, B}` it is the crate's name.
		for _, s := range m.Spans {
			if s.IsPrimary && (e.Line == 0 || s.LineStart < e.Line || s.LineStart == e.Line && s.ColumnStart < e.Column) {
				e.Line, e.Column = s.LineStart, s.ColumnStart
			}
		}
		for _, child := range m.Children {
			if child.Level != "help" {
				continue
			}
			if e.Help == "" {
				e.Help = child.Message
			}
			e.Importable = e.Importable || strings.Contains(child.Message, "consider importing")
		}
		v.Errors = append(v.Errors, e)
	}
	return v
}

// outside is the reason, if there is one, why the errors say nothing about the
// code: it needs a crate or a toolchain that is not here.
func (v verdict) outside(source string) string {
	for _, e := range v.Errors {
		switch e.Code {
		case "E0554":
			return "it needs a nightly compiler"
		case "E0463":
			return e.Message
		case "E0432", "E0433":
			if name := e.crate(source); name != "" {
				return fmt.Sprintf("it needs the crate `%s`", name)
			}
		}
	}
	return ""
}

// crate is the crate that an error of name resolution misses, or "" if the name
// that it points at can be no crate's. It goes by the code, since rustc's wording
// changes from version to version.
func (e rustError) crate(source string) string {
	if e.Importable {
		return "" // the standard library has it: a `use` is missing, no crate
	}
	n := 0
	for line := range strings.Lines(source) {
		if n++; n != e.Line {
			continue
		}
		runes := []rune(line)
		name := wordAt(string(runes[min(max(e.Column-1, 0), len(runes)):]))
		switch name {
		case "", "std", "core", "alloc", "proc_macro", "test", "crate", "self", "super":
			return ""
		}
		local := regexp.MustCompile(`\b(mod|enum|struct|trait|type|union)\s+` + name + `\b`)
		if name[0] < 'a' && name[0] != '_' || local.MatchString(source) {
			return ""
		}
		return name
	}
	return ""
}

// wordAt is the identifier that a text starts with.
func wordAt(s string) string {
	s = strings.TrimPrefix(s, "::")
	end := strings.IndexFunc(s, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if end < 0 {
		end = len(s)
	}
	return s[:end]
}

// compile compiles a std-only example.
func (r *runner) compile(ctx context.Context, e course.Example, s *sheet) {
	switch {
	case e.Language != "rust":
		return
	case r.compiler.rustc == "":
		r.out.Note = "not compiled: no rustc"
		return
	}
	reason := e.Attr["no_compile"]
	v, err := r.compiler.compile(ctx, unit{Edition: editionOf(e), Kind: crateType(s.text), Source: s.text})
	if err != nil {
		r.fail(e.Line, 1, err.Error(), "")
		return
	}
	why := v.outside(s.text)
	switch {
	case reason != "":
		r.out.Note = "not compiled: " + reason
		if len(v.Errors) == 0 {
			r.out.Note = fmt.Sprintf("marked no_compile=%q, but this rustc takes it", reason)
		}
		return
	case why != "":
		r.out.Note = "not compiled: " + why
		return
	}
	r.out.Compiled = true
	for _, x := range v.Errors {
		line := e.Line
		if x.Line > 0 {
			line = s.fileLine(x.Line)
		}
		r.fail(line, max(x.Column+s.indent, 1), "rustc: "+withCode(x), x.Help)
	}
}

func withCode(e rustError) string {
	if e.Code == "" {
		return e.Message
	}
	return e.Message + " [" + e.Code + "]"
}

// hasMain reports a text with a main function of its own.
func hasMain(text string) bool {
	for line := range strings.Lines(text) {
		line = strings.TrimPrefix(line, "pub ")
		line = strings.TrimPrefix(line, "async ")
		if strings.HasPrefix(line, "fn main(") {
			return true
		}
	}
	return false
}

// procMacro is the crate type of procedural macros.
const procMacro = "proc-macro"

// crateType is what a text can be compiled as.
func crateType(text string) string {
	switch {
	case regexp.MustCompile(`(?m)^#\[proc_macro`).MatchString(text):
		return procMacro
	case hasMain(text):
		return "bin"
	}
	return "lib"
}
