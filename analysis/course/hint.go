package course

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"lectern/analysis/course/yaml"
	"lectern/analysis/finding"
	"lectern/analysis/problem"
)

// languages that hints can be written for.
func languages() []string { return []string{"rust", "toml"} }

func hintKeys() []string {
	return []string{"title", "kind", "language", "severity", "message", "section", "lints", "tags", "references", "related", "fixes"}
}

// hintReader reads one hint file.
type hintReader struct {
	decoder
	hint *Hint
}

// readHint reads the source of a hint file, whose lines end in "\n". The hint is
// nil when something is wrong. Its section is "" unless the file names one, and
// its severity Off unless it names one: the course knows the defaults.
func readHint(file, name, source string) (*Hint, []problem.Problem) {
	id := strings.TrimSuffix(path.Base(name), ".md")
	r := hintReader{
		decoder: decoder{file: file, hint: id},
		hint:    &Hint{ID: id, File: file, Path: name, source: source, places: map[string]int{}},
	}
	if !isID(id) {
		r.fail(1, 1, fmt.Sprintf("`%s` is no id for a hint", id), "name the file with small letters, digits and `-`")
	}
	d := cut(source)
	switch {
	case !d.hasFront:
		r.fail(1, 1, "a hint file starts with front matter", "put `---`, the keys and `---` in front of the text")
		return nil, r.problems
	case d.frontOpen:
		r.fail(1, 1, "the front matter has no end", "close it with a line `---`")
		return nil, r.problems
	}
	front, err := yaml.Parse(d.front, 2)
	if err != nil {
		r.fail(err.Line, err.Column, err.Message, err.Help)
		return nil, r.problems
	}
	r.front(front)
	r.body(&d)
	if len(r.problems) > 0 {
		return nil, r.problems
	}
	return r.hint, nil
}

// isID reports an id that can stand in an allow comment, a URL and a file name.
func isID(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && (c != '-' && c != '_' || i == 0) {
			return false
		}
	}
	return s != "" && len(s) <= 100
}

func (r *hintReader) front(front yaml.Node) {
	h := r.hint
	for _, f := range front.Fields {
		h.places[f.Key] = f.Line
		switch f.Key {
		case "title":
			h.Title = r.line(f)
		case "kind":
			h.Kind = finding.Kind(max(r.word(f, finding.Kinds()), 0))
		case "language":
			if i := r.word(f, languages()); i >= 0 {
				h.Language = languages()[i]
			}
		case "severity":
			h.Severity = finding.Severity(max(r.word(f, finding.Severities()), 0))
		case "message":
			h.Message = r.line(f)
		case "section":
			h.Section = strings.TrimSuffix(r.line(f), ".md")
		case "lints":
			r.lints(f)
		case "tags":
			r.tags(f)
		case "references":
			r.references(f)
		case "related":
			for _, item := range r.items(f, yaml.Map) {
				r.related(item)
			}
		case "fixes":
			for _, item := range r.items(f, yaml.Map) {
				r.fix(item)
			}
		default:
			r.unknownKey(f, hintKeys())
		}
	}
	for _, key := range []string{"title", "kind", "message"} {
		if _, ok := h.places[key]; !ok {
			r.fail(1, 1, fmt.Sprintf("`%s` is missing", key), "every hint has a title, a kind and a message")
		}
	}
}

// tags reads what editors show of the marked code.
func (r *hintReader) tags(f yaml.Field) {
	for _, item := range r.items(f, yaml.Scalar) {
		i := slices.Index(finding.Tags(), item.Text)
		switch tag := finding.Tag(max(i, 0)); {
		case i < 0:
			r.fail(item.Line, item.Column, fmt.Sprintf("`%s` is no tag", item.Text), meant(item.Text, finding.Tags()))
		case slices.Contains(r.hint.Tags, tag):
			r.fail(item.Line, item.Column, fmt.Sprintf("the tag `%s` is there twice", item.Text), "")
		default:
			r.hint.Tags = append(r.hint.Tags, tag)
		}
	}
}

func (r *hintReader) references(f yaml.Field) {
	for _, item := range r.items(f, yaml.Scalar) {
		u, err := url.Parse(item.Text)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			r.fail(item.Line, item.Column, fmt.Sprintf("`%s` is no URL", item.Text), "write the whole address, with https://")
			continue
		}
		r.hint.References = append(r.hint.References, item.Text)
	}
}

