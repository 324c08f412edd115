package report

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"lectern/analysis/finding"
	"lectern/analysis/text"
)

// GitHub writes each item that is not hidden as a workflow command of GitHub
// Actions, which puts a mark into the view of a change:
//
//	::warning file=src/a.rs,line=2,endLine=2,col=5,endColumn=9,title=hint-id::message
//
// Lines and columns count from 1, columns in UTF-16 units; the end is the column
// after the last. GitHub takes columns only where begin and end are on one line.
type GitHub struct {
	w   io.Writer
	err error
}

// NewGitHub makes a writer.
func NewGitHub(w io.Writer) *GitHub { return &GitHub{w: w} }

// The characters that end a value or a command are percent-encoded, as GitHub's
// own toolkit does it.
var (
	commandData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	commandProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// command is the word for a severity.
func command(s finding.Severity) string {
	switch s {
	case finding.Error:
		return "error"
	case finding.Warning:
		return "warning"
	}
	return "notice"
}

// File writes the items of a file.
func (g *GitHub) File(f File) {
	for _, it := range f.Items {
		if g.err != nil {
			return
		}
		if it.Hidden || it.Silenced != nil {
			continue
		}
		start := f.Text.OffsetToPosition(it.Range.Start, text.UTF16)
		end := f.Text.OffsetToPosition(it.Range.End, text.UTF16)
		says := it.Message
		if it.Help != "" {
			says += "\n" + it.Help
		}
		if it.URL != "" {
			says += "\n" + it.URL
		}
		columns := ""
		if start.Line == end.Line {
			columns = fmt.Sprintf(",col=%d,endColumn=%d", start.Column+1, end.Column+1)
		}
		_, g.err = fmt.Fprintf(g.w, "::%s file=%s,line=%d,endLine=%d%s,title=%s::%s\n", command(it.Severity),
			commandProperty.Replace(filepath.ToSlash(f.Path)), start.Line+1, end.Line+1, columns,
			commandProperty.Replace(it.Hint), commandData.Replace(says))
	}
}

// Close ends the report.
func (g *GitHub) Close() error { return g.err }
