package server

import (
	"slices"

	"lectern/analysis/course"
	"lectern/analysis/engine"
	"lectern/analysis/rust"
	"lectern/analysis/text"
)

// mention is a place where the text itself names hints: an id in an allow
// comment, or a lint that hints report too.
type mention struct {
	hints []*course.Hint
	at    text.Range
}

// mentionAt is what is named at an offset.
func mentionAt(env *environment, result *engine.Result, off int) (mention, bool) {
	for _, use := range result.Allows {
		for _, id := range use.IDs {
			if off < id.Range.Start || off > id.Range.End {
				continue
			}
			hint, ok := env.library().Hint(id.Name)
			return mention{[]*course.Hint{hint}, id.Range}, ok
		}
	}
	var name string
	var at text.Range
	ok := false
	if result.Language == "toml" {
		name, at, ok = rust.ManifestLintAt(result.Text, off)
	} else if result.Tree != nil {
		name, at, ok = rust.LintAt(result.Tree, off)
	}
	if !ok {
		return mention{}, false
	}
	hints := env.hintsByLint(name)
	return mention{hints, at}, len(hints) > 0
}

// hintsByLint are the hints for a lint or an error code as its tool names it,
// without those that the settings switch off.
func (c *contents) hintsByLint(name string) []*course.Hint {
	return slices.DeleteFunc(slices.Clone(c.library().HintsByLint(name)), func(h *course.Hint) bool {
		return !slices.Contains(h.Lints, name) || c.settings.Disabled(h.ID)
	})
}
