package rust

import (
	"maps"
	"slices"
	"strings"

	"lectern/analysis/query"
)

// A predicate that holds leaves its words in the code. What is said here of paths
// follows from how they are resolved: whoever teaches the resolver, or typeOf, a
// name that a file need not spell, has to tell it here.

// wordOfEach is the list of the words of all arguments but the first; none if one
// has no word.
func wordOfEach(args []query.Arg, where query.Where, words func(text string) []string) []query.Need {
	var all []string
	for _, a := range args[1:] {
		of := words(a.Text)
		if len(of) == 0 {
			return nil
		}
		all = append(all, of...)
	}
	return []query.Need{{Words: all, Where: where}}
}

// segments are the segments of a path in a predicate's arguments.
func segments(path string) []string { return strings.Split(strings.TrimPrefix(path, "::"), "::") }

// lastNames are the last names of paths: however a file comes to an item, it
// spells that name, be it where it imports it under another one. None where a path
// ends in any name, or names a crate or a module, which a manifest or a file may
// have named.
func lastNames(args []query.Arg) []query.Need {
	var names []string
	for _, a := range args[1:] {
		segs := segments(a.Text)
		name := segs[len(segs)-1]
		if len(segs) < 2 || segs[0] == "crate" || name == "" || strings.Contains(name, "*") {
			return nil
		}
		names = append(names, name)
	}
	return []query.Need{{Words: names, Where: query.ByName}}
}

// ownerWords are names in a path before the last one that a file spells too: of
// another crate its name, of std what the last name stands in. The names of the
// prelude need neither.
func ownerWords(path string) []string {
	segs := segments(path)
	if crate := crateName(segs[0]); crate != "std" {
		return crateWords(segs)
	}
	if len(segs) < 3 {
		return nil
	}
	owner, last := segs[len(segs)-2], segs[len(segs)-1]
	if strings.Contains(last, "*") && (!upper(owner) || owner == "Option" || owner == "Result") {
		return nil // may be of the prelude
	}
	for _, in := range []space{typeSpace, valueSpace, macroSpace} {
		if preludeName(last, in) == "std::"+strings.Join(segs[1:], "::") {
			return nil
		}
	}
	return plain(owner)
}

// plain is a segment without a `*`.
func plain(seg string) []string {
	if seg == "" || strings.Contains(seg, "*") {
		return nil
	}
	return []string{seg}
}

// crateWords are the words of a path of another crate. A manifest can rename the
// crate, for which there is Crate.Renamed.
func crateWords(segs []string) []string {
	switch segs[0] {
	case "", "crate", "self", "super":
		return nil
	case "crossbeam_epoch":
		return []string{segs[0], "crossbeam"} // which has it as a module
	}
	if len(segs) < 2 {
		return nil
	}
	return plain(segs[0])
}

// typeWords are the words of a type in the arguments of #type?.
func typeWords(text string) []string {
	if p, err := parseTypePattern(text); err != nil || p.shape != "" {
		return nil
	}
	segs := segments(text)
	last := segs[len(segs)-1]
	switch {
	case len(segs) > 1 && crateName(segs[0]) != "std":
		return crateWords(segs)
	case primitive(last), slices.Contains(unspelled, last):
		return nil
	}
	return plain(last)
}

// unspelled are types that typeOf knows from expressions without their names.
var unspelled = []string{"String", "Vec", "MutexGuard", "Result", "Shared", "Guard"}

// itemWords are the keywords of a kind of item as #item? names it.
func itemWords(kind string) []string {
	switch kind {
	case "macro":
		return []string{"macro_rules"}
	case "unsafe fn":
		return []string{"unsafe"}
	case "async fn":
		return []string{"async"}
	}
	word, _, _ := strings.Cut(kind, " ")
	return []string{word}
}

// attributeWords are the last names of attributes.
func attributeWords(text string) []string {
	segs := segments(parseAttributePattern(text).path)
	return plain(segs[len(segs)-1])
}

// Renamed are packages that the crate's manifest gives other names, as code would
// spell their own.
func (c *Crate) Renamed() []string {
	if c == nil {
		return nil
	}
	var names []string
	for _, key := range slices.Sorted(maps.Keys(c.Dependencies)) {
		if p := strings.ReplaceAll(c.Dependencies[key].Package, "-", "_"); p != "" && p != key {
			names = append(names, p)
		}
	}
	return names
}
