package rust

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/Masterminds/semver/v3"

	"lectern/analysis/query"
)

// cratePredicates ask for facts of the crate. A fact can be unknown; then
// neither a predicate nor its opposite holds, so both are written out.
func cratePredicates() []query.Predicate {
	return append(append(append(
		both("crate-attribute?", `"attribute"...`,
			"when the crate's root file has one of these inner attributes, as in `#![no_std]`; a file without a Cargo.toml is its own root",
			compileCrateAttribute),
		both("edition?", `"range"`,
			"when the crate's edition is in the range, as in `>=2024`",
			compileEdition)...),
		append(both("package?", `"name"...`,
			"when the crate's package has one of these names; `cargo-*` is all that begin so",
			compilePackage),
			both("dependency?", `"package" "range"?`,
				"when Cargo.toml lists the package, in a version in the range if there is one, as in `<1`",
				compileDependency)...)...), query.Predicate{
		Name: "rust-version?", Args: `"version"`, Source: lectern,
		Doc: "true unless the crate is for an older Rust, too: its `rust-version` in Cargo.toml is below this one, as in `1.81`; " +
			"a crate that names none is for the newest",
		Compile: compileRustVersion,
	})
}

func compileRustVersion(args []query.Arg, _ *query.Env) (query.Test, error) {
	texts, err := stringArgs(args, 0, 1, "a version of Rust")
	if err != nil {
		return nil, err
	}
	if err := noMore(args, 1); err != nil {
		return nil, err
	}
	want, ok := MinorVersion(texts[0])
	if !ok {
		return nil, &query.ArgError{Message: fmt.Sprintf("%q is no version of Rust", texts[0]), Help: `write it as in "1.81"`}
	}
	return func(_ *query.Match, ctx *query.Context) bool {
		f := facts(ctx)
		if f == nil {
			return true
		}
		version := f.rustVersion()
		return version == 0 || version >= want
	}, nil
}

// answer is what is known.
type answer uint8

const (
	unknown answer = iota
	yes
	no
)

func known(b bool) answer {
	if b {
		return yes
	}
	return no
}

// both makes a predicate and its opposite.
func both(name, args, doc string, compile func([]query.Arg) (func(*Facts) answer, error)) []query.Predicate {
	form := func(name, doc string, want answer) query.Predicate {
		return query.Predicate{
			Name: name, Args: args, Doc: doc, Source: lectern, NoNegation: true,
			Compile: func(args []query.Arg, _ *query.Env) (query.Test, error) {
				ask, err := compile(args)
				if err != nil {
					return nil, err
				}
				return func(_ *query.Match, ctx *query.Context) bool {
					f := facts(ctx)
					return f != nil && ask(f) == want
				}, nil
			},
		}
	}
	return []query.Predicate{
		form(name, "true "+doc+"; false when that is unknown", yes),
		form("not-"+name, "true when the opposite of `"+name+"` is known", no),
	}
}

func compileCrateAttribute(args []query.Arg) (func(*Facts) answer, error) {
	texts, err := stringArgs(args, 0, 1, "an attribute")
	if err != nil {
		return nil, err
	}
	patterns, err := parseAll(texts, 0, `write it without brackets, as in "no_std" or "feature(allocator_api)"`, attributePatternOf)
	if err != nil {
		return nil, err
	}
	return func(f *Facts) answer {
		return known(f.anyCrateAttribute(func(text string) bool { return matchesAny(text, patterns) }))
	}, nil
}

func compileEdition(args []query.Arg) (func(*Facts) answer, error) {
	texts, err := stringArgs(args, 0, 1, "a range of editions")
	if err != nil {
		return nil, err
	}
	if err := noMore(args, 1); err != nil {
		return nil, err
	}
	op, year, err := parseEdition(texts[0])
	if err != nil {
		return nil, &query.ArgError{Message: err.Error(), Help: `write an operator and a year, as in ">=2024"; editions are 2015, 2018, 2021, 2024`}
	}
	return func(f *Facts) answer {
		e := f.edition()
		if e == 0 {
			return unknown
		}
		switch op {
		case ">=":
			return known(e >= year)
		case ">":
			return known(e > year)
		case "<=":
			return known(e <= year)
		case "<":
			return known(e < year)
		}
		return known(e == year)
	}, nil
}