func (r *hintReader) related(item yaml.Node) {
	out := Related{Line: item.Line, Column: item.Column}
	keys := []string{"capture", "hint", "same", "message"}
	for _, f := range item.Fields {
		switch f.Key {
		case "capture":
			out.Capture = r.capture(f)
		case "hint":
			out.Hint = r.line(f)
		case "same":
			out.Same = r.capture(f)
		case "message":
			out.Message = r.line(f)
		default:
			r.unknownKey(f, keys)
			return // what seems to be missing may be this
		}
	}
	has := func(key string) bool {
		return slices.ContainsFunc(item.Fields, func(f yaml.Field) bool { return f.Key == key })
	}
	switch {
	case has("capture") == has("hint"):
		r.fail(item.Line, item.Column, "an entry of `related` needs either `capture` or `hint`", "")
	case has("same") && !has("hint"):
		r.fail(item.Line, item.Column, "`same` goes with `hint`", "name the hint whose capture has the same text")
	case !has("message"):
		r.fail(item.Line, item.Column, "an entry of `related` needs a `message`", "say what stands there")
	}
	r.hint.Related = append(r.hint.Related, out)
}

func (r *hintReader) fix(item yaml.Node) {
	out := FixRule{Line: item.Line, Column: item.Column, Applicability: finding.MaybeIncorrect}
	keys := []string{"title", "applicability", "edits"}
	misspelt := false // an unknown key may be the one that is missing
	for _, f := range item.Fields {
		switch f.Key {
		case "title":
			out.Title = r.line(f)
		case "applicability":
			out.Applicability = finding.Applicability(max(r.word(f, finding.Applicabilities()), 0))
		case "edits":
			for _, e := range r.items(f, yaml.Map) {
				out.Edits = append(out.Edits, r.edit(e))
			}
			if len(f.Value.Items) == 0 {
				r.fail(f.Line, f.Column, "`edits` is empty", "write at least one edit, such as `{delete: \"@hint\"}`")
			}
		default:
			misspelt = true
			r.unknownKey(f, keys)
		}
	}
	for _, key := range keys {
		if !misspelt && !slices.ContainsFunc(item.Fields, func(f yaml.Field) bool { return f.Key == key }) {
			r.fail(item.Line, item.Column, fmt.Sprintf("a fix needs `%s`", key), "")
		}
	}
	for _, other := range r.hint.Fixes {
		if plainTitle(other.Title) == plainTitle(out.Title) && out.Title != "" {
			r.fail(item.Line, item.Column, fmt.Sprintf("two fixes have the title %q", out.Title), "examples name a fix by its title")
		}
	}
	r.hint.Fixes = append(r.hint.Fixes, out)
}

func (r *hintReader) edit(item yaml.Node) EditRule {
	out := EditRule{Line: item.Line, Column: item.Column}
	form, forms := "", 0
	given := map[string]bool{}
	for _, f := range item.Fields {
		given[f.Key] = true
		switch f.Key {
		case "with":
			out.With, _ = r.text(f)
		case "before":
			out.Before, _ = r.text(f)
		case "after":
			out.After, _ = r.text(f)
		case "whole-line":
			out.WholeLine = r.truth(f)
		default:
			i := slices.Index(EditForms(), f.Key)
			if i < 0 {
				r.fail(f.Line, f.Column, fmt.Sprintf("unknown key `%s`", f.Key),
					"an edit is one of "+list(EditForms())+" with `with`, `before` and `after`, or `whole-line`")
				return out
			}
			form = f.Key
			forms++
			out.Form, out.Target = EditForm(i), r.capture(f)
		}
	}
	if forms != 1 {
		r.fail(item.Line, item.Column, "an edit does one thing", "write one of "+list(EditForms()))
		return out
	}
	needs := map[string][]string{
		"replace": {"with"}, "insert-before": {"with"}, "insert-after": {"with"}, "wrap": {"before", "after"},
	}[form]
	for _, key := range needs {
		if !given[key] {
			r.fail(item.Line, item.Column, fmt.Sprintf("`%s` needs `%s`", form, key), "")
		}
	}
	for _, key := range []string{"with", "before", "after", "whole-line"} {
		if given[key] && !slices.Contains(needs, key) && (key != "whole-line" || form != "delete") {
			r.fail(item.Line, item.Column, fmt.Sprintf("`%s` takes no `%s`", form, key), "")
		}
	}
	out.std = stdUseOf(out)
	return out
}
