package course

import (
	"fmt"
	"strings"

	"lectern/analysis/course/yaml"
)

// Fit says how well a diagnostic of another tool goes with a hint.
type Fit uint8

// From worst to best.
const (
	NoFit    Fit = iota // it is about something else
	BroadFit            // its lint or code is one that the hint names
	ExactFit            // and its message has a text that the hint names with it
)

// Fit tells how well a diagnostic goes with the hint: its lint or error code, as
// `lints` spells it, and what it says. Codes such as E0308 cover much more than any
// hint, so that `lints` may say what the message has to contain.
func (h *Hint) Fit(lint, message string) Fit {
	fit := NoFit
	for _, name := range h.Lints {
		if name != lint {
			continue
		}
		texts := h.said[name]
		if len(texts) == 0 {
			fit = BroadFit
		}
		for _, text := range texts {
			if strings.Contains(message, text) {
				return ExactFit
			}
		}
	}
	return fit
}

// Told reports that the hint says of some lint what its message has to contain.
func (h *Hint) Told() bool { return len(h.said) > 0 }

// lints reads error codes and names of lints: each alone, or as a key with what the
// tool's message has to contain.
func (r *hintReader) lints(f yaml.Field) {
	for _, item := range r.items(f, yaml.Scalar, yaml.Map) {
		if item.Kind == yaml.Scalar {
			r.lint(item.Text, item.Line, item.Column)
		}
		for _, said := range item.Fields {
			if r.lint(said.Key, said.Line, said.Column) {
				r.said(said)
			}
		}
	}
}

// lint adds a lint or an error code.
func (r *hintReader) lint(name string, line, column int) bool {
	if !isLint(name) {
		r.fail(line, column, fmt.Sprintf("`%s` is no lint", name),
			"write an error code such as `E0133`, or a name such as `unsafe_code` or `clippy::mutex_atomic`")
		return false
	}
	r.hint.Lints = append(r.hint.Lints, name)
	return true
}

// said reads what the message of a lint has to contain: a text, or one of several.
func (r *hintReader) said(f yaml.Field) {
	var texts []yaml.Node
	switch f.Value.Kind {
	case yaml.Scalar:
		texts = []yaml.Node{f.Value}
	case yaml.List:
		texts = r.items(f, yaml.Scalar)
	default:
		r.wrong(f, "a text", "say what the message has to contain, or write the name alone")
	}
	for _, text := range texts {
		said := r.line(yaml.Field{Key: f.Key, Value: text, Line: f.Line, Column: f.Column})
		if said == "" {
			continue
		}
		if r.hint.said == nil {
			r.hint.said = map[string][]string{}
		}
		r.hint.said[f.Key] = append(r.hint.said[f.Key], said)
	}
}

func isLint(s string) bool {
	if len(s) == 5 && s[0] == 'E' {
		return strings.Trim(s[1:], "0123456789") == ""
	}
	parts := strings.Split(s, "::")
	for _, p := range parts {
		if p == "" || strings.Trim(p, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			return false
		}
	}
	return len(parts) <= 2
}
