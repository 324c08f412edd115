package allow

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"lectern/analysis/finding"
	"lectern/analysis/syntax"
	"lectern/analysis/text"
	"lectern/analysis/tree"
)

func TestParse(t *testing.T) {
	tests := []struct {
		comment string
		want    string // ids joined by "|", "; reason", or "fault: ..."; "" for no allow
	}{
		{"// lectern: allow(a-b): because", "a-b; because"},
		{"//lectern:allow(a):x", "a; x"},
		{"// lectern: allow( a , b-c, ) : two  words ", "a|b-c; two words"},
		{"// lectern: allow(a)", "a; "},
		{"// lectern: allow(a) without a colon", "a; without a colon"},
		{"// lectern: allow-file(a): r", "file a; r"},
		{"# lectern: allow(a): r", "a; r"},
		{"/* lectern: allow(a,\n   b): over\n   lines */", "a|b; over lines"},
		{"/* lectern: allow(a) */", "a; "},
		{"// lectern: allow(a): r\r", "a; r"},
		{"//// lectern: allow(a): r", ""}, // begins with a slash: decoration
		{"// see lectern: allow(a)", ""},
		{"// lectern: a language server", ""},
		{"// lectern:", ""},
		{"//", ""},
		{"/**/", ""},
		{"/***/", ""},
		{"// Lectern: allow(a)", ""},
		{"// lectern: allow", "fault: `allow` is not followed by hint ids"},
		{"// lectern: allow a", "fault: `allow` is not followed by hint ids"},
		{"// lectern: allow()", "fault: no hint is named"},
		{"// lectern: allow( , )", "fault: no hint is named"},
		{"// lectern: allow(a", "fault: the list of hint ids has no `)`"},
		{"// lectern: alow(a): r", "fault: `alow` is not a word Lectern knows (did you mean `allow`?)"},
		{"// lectern: allow_file(a)", "fault: `allow_file` is not a word Lectern knows (did you mean `allow-file`?)"},
		{"// lectern: deny(a)", "fault: `deny` is not a word Lectern knows (write `lectern: allow(hint-id): reason`)"},
		{"/// lectern: allow(a): r\n", "fault: an allow in a doc comment does nothing"},
		{"//! lectern: allow(a): r", "fault: an allow in a doc comment does nothing"},
		{"/** lectern: allow(a): r */", "fault: an allow in a doc comment does nothing"},
	}
	for _, test := range tests {
		c, ok := Parse([]byte(test.comment))
		var got string
		switch {
		case !ok:
		case c.Fault != nil:
			got = "fault: " + c.Fault.Message
			if strings.Contains(test.want, "(") && c.Fault.Help != "" {
				got += " (" + c.Fault.Help + ")"
			}
		default:
			var names []string
			for _, id := range c.IDs {
				names = append(names, id.Name)
				if at := test.comment[id.Range.Start:id.Range.End]; at != id.Name {
					t.Errorf("%q: the range of %q holds %q", test.comment, id.Name, at)
				}
			}
			got = strings.Join(names, "|") + "; " + c.Reason
			if c.File {
				got = "file " + got
			}
		}
		if got != test.want {
			t.Errorf("%q: got %q, want %q", test.comment, got, test.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("// lectern: allow(a, b): r"))
	f.Add([]byte("/** lectern: allow("))
	f.Fuzz(func(t *testing.T, comment []byte) {
		c, ok := Parse(comment)
		if !ok {
			return
		}
		for _, id := range c.IDs {
			if string(comment[id.Range.Start:id.Range.End]) != id.Name {
				t.Fatalf("%q is not at %v of %q", id.Name, id.Range, comment)
			}
		}
		if c.Fault != nil && (c.Fault.Range.Start < 0 || c.Fault.Range.End > len(comment) || c.Fault.Range.Start > c.Fault.Range.End) {
			t.Fatalf("fault at %v in %q", c.Fault.Range, comment)
		}
		if (c.Fault == nil) != (len(c.IDs) > 0) {
			t.Fatalf("%d ids, fault %v", len(c.IDs), c.Fault)
		}
	})
}

// parse is the tree of a file, and its allow comments in source order.
func parse(t *testing.T, name string, content []byte) (*tree.Tree, []Allow) {
	t.Helper()
	lang := syntax.Rust()
	if strings.HasSuffix(name, ".toml") {
		lang = syntax.TOML()
	}
	parsed, err := syntax.Bytes(lang, content, syntax.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var allows []Allow
	for f := range parsed.Frames {
		for _, c := range Extract(f) {
			allows = append(allows, Resolve(f, c))
		}
	}
	slices.SortFunc(allows, func(a, b Allow) int { return a.Range.Start - b.Range.Start })
	return parsed, allows
}

// TestScopes reads files in which every identifier that starts with "bad" is a
// finding of the hint "bad": those in capitals must be silenced, the others not.
// A comment `//= words` at the end of an allow's line gives its reach.
func TestScopes(t *testing.T) {
	files, err := filepath.Glob("testdata/scopes/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test data: %v", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			t.Run(f.Name, func(t *testing.T) { scopes(t, f) })
		}
	}
}

func scopes(t *testing.T, f txtar.File) {
	for _, content := range [][]byte{f.Data, bytes.ReplaceAll(f.Data, []byte("\n"), []byte("\r\n"))} {
		_, allows := parse(t, f.Name, content)
		if len(allows) == 0 {
			t.Fatal("no allow found")
		}
		var findings []finding.Finding
		lower := bytes.ToLower(content)
		for at := 0; ; {
			i := bytes.Index(lower[at:], []byte("bad_"))
			if i < 0 {
				break
			}
			at += i
			findings = append(findings, finding.Finding{Hint: "bad", Range: text.Range{Start: at, End: at + 4}})
			at += 4
		}
		kept, _ := apply(allows, findings, func(string) State { return Active })
		for _, found := range findings {
			got := !slices.ContainsFunc(kept, func(k finding.Finding) bool { return k.Range == found.Range })
			if want := content[found.Range.Start] == 'B'; got != want {
				line := 1 + bytes.Count(content[:found.Range.Start], []byte("\n"))
				t.Errorf("line %d: silenced %v, want %v", line, got, want)
			}
		}
	}
}

func TestApplyAndNotes(t *testing.T) {
	src := `// lectern: allow-file(a): the whole file
// lectern: allow(a)
fn f() {
    // lectern: allow(a, gone, off, un-used): inside
    a();
    a();
}
fn g() { a() }
// lectern: allow(a): nothing left
fn h() {}
// lectern: alow(a): misspelled
`
	_, allows := parse(t, "x.rs", []byte(src))
	var findings []finding.Finding
	for at, i := 0, 0; ; at = i + 3 {
		j := strings.Index(src[at:], "a()")
		if j < 0 {
			break
		}
		i = at + j
		findings = append(findings, finding.Finding{Hint: "a", Range: text.Range{Start: i, End: i + 3}})
	}
	findings = append(findings, finding.Finding{Hint: "other", Range: text.Range{Start: 1, End: 2}})
	states := map[string]State{"a": Active, "un-used": Active, "off": Inactive}
	kept, uses := apply(allows, findings, func(id string) State { return states[id] })
	if len(kept) != 1 || kept[0].Hint != "other" {
		t.Errorf("kept %v, want only the finding of the other hint", kept)
	}
	var got []string
	for _, u := range uses {
		for i, id := range u.IDs {
			got = append(got, fmt.Sprintf("%d: %s %d", strings.Count(src[:u.Range.Start], "\n")+1, id.Name, u.ByID[i].Silenced))
		}
		for _, n := range u.Notes(func() []string { return []string{"a", "gone-by", "off"} }) {
			got = append(got, fmt.Sprintf("%s %q %s (%s)", n.Kind, src[n.Range.Start:n.Range.End], n.Message, n.Help))
		}
	}
	want := []string{
		"1: a 1",
		"2: a 1",
		"allow-without-reason \"// lectern: allow(a)\" this allow gives no reason (say why after a colon: `lectern: allow(hint-id): reason`)",
		"4: a 1", "4: gone 0", "4: off 0", "4: un-used 0",
		"allow-unknown \"gone\" there is no hint `gone` ()",
		"allow-unused \"un-used\" `un-used` reports nothing here (remove it from the allow)",
		"9: a 0",
		"allow-unused \"a\" `a` reports nothing here (remove it from the allow)",
		"allow-malformed \"alow\" `alow` is not a word Lectern knows (did you mean `allow`?)",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestInsertion puts an allow in for every "bad" of the sources: each must then be
// silenced, and the text must parse as before.
func TestInsertion(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"x.rs", "fn f() {\n    bad();\n}\n", "fn f() {\n    // lectern: allow(bad): why\n    bad();\n}\n"},
		{"x.rs", "\tbad!();\r\n", "\t// lectern: allow(bad): why\r\n\tbad!();\r\n"},
		{"x.rs", "fn f() { bad() }", "// lectern: allow(bad): why\nfn f() { bad() }"},
		{"x.rs", "fn f() {\n    g(\"\n\", bad());\n}\n", "fn f() {\n    g(\"\n\", bad()); // lectern: allow(bad): why\n}\n"},
		{"x.rs", "fn f() {\n    g(\"\n\", bad()); // note\n}\n", ""},
		{"x.rs", "fn f() {\n    g(\"\n\", bad(), \"\n\");\n}\n", ""},
		{"x.rs", "/// doc\nfn bad() {}\n", "/// doc\n// lectern: allow(bad): why\nfn bad() {}\n"},
		{"Cargo.toml", "[a]\nbad = 1\n", "[a]\n# lectern: allow(bad): why\nbad = 1\n"},
	}
	for _, test := range tests {
		at := strings.Index(test.src, "bad")
		parsed, _ := parse(t, test.name, []byte(test.src))
		edit, ok := Insertion(parsed, at, "bad", "why")
		if !ok {
			if test.want != "" {
				t.Errorf("%q: no insertion, want %q", test.src, test.want)
			}
			continue
		}
		got, err := finding.Apply([]byte(test.src), []text.Edit{edit})
		if err != nil || string(got) != test.want {
			t.Errorf("%q: got %q, %v, want %q", test.src, got, err, test.want)
		}
		_, allows := parse(t, test.name, got)
		where := bytes.LastIndex(bytes.ReplaceAll(got, []byte("(bad)"), []byte("(...)")), []byte("bad"))
		findings := []finding.Finding{{Hint: "bad", Range: text.Range{Start: where, End: where + 3}}}
		if kept, _ := apply(allows, findings, func(string) State { return Active }); len(kept) > 0 {
			t.Errorf("%q: not silenced in %q", test.src, got)
		}
	}
}

// apply gives the findings that are not silenced.
func apply(allows []Allow, findings []finding.Finding, state func(string) State) (kept []finding.Finding, uses []Use) {
	silenced, uses := Silence(allows, findings, state)
	for i, f := range findings {
		if !silenced[i] {
			kept = append(kept, f)
		}
	}
	return kept, uses
}
