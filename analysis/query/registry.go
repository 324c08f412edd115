package query

import "strings"

// Registry is the set of predicates that queries may use. It is immutable.
type Registry struct {
	predicates []Predicate
	byName     map[string]int
}

// NewRegistry makes a Registry of predicates and of the relations, which are
// always there. Of two predicates with one name the later one counts.
func NewRegistry(predicates ...Predicate) *Registry {
	r := &Registry{byName: map[string]int{}}
	for _, p := range append(relations(), predicates...) {
		if i, ok := r.byName[p.Name]; ok {
			r.predicates[i] = p
			continue
		}
		r.byName[p.Name] = len(r.predicates)
		r.predicates = append(r.predicates, p)
	}
	return r
}

// find is the predicate that a name means, and whether in its not- form.
func (r *Registry) find(name string) (p *Predicate, not, ok bool) {
	if r == nil {
		return nil, false, false
	}
	if i, ok := r.byName[name]; ok {
		return &r.predicates[i], false, true
	}
	if rest, ok := strings.CutPrefix(name, "not-"); ok {
		if i, ok := r.byName[rest]; ok && !r.predicates[i].NoNegation {
			return &r.predicates[i], true, true
		}
	}
	return nil, false, false
}

// names are all names that can be used, with the not- forms.
func (r *Registry) names() []string {
	var names []string
	for _, e := range r.Entries() {
		names = append(names, e.Name)
		if e.Not != "" {
			names = append(names, e.Not)
		}
	}
	return names
}

// Entry is one line of the reference of predicates.
type Entry struct {
	Name   string // "path?"
	Not    string // "not-path?", or "" where there is none
	Args   string // "@path \"std::mem::transmute\"..."
	Doc    string // one sentence: "true when ..."
	Source string // "tree-sitter", "Neovim" or "Lectern"
}

// Entries are all predicates: the relations, then the others in the order in
// which they were registered. A predicate that is registered under its not- name
// beside its plain one, because the two are no opposites, shares its entry.
func (r *Registry) Entries() []Entry {
	var entries []Entry
	for _, p := range r.predicates {
		if plain, ok := strings.CutPrefix(p.Name, "not-"); ok {
			if _, ok := r.byName[plain]; ok {
				continue
			}
		}
		e := Entry{Name: p.Name, Args: p.Args, Doc: p.Doc, Source: p.Source}
		if _, own := r.byName["not-"+p.Name]; own || !p.NoNegation {
			e.Not = "not-" + p.Name
		}
		entries = append(entries, e)
	}
	return entries
}
