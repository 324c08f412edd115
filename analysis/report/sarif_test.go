package report

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lectern/analysis/finding"
)

// GitHub's upload action hashes lines in the same way. These are the values that
// its own tests expect (github/codeql-action, src/fingerprints.test.ts).
func TestLineHashes(t *testing.T) {
	greetings := []string{"e9496ae3ebfced30:1", "fb7c023a8b9ccb3f:1", "ce8ba1a563dcdaca:1", "e20e36e16fcb0cc8:1", "b3edc88f2938467e:1", "c8e28b0b4002a3a0:1", "c129715d7a2bc9a3:1"}
	lorem := []string{"a7f2ff1481e87703:1", "a9cf91f7bbf1862b:1", "55ec222b86bcae53:1", "cc97dc7b1d7d8f7b:1", "c129715d7a2bc9a3:1"}
	for n := range 6 {
		lorem = slices.Insert(lorem, n, "a7f2ff13bc495cf2:"+strconv.Itoa(n+1))
	}
	for _, test := range []struct {
		content string
		want    []string
	}{
		{"", []string{"c129715d7a2bc9a3:1"}},
		{" a\nb\n  \t\tc\n d", []string{"271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"}},
		{" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", greetings},
		{" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", greetings},
		{" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", greetings},
		{" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n", greetings},
		{strings.Repeat("Lorem ipsum dolor sit amet.\n", 10), lorem},
	} {
		if got := lineHashes([]byte(test.content)); !slices.Equal(got, test.want) {
			t.Errorf("%q: got %q, want %q", test.content, got, test.want)
		}
	}
}

// What GitHub's code scanning turns down is not in a log, whatever a course holds.
func TestSARIFKeepsWithinLimits(t *testing.T) {
	long := strings.Repeat("the words of a lead ", 100)
	var out bytes.Buffer
	s := NewSARIF(&out, SARIFOptions{Base: "/", Rules: []Rule{
		{ID: "many", Title: "Title", Lead: long, Markdown: long, Kind: "pitfall", Severity: finding.Warning, Tags: strings.Fields(long)},
		{ID: "concept", Title: "Title", Lead: "é", Markdown: "é", Kind: "concept", Severity: finding.Hint},
	}})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	var log sarifLog
	if err := json.Unmarshal(out.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	many, concept := log.Runs[0].Tool.Driver.Rules[0], log.Runs[0].Tool.Driver.Rules[1]
	if n := len(many.Properties.Tags); n != 20 || many.Properties.Tags[0] != "pitfall" {
		t.Errorf("got %d tags from %q, want 20 from the kind", n, many.Properties.Tags[0])
	}
	if n := len(many.Full.Text); n > 1024 || n < 1000 || !strings.HasSuffix(many.Full.Text, " ...") {
		t.Errorf("got a description of %d characters that ends with %q", n, many.Full.Text[max(0, n-20):])
	}
	if many.Help.Text != long || many.Help.Markdown != long {
		t.Error("the help is cut")
	}
	if many.Default.Level != "warning" || concept.Default.Level != "note" || many.Properties.Problem != "warning" || concept.Properties.Problem != "recommendation" {
		t.Errorf("got the levels %q and %q", many.Default.Level, concept.Default.Level)
	}
}
