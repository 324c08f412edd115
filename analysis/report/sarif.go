package report

import (
	"encoding/json"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"lectern/analysis/finding"
	"lectern/analysis/text"
)

// SARIFOptions say what a SARIF log tells besides its results.
type SARIFOptions struct {
	Version string // of the program; a semantic version behind "v", or something else
	Base    string // absolute folder that paths are relative to
	Rules   []Rule
	// Part names a run that is one of several over one tree, such as "shard-1-of-4",
	// so that readers keep the logs of all of them; "" for a whole run.
	Part     string
	Silenced bool // also tell what allow comments silence
}

// Rule describes a hint, or what can be wrong with an allow comment.
type Rule struct {
	ID       string
	Title    string // plain text, one line
	Lead     string // plain text, a paragraph
	Markdown string // the whole help
	URL      string // of the lesson, or ""
	Severity finding.Severity
	Kind     string // as an Item's
	Tags     []string
}

// Notice is a problem of a run that is no finding.
type Notice struct {
	Path          string // or ""
	Line, Column  int    // from 1; 0 when the notice is about the whole file
	Message       string // plain text
	Configuration bool   // about a course or a settings file
	Fatal         bool   // the run failed
}

// SARIF writes one log of SARIF 2.1.0 (OASIS, errata 01) with one run, when it is
// closed. Columns count UTF-16 units, which is what readers take them for that do
// not look at columnKind.
type SARIF struct {
	w        io.Writer
	base     string
	log      sarifLog
	rules    map[string]int
	silenced bool
	failed   bool
}

// NewSARIF makes a writer.
func NewSARIF(w io.Writer, o SARIFOptions) *SARIF {
	s := &SARIF{w: w, base: o.Base, rules: map[string]int{}, silenced: o.Silenced}
	driver := sarifDriver{Name: "Lectern", Version: o.Version, Rules: []sarifRule{}}
	if bare := strings.TrimPrefix(o.Version, "v"); bare != o.Version {
		driver.SemanticVersion = bare
	}
	for i, r := range o.Rules {
		s.rules[r.ID] = i
		driver.Rules = append(driver.Rules, ruleOf(r))
	}
	s.log = sarifLog{
		Schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json", Version: "2.1.0",
		Runs: []sarifRun{{
			Tool: sarifTool{driver}, Columns: "utf16CodeUnits", Results: []sarifResult{},
			Bases: map[string]sarifPlace{sourceRoot: {URI: folderURI(o.Base)}},
		}},
	}
	if o.Part != "" {
		s.log.Runs[0].Automation = &sarifAutomation{"lectern/" + o.Part + "/"}
	}
	return s
}

// GitHub's code scanning turns down a log with more tags, and asks for texts that
// are no longer.
const (
	maxTags        = 20
	maxDescription = 1024 // characters
)

func ruleOf(r Rule) sarifRule {
	tags := append([]string{r.Kind}, r.Tags...)
	rule := sarifRule{
		ID: r.ID, Name: r.ID, Short: sarifText{Text: shortened(r.Title)}, Full: sarifText{Text: shortened(r.Lead)},
		Help: sarifText{Text: r.Lead, Markdown: r.Markdown}, HelpURI: r.URL,
		// The level of a rule that finds nothing wrong is its results' to tell: readers
		// take three levels here.
		Default:    sarifConfiguration{"note"},
		Properties: sarifRuleProperties{Tags: tags[:min(len(tags), maxTags)], Kind: r.Kind, Problem: "recommendation"},
	}
	switch r.Severity {
	case finding.Error:
		rule.Default.Level, rule.Properties.Problem = "error", "error"
	case finding.Warning:
		rule.Default.Level, rule.Properties.Problem = "warning", "warning"
	}
	return rule
}

// shortened is a text cut at a word where it is too long for a description.
func shortened(s string) string {
	runes := []rune(s)
	if len(runes) <= maxDescription {
		return s
	}
	const end = " ..."
	s = string(runes[:maxDescription-len(end)])
	if i := strings.LastIndexByte(s, ' '); i > 0 {
		s = s[:i]
	}
	return s + end
}

// sourceRoot is the name of the folder that URIs are relative to.
const sourceRoot = "SRCROOT"

// outcome is the kind and the level of a result: only what is wrong has a level.
func outcome(it Item) (kind, level string) {
	if it.Severity < finding.Warning {
		switch it.Kind {
		case finding.Concept.String():
			return "informational", "none"
		case finding.Praise.String():
			return "pass", "none"
		}
	}
	switch it.Severity {
	case finding.Error:
		return "fail", "error"
	case finding.Warning:
		return "fail", "warning"
	}
	return "fail", "note"
}