func parseEdition(text string) (op string, year int, err error) {
	rest := text
	for _, o := range []string{">=", "<=", ">", "<", "="} {
		if s, ok := strings.CutPrefix(text, o); ok {
			op, rest = o, s
			break
		}
	}
	year, err = strconv.Atoi(strings.TrimSpace(rest))
	if err != nil {
		return "", 0, fmt.Errorf("%q is no range of editions", text)
	}
	// Editions come every three years.
	if year < 2015 || (year-2015)%3 != 0 {
		return "", 0, fmt.Errorf("there is no edition %d", year)
	}
	return op, year, nil
}

func compilePackage(args []query.Arg) (func(*Facts) answer, error) {
	texts, err := stringArgs(args, 0, 1, "a package's name")
	if err != nil {
		return nil, err
	}
	for i, text := range texts {
		if n := strings.Count(text, "*"); text == "" || n > 1 || n == 1 && !strings.HasSuffix(text, "*") {
			return nil, &query.ArgError{
				Arg: i, Message: fmt.Sprintf("%q is no name of a package", text),
				Help: `write it as in Cargo.toml, with a * at its end for all that begin so: "cargo-*"`,
			}
		}
	}
	return func(f *Facts) answer {
		name := f.packageName()
		if name == "" {
			return unknown
		}
		for _, text := range texts {
			if start, open := strings.CutSuffix(text, "*"); name == text || open && strings.HasPrefix(name, start) {
				return yes
			}
		}
		return no
	}, nil
}

func compileDependency(args []query.Arg) (func(*Facts) answer, error) {
	texts, err := stringArgs(args, 0, 1, "a package's name")
	if err != nil {
		return nil, err
	}
	if err := noMore(args, 2); err != nil {
		return nil, err
	}
	name := codeName(texts[0])
	if len(texts) == 1 {
		return func(f *Facts) answer {
			_, listed, ok := f.dependency(name)
			if !ok {
				return unknown
			}
			return known(listed)
		}, nil
	}
	want, err := parseRange(texts[1])
	if err != nil {
		return nil, &query.ArgError{
			Arg: 1, Message: fmt.Sprintf("%q is no range of versions: %v", texts[1], err),
			Help: `write it as in Cargo.toml: "<1", ">=0.2, <0.4", "1.2"`,
		}
	}
	return func(f *Facts) answer {
		d, listed, ok := f.dependency(name)
		if !ok {
			return unknown
		}
		if !listed {
			return no
		}
		v := lowest(d.Requirement)
		if v == nil {
			return unknown
		}
		return known(want.Check(v))
	}, nil
}

// parseRange reads a range as Cargo does: a version without an operator is one
// that is compatible.
func parseRange(text string) (*semver.Constraints, error) {
	parts := strings.Split(text, ",")
	for i, p := range parts {
		p = strings.TrimSpace(p)
		if p != "" && p[0] >= '0' && p[0] <= '9' && !strings.ContainsAny(p, "*xX") {
			p = "^" + p
		}
		parts[i] = p
	}
	return semver.NewConstraint(strings.Join(parts, ", "))
}

// lowest is the lowest version that a requirement of a manifest takes, nil if it
// does not say. Cargo takes a newer one that is compatible, so what the lowest
// offers is there.
func lowest(requirement string) *semver.Version {
	var best *semver.Version
	for _, p := range strings.Split(requirement, ",") {
		p = strings.TrimSpace(p)
		if p == "" || p[0] == '<' {
			continue
		}
		p = strings.TrimLeft(p, "^~=> ")
		for strings.HasSuffix(p, ".*") {
			p = p[:len(p)-2]
		}
		v, err := semver.NewVersion(p)
		if err != nil {
			continue
		}
		if best == nil || v.GreaterThan(best) {
			best = v
		}
	}
	return best
}
