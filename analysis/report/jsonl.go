package report

import (
	"encoding/json"
	"io"
	"path/filepath"

	"lectern/analysis/finding"
	"lectern/analysis/text"
)

// record is a line of JSONL. Lines and columns count from 1, columns in Unicode
// code points; the end is the column after the last.
type record struct {
	Path        string      `json:"path"`
	StartLine   int         `json:"startLine"`
	StartColumn int         `json:"startColumn"`
	EndLine     int         `json:"endLine"`
	EndColumn   int         `json:"endColumn"`
	Hint        string      `json:"hint"`
	Kind        string      `json:"kind"`
	Severity    string      `json:"severity"`
	Message     string      `json:"message"`
	Course      string      `json:"course"`
	Section     string      `json:"section"`
	URL         string      `json:"url"`
	Lints       []string    `json:"lints"`
	Fixes       []recordFix `json:"fixes"`
}

type recordFix struct {
	Title         string                `json:"title"`
	Applicability finding.Applicability `json:"applicability"`
}

// JSONL writes every item that is not hidden as one line with one JSON object.
// Paths have slashes on every system.
type JSONL struct {
	encoder *json.Encoder
	err     error
}

// NewJSONL makes a writer.
func NewJSONL(w io.Writer) *JSONL {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return &JSONL{encoder: e}
}

// File writes the items of a file.
func (j *JSONL) File(f File) {
	if len(f.Items) == 0 {
		return
	}
	starts, ends := f.Text.Cursor(text.UTF32), f.Text.Cursor(text.UTF32)
	for _, it := range f.Items {
		if j.err != nil {
			return
		}
		if it.Hidden || it.Silenced != nil {
			continue
		}
		start, end := starts.Position(it.Range.Start), ends.Position(it.Range.End)
		r := record{
			Path:      filepath.ToSlash(f.Path),
			StartLine: start.Line + 1, StartColumn: start.Column + 1,
			EndLine: end.Line + 1, EndColumn: end.Column + 1,
			Hint: it.Hint, Kind: it.Kind, Severity: it.Severity.String(), Message: it.Message,
			Course: it.Course, Section: it.Section, URL: it.URL,
			Lints: append([]string{}, it.Lints...), Fixes: []recordFix{},
		}
		for _, fix := range it.Fixes {
			r.Fixes = append(r.Fixes, recordFix{fix.Title, fix.Applicability})
		}
		j.err = j.encoder.Encode(r)
	}
}

// Close ends the report.
func (j *JSONL) Close() error { return j.err }
