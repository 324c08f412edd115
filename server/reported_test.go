package server_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lectern/analysis/course"
	"lectern/queries"
)

// testdata/reported is a crate with mistakes; messages.jsonl is what `cargo clippy`
// says of it, message for message, without the long explanations of errors:
//
//	go test ./server -run TestReported -record
//
// It was recorded with clippy 0.1.95 of Rust 1.95.0.
const reportedCrate = "testdata/reported"

var record = flag.Bool("record", false, "record testdata/reported anew; needs cargo clippy")

// The objects of rustc's JSON output, as far as rust-analyzer reads them.
type (
	rustDiagnostic struct {
		Message  string           `json:"message"`
		Code     *rustCode        `json:"code"`
		Level    string           `json:"level"`
		Spans    []rustSpan       `json:"spans"`
		Children []rustDiagnostic `json:"children"`
		Rendered string           `json:"rendered,omitempty"`
	}
	rustCode struct {
		Code string `json:"code"`
	}
	rustSpan struct {
		FileName    string  `json:"file_name"`
		LineStart   int     `json:"line_start"`
		LineEnd     int     `json:"line_end"`
		ColumnStart int     `json:"column_start"`
		ColumnEnd   int     `json:"column_end"`
		IsPrimary   bool    `json:"is_primary"`
		Label       *string `json:"label"`
		Replacement *string `json:"suggested_replacement"`
		Expansion   *struct {
			Span rustSpan `json:"span"`
		} `json:"expansion"`
	}
)

// recordReported runs cargo clippy over a copy of the crate.
func recordReported(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(reportedCrate)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("cargo", "clippy", "--bins", "--keep-going", "--offline", "--message-format=json")
	cmd.Dir = dir
	out, _ := cmd.Output() // that the crate does not compile is what it is for
	var lines [][]byte
	for line := range bytes.Lines(out) {
		var m struct {
			Reason  string
			Message rustDiagnostic
		}
		if err := json.Unmarshal(line, &m); err != nil || m.Reason != "compiler-message" {
			continue
		}
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(m.Message); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, b.Bytes())
	}
	if len(lines) == 0 {
		t.Fatal("cargo clippy says nothing")
	}
	slices.SortFunc(lines, bytes.Compare) // crates are compiled side by side
	if err := os.WriteFile(filepath.Join(reportedCrate, "messages.jsonl"), bytes.Join(lines, nil), 0o644); err != nil {
		t.Fatal(err)
	}
}