func folderURI(path string) string {
	path = strings.TrimSuffix(filepath.ToSlash(path), "/") + "/"
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// place is a path as a URI, relative to the base where it lies in it.
func (s *SARIF) place(path string) sarifPlace {
	if filepath.IsAbs(path) {
		rel, err := filepath.Rel(s.base, path)
		if err != nil || !filepath.IsLocal(rel) {
			return sarifPlace{URI: strings.TrimSuffix(folderURI(path), "/")}
		}
		path = rel
	} else if !filepath.IsLocal(path) {
		return s.place(filepath.Join(s.base, path))
	}
	return sarifPlace{URI: (&url.URL{Path: filepath.ToSlash(path)}).String(), Base: sourceRoot}
}

func region(t *text.Text, r text.Range) *sarifRegion {
	start, end := t.OffsetToPosition(r.Start, text.UTF16), t.OffsetToPosition(r.End, text.UTF16)
	return &sarifRegion{start.Line + 1, start.Column + 1, end.Line + 1, end.Column + 1}
}

// File adds the items of a file that are not hidden.
func (s *SARIF) File(f File) {
	run := &s.log.Runs[0]
	at := s.place(f.Path)
	prints := newFingerprints(f.Text)
	for _, it := range f.Items {
		mark := prints.of(it) // of all: asking for less leaves the rest as it was
		if it.Hidden || it.Silenced != nil && !s.silenced {
			continue
		}
		kind, level := outcome(it)
		r := sarifResult{
			Rule: it.Hint, Kind: kind, Level: level, Message: sarifText{Text: it.Message},
			Locations:    []sarifLocation{{Physical: sarifPhysical{at, region(f.Text, it.Range)}}},
			Fingerprints: map[string]string{fingerprintKey: mark, lineHashKey: prints.line(it)},
		}
		if i, ok := s.rules[it.Hint]; ok {
			r.RuleIndex = &i
		}
		if it.Help != "" {
			r.Message.Text += ": " + it.Help
		}
		for i, rel := range it.Related {
			id := i + 1
			r.Related = append(r.Related, sarifLocation{
				ID: &id, Physical: sarifPhysical{at, region(f.Text, rel.Range)}, Message: &sarifText{Text: rel.Message},
			})
		}
		for _, fix := range it.Fixes {
			if fix.Applicability == finding.HasPlaceholders || len(fix.Edits) == 0 {
				continue // readers apply what they find
			}
			change := sarifChange{Place: at}
			for _, e := range fix.Edits {
				p := sarifReplacement{Deleted: region(f.Text, text.Range{Start: e.Start, End: e.End})}
				if e.New != "" {
					p.Inserted = &sarifContent{e.New}
				}
				change.Replacements = append(change.Replacements, p)
			}
			r.Fixes = append(r.Fixes, sarifFix{sarifText{Text: fix.Title}, []sarifChange{change}, sarifFixProperties{fix.Applicability}})
		}
		if it.Silenced != nil {
			r.Suppressions = []sarifSuppression{{"inSource", it.Silenced.Reason}}
		}
		run.Results = append(run.Results, r)
	}
}

// Notice adds a problem of the run.
func (s *SARIF) Notice(n Notice) {
	s.failed = s.failed || n.Fatal
	note := sarifNotification{Level: "warning", Message: sarifText{Text: n.Message}}
	if n.Fatal {
		note.Level = "error"
	}
	if n.Path != "" {
		at := sarifPhysical{Place: s.place(n.Path)}
		if n.Line > 0 {
			at.Region = &sarifRegion{StartLine: n.Line, StartColumn: max(n.Column, 1)}
		}
		note.Locations = []sarifLocation{{Physical: at}}
	}
	run := &s.log.Runs[0]
	if run.Invocations == nil {
		run.Invocations = []sarifInvocation{{}}
	}
	in := &run.Invocations[0]
	if n.Configuration {
		in.Configuration = append(in.Configuration, note)
	} else {
		in.Execution = append(in.Execution, note)
	}
}

// Close writes the log.
func (s *SARIF) Close() error {
	run := &s.log.Runs[0]
	if run.Invocations == nil {
		run.Invocations = []sarifInvocation{{}}
	}
	run.Invocations[0].Successful = !s.failed
	e := json.NewEncoder(s.w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(s.log)
}
