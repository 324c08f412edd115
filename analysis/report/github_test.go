package report

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"lectern/analysis/finding"
	"lectern/analysis/text"
)

// undo takes GitHub's escapes back, as its runner does: the percent sign last.
var undo = strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",")

func unescape(s string) string { return strings.ReplaceAll(undo.Replace(s), "%25", "%") }

// Whatever is in a path, an id or a message: a command stays one line, its
// properties end where they should, and a reader gets back what was meant.
func TestGitHub(t *testing.T) {
	odd := "50% of a,b:c\r\nor ::error::none%0A"
	src := text.New([]byte("fn f() { 𝄞(); }\nfn g() {}\n"))
	var out bytes.Buffer
	g := NewGitHub(&out)
	g.File(File{Path: odd, Text: src, Items: []Item{
		{Hint: odd, Kind: "pitfall", Severity: finding.Warning, Range: text.Range{Start: 9, End: 15}, Message: odd, Help: odd, URL: "https://example.org/a,b"},
		{Hint: "long", Kind: "pitfall", Severity: finding.Error, Range: text.Range{Start: 0, End: 20}, Message: strings.Repeat("é,", 100_000)},
		{Hint: "praise", Kind: "praise", Severity: finding.Hint, Range: text.Range{Start: 0, End: 2}, Message: "well done"},
		{Hint: "hidden", Hidden: true},
		{Hint: "silenced", Silenced: &Silence{}},
	}})
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	if len(lines) != 4 || lines[3] != "" {
		t.Fatalf("got %d lines, want one for each of 3 items:\n%.500s", len(lines)-1, out.String())
	}
	tests := []struct{ command, place, hint, message string }{
		// The clef is two UTF-16 units: columns 10 to 14, the end behind the last.
		{"warning", "line=1,endLine=1,col=10,endColumn=14", odd, odd + "\n" + odd + "\nhttps://example.org/a,b"},
		// More than one line has no columns.
		{"error", "line=1,endLine=2", "long", strings.Repeat("é,", 100_000)},
		{"notice", "line=1,endLine=1,col=1,endColumn=3", "praise", "well done"},
	}
	for i, test := range tests {
		head, message, ok := strings.Cut(strings.TrimPrefix(lines[i], "::"), "::")
		command, properties, _ := strings.Cut(head, " ")
		if !ok || !strings.HasPrefix(lines[i], "::") || command != test.command {
			t.Errorf("got %.100s, want ::%s", lines[i], test.command)
		}
		var file, title string
		var place []string
		for _, p := range strings.Split(properties, ",") {
			switch key, value, _ := strings.Cut(p, "="); key {
			case "file":
				file = unescape(value)
			case "title":
				title = unescape(value)
			default:
				place = append(place, p)
			}
		}
		if file != odd || title != test.hint || strings.Join(place, ",") != test.place {
			t.Errorf("got file %q, title %q and %q, want %q, %q and %q", file, title, place, odd, test.hint, test.place)
		}
		if got := unescape(message); got != test.message {
			t.Errorf("got the message %.100q, want %.100q", got, test.message)
		}
	}

	g = NewGitHub(&full{10})
	g.File(File{Path: "a.rs", Text: src, Items: []Item{{Hint: "h", Message: "m"}}})
	if err := g.Close(); !errors.Is(err, errFull) {
		t.Errorf("got %v, want the writer's error", err)
	}
}