// recorded are the messages.
func recorded(t *testing.T) (list []rustDiagnostic) {
	t.Helper()
	f, err := os.Open(filepath.Join(reportedCrate, "messages.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var d rustDiagnostic
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		list = append(list, d)
	}
	return list
}

// sent is a diagnostic of rust-analyzer in a file.
type sent struct {
	file string
	at   span
	lsp  object
}

// asSent is what rust-analyzer makes of a message of `cargo check` or `cargo
// clippy` (crates/rust-analyzer/src/diagnostics/flycheck_to_proto.rs): one
// diagnostic for each primary span, a hint where a macro's code comes from, and a
// hint for each labeled span and each note or help with a place. All have the code
// and the source; of a scoped lint the tool is the source.
func asSent(d rustDiagnostic) (list []sent) {
	source, code, link := "rustc", "", ""
	if d.Code != nil {
		code = d.Code.Code
		if tool, lint, scoped := strings.Cut(code, "::"); scoped {
			source, code = tool, lint
		}
	}
	switch {
	case source == "clippy":
		link = "https://rust-lang.github.io/rust-clippy/master/index.html#" + code
	case len(code) == 5 && code[0] == 'E':
		link = "https://doc.rust-lang.org/error-index.html#" + code
	}
	add := func(s rustSpan, severity int, message string, data any) {
		at := span{position{s.LineStart - 1, s.ColumnStart - 1}, position{s.LineEnd - 1, s.ColumnEnd - 1}}
		lsp := object{"range": at, "severity": severity, "source": source, "message": message}
		if code != "" {
			lsp["code"] = code
		}
		if link != "" {
			lsp["codeDescription"] = object{"href": link}
		}
		if data != nil {
			lsp["data"] = data
		}
		list = append(list, sent{s.FileName, at, lsp})
	}
	message := d.Message
	type sub struct {
		at   rustSpan
		says string
	}
	var subs []sub
	for _, s := range d.Spans {
		if !s.IsPrimary && s.Label != nil {
			subs = append(subs, sub{s, *s.Label})
		}
	}
	for _, child := range d.Children {
		says, placed := child.Message, false
		for _, s := range child.Spans {
			if s.IsPrimary && s.Replacement != nil && *s.Replacement != "" {
				says += ": `" + *s.Replacement + "`"
			}
		}
		for _, s := range child.Spans {
			if s.IsPrimary && !placed {
				placed = true
				subs = append(subs, sub{s, says})
			}
		}
		if !placed {
			message += "\n" + child.Message
		}
	}
	severity := map[string]int{"error": 1, "warning": 2, "note": 3, "help": 4}[d.Level]
	for _, s := range d.Spans {
		if !s.IsPrimary {
			continue
		}
		// The place that is marked is the innermost one in the workspace.
		marked := s
		for outer := s.Expansion; outer != nil && strings.HasPrefix(marked.FileName, "/"); outer = outer.Span.Expansion {
			marked = outer.Span
		}
		for outer := s.Expansion; outer != nil; outer = outer.Span.Expansion {
			add(outer.Span, 4, message, object{"rendered": d.Rendered})
		}
		add(marked, severity, message, object{"rendered": d.Rendered})
	}
	for _, one := range subs {
		add(one.at, 4, one.says, nil)
	}
	return list
}

// rendered is the text of rustc that rust-analyzer hands on with a diagnostic.
func rendered(lsp object) string {
	data, _ := lsp["data"].(object)
	text, _ := data["rendered"].(string)
	return "\n" + text
}

// TestReported asks for actions on what rustc and clippy really say, at each place
// where an editor shows it, with everything else that is shown on that line: the
// lessons of the hints that it is about are offered, each once, and no others.
func TestReported(t *testing.T) {
	if *record {
		recordReported(t)
	}
	library, _ := course.Load(course.Folder("queries/advanced-rust", queries.Course("advanced-rust")))
	root := t.TempDir()
	if err := os.CopyFS(root, os.DirFS(reportedCrate)); err != nil {
		t.Fatal(err)
	}
	files := map[string][]sent{}
	names := map[string]string{} // of source and code, as hints write it
	for _, d := range recorded(t) {
		for _, s := range asSent(d) {
			if !strings.HasPrefix(s.file, "/") { // the standard library is not open
				files[s.file] = append(files[s.file], s)
			}
			if d.Code != nil {
				names[s.lsp["source"].(string)+" "+s.lsp["code"].(string)] = d.Code.Code
			}
		}
	}
	c := open(t, root, pusher(), nil)
	offered := map[string]bool{}
	for file, list := range files {
		content, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		d := c.open(file, string(content))
		for _, s := range list {
			var shown []any
			for _, other := range list {
				if other.at.Start.Line <= s.at.End.Line && s.at.Start.Line <= other.at.End.Line {
					shown = append(shown, other.lsp)
				}
			}
			for _, diagnostics := range [][]any{{s.lsp}, shown} {
				var actions []action
				d.call("textDocument/codeAction", object{"textDocument": d.id(), "range": s.at,
					"context": object{"diagnostics": diagnostics, "triggerKind": 1}}, &actions)
				code, _ := s.lsp["code"].(string)
				name := names[s.lsp["source"].(string)+" "+code]
				hints := slices.DeleteFunc(slices.Clone(library.HintsByLint(name)), func(h *course.Hint) bool {
					return h.Fit(name, s.lsp["message"].(string)+rendered(s.lsp)) == course.NoFit
				})
				if len(diagnostics) == 1 {
					for _, a := range actions {
						if len(hints) == 0 && len(a.Diagnostics) > 0 && a.Diagnostics[0].Source != source {
							t.Errorf("%s:%d: %q is offered for %s, which no hint is about", file, s.at.Start.Line+1, a.Title, name)
						}
					}
				}
				titles := strings.Split(titlesOf(actions), "\n")
				seen := map[string]bool{}
				for _, title := range titles {
					if strings.HasPrefix(title, "Open lesson: ") && seen[title] {
						t.Errorf("%s:%d: %q is offered twice", file, s.at.Start.Line+1, title)
					}
					seen[title] = true
				}
				if len(hints) == 0 {
					continue
				}
				if !slices.ContainsFunc(hints, func(h *course.Hint) bool {
					lesson, ok := library.SectionOf(h)
					return ok && seen["Open lesson: "+lesson.Title]
				}) {
					t.Errorf("%s:%d: no lesson for %s among %q", file, s.at.Start.Line+1, name, titles)
				}
				offered[name] = true
			}
		}
	}
	for _, name := range []string{
		"E0040", "E0133", "E0277", "E0432", "E0658", "E0670", "E0728",
		"dangling_pointers_from_temporaries", "dropping_references", "forgetting_references", "invalid_atomic_ordering", "invalid_value",
		"let_underscore_lock", "static_mut_refs", "unnecessary_transmutes",
		"clippy::cmp_null", "clippy::empty_loop", "clippy::manual_c_str_literals", "clippy::mem_forget", "clippy::missing_safety_doc",
		"clippy::not_unsafe_ptr_arg_deref", "clippy::ptr_eq", "clippy::std_instead_of_core", "clippy::undocumented_unsafe_blocks",
		"clippy::uninit_vec", "clippy::zero_ptr",
	} {
		if !offered[name] {
			t.Errorf("no lesson was offered for %s", name)
		}
	}
	for _, name := range []string{"E0433", "E0499", "unused_unsafe"} { // of code that no hint is about
		if offered[name] {
			t.Errorf("a lesson was offered for %s", name)
		}
	}
}
