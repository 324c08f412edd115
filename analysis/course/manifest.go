package course

import (
	"net/url"
	"strconv"
	"strings"

	"lectern/analysis/course/yaml"
	"lectern/analysis/finding"
)

// manifest is what course.yaml says, or what stands in for it.
type manifest struct {
	id          string
	title       string
	description string
	baseURL     string
	language    string
	extends     string
	severity    map[finding.Kind]finding.Severity
}

func manifestKeys() []string {
	return []string{"id", "title", "description", "base-url", "language", "severity", "extends"}
}

// defaultSeverity is how loud hints of a kind are when nobody says otherwise.
func defaultSeverity(k finding.Kind) finding.Severity {
	if k == finding.Pitfall {
		return finding.Warning
	}
	return finding.Hint
}

// readManifest reads course.yaml into m, which holds the defaults.
func (d *decoder) readManifest(m *manifest, source string) {
	node, err := yaml.Parse(source, 1)
	if err != nil {
		d.fail(err.Line, err.Column, err.Message, err.Help)
		return
	}
	given := map[string]yaml.Field{}
	for _, f := range node.Fields {
		given[f.Key] = f
		switch f.Key {
		case "id", "extends":
			id := d.line(f)
			switch {
			case id == "": // which has been said
			case !isID(id):
				d.fail(f.Value.Line, f.Value.Column, "`"+id+"` is no id for a course", "write small letters, digits and `-`")
			case f.Key == "id":
				m.id = id
			default:
				m.extends = id
			}
		case "title":
			m.title = d.line(f)
		case "description":
			m.description, _ = d.text(f)
			m.description = strings.TrimSpace(m.description)
		case "base-url":
			m.baseURL = d.baseURL(f)
		case "language":
			if i := d.word(f, languages()); i >= 0 {
				m.language = languages()[i]
			}
		case "severity":
			d.severities(f, m)
		default:
			d.unknownKey(f, manifestKeys())
		}
	}
	if _, ok := given["extends"]; ok {
		if g, both := given["id"]; both {
			d.fail(g.Line, g.Column, "`id` and `extends` exclude each other",
				"a folder that extends a course becomes part of that one")
		}
		if m.extends != "" {
			m.id = m.extends
		}
	}
}

func (d *decoder) baseURL(f yaml.Field) string {
	s := d.line(f)
	u, err := url.Parse(s)
	if s != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
		d.fail(f.Value.Line, f.Value.Column, "`"+s+"` is no URL", "write the whole address, with https://")
		return ""
	}
	return strings.TrimRight(s, "/")
}

func (d *decoder) severities(f yaml.Field, m *manifest) {
	if f.Value.Kind != yaml.Map {
		d.wrong(f, "a mapping", "write `severity: {pitfall: warning}`")
		return
	}
	m.severity = map[finding.Kind]finding.Severity{}
	for _, g := range f.Value.Fields {
		kind, ok := finding.ParseKind(g.Key)
		if !ok {
			d.unknownKey(g, finding.Kinds())
			continue
		}
		if i := d.wordOf(g, "severity", finding.Severities()); i >= 0 {
			m.severity[kind] = finding.Severity(i)
		}
	}
}

// bookManifest takes from an mdBook's book.toml the little that a course needs:
// the title, and the folder of the sources.
func bookManifest(source string) (title, src string) {
	table := ""
	for line := range strings.Lines(source) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			table = line
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if !ok || table != "[book]" {
			continue
		}
		text, err := strconv.QuotedPrefix(strings.TrimSpace(value))
		if err != nil {
			continue
		}
		if text, err = strconv.Unquote(text); err != nil {
			continue
		}
		switch strings.TrimSpace(key) {
		case "title":
			title = text
		case "src":
			src = strings.Trim(text, "/")
		}
	}
	return title, src
}
