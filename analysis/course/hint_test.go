package course

import (
	"strconv"
	"strings"
	"testing"

	"lectern/analysis/finding"
)

func TestHint(t *testing.T) {
	h, problems := readHint("dir/c/s/model.md", "c/s/model.md", model)
	if h == nil {
		t.Fatal(problems)
	}
	for _, test := range []struct{ what, got, want string }{
		{"id", h.ID, "model"},
		{"title", h.Title, "Printing inside the allocator"},
		{"kind", h.Kind.String(), "pitfall"},
		{"severity", h.Severity.String(), "error"},
		{"message", h.Message, "`{macro}!` allocates while `{method}` is allocating"},
		{"lead", h.Lead, "This macro needs memory, and the global allocator is what gives it: the call comes back to this very method."},
		{"file", h.File, "dir/c/s/model.md"},
		{"named pattern", h.Named[0].Name, "method"},
		{"fires", h.Examples[0].Attr["no_run"], "it would not end"},
		{"fix of the fixed example", h.Examples[1].Fix, "Remove the call"},
		{"related", h.Related[0].Capture, "method"},
		{"edit", h.Fixes[0].Edits[0].Target, "hint"},
		{"applicability", h.Fixes[0].Applicability.String(), "maybe-incorrect"},
	} {
		if test.got != test.want {
			t.Errorf("%s: got %q, want %q", test.what, test.got, test.want)
		}
	}
	if e := h.Fixes[0].Edits[0]; e.Form != Delete || !e.WholeLine {
		t.Errorf("got edit %+v", e)
	}
	// Every fence stands in the file where it says.
	lines := strings.SplitAfter(model, "\n")
	check := func(text string, line int) {
		t.Helper()
		first, _, _ := strings.Cut(text, "\n")
		if got := strings.TrimSuffix(lines[line-1], "\n"); got != first {
			t.Errorf("line %d: got %q, want %q", line, got, first)
		}
	}
	check(h.Queries[0].Text, h.Queries[0].Line)
	check(h.Named[0].Text, h.Named[0].Line)
	for _, e := range h.Examples {
		check(e.Text, e.Line)
	}
	if !strings.HasPrefix(h.Body, h.Lead+"\n\n## Why\n") || !strings.HasSuffix(h.Body, "\n\nAnything else may print:\n") || strings.Contains(h.Body, "```") {
		t.Errorf("got body %q", h.Body)
	}
	var order []string
	for _, b := range h.Blocks {
		if b.Prose != "" {
			order = append(order, "prose")
		} else {
			order = append(order, h.Examples[b.Example].Kind.String())
		}
	}
	if got, want := strings.Join(order, " "), "prose fires fixed prose silent"; got != want {
		t.Errorf("got blocks %s, want %s", got, want)
	}
}

// Fences that are no query and no example belong to the prose.
func TestFit(t *testing.T) {
	const source = "---\ntitle: T\nkind: concept\nmessage: m\n" +
		"lints: [E0133, {E0308: [\"found `()`\", \"`Builder`\"], clippy_like: \"a\"}, {\"clippy::x\": \"of `Future`\"}]\n" +
		"---\nText.\n\n```query\n(unsafe_block) @hint\n```\n"
	h, problems := readHint("x.md", "c/s/x.md", source)
	if h == nil {
		t.Fatal(problems)
	}
	if got := strings.Join(h.Lints, " "); got != "E0133 E0308 clippy_like clippy::x" {
		t.Errorf("got lints %s", got)
	}
	for _, test := range []struct {
		lint, message string
		want          Fit
	}{
		{"E0133", "whatever", BroadFit},
		{"E0308", "expected `u8`, found `()`", ExactFit},
		{"E0308", "expected `Builder`, found `u8`", ExactFit},
		{"E0308", "expected `u8`, found `&str`", NoFit},
		{"clippy::x", "unused implementer of `Future`", ExactFit},
		{"x", "unused implementer of `Future`", NoFit},
		{"E0425", "found `()`", NoFit},
	} {
		if got := h.Fit(test.lint, test.message); got != test.want {
			t.Errorf("%s %q: got %d, want %d", test.lint, test.message, got, test.want)
		}
	}
}

func TestProseFences(t *testing.T) {
	source := "---\ntitle: T\nkind: praise\nmessage: m\n---\nText\nof two lines.\n# Heading\n```rust\nlet x = 1;\n```\n~~~~text\n~~~\n~~~~\n  ```query\n  (a)\n    (b) @hint\n  ```\n"
	h, problems := readHint("h.md", "a/b/h.md", source)
	if h == nil {
		t.Fatal(problems)
	}
	if got, want := h.Body, "Text\nof two lines.\n# Heading\n\n```rust\nlet x = 1;\n```\n\n~~~~text\n~~~\n~~~~\n"; got != want {
		t.Errorf("got body %q, want %q", got, want)
	}
	if got, want := h.Lead, "Text\nof two lines."; got != want {
		t.Errorf("got lead %q, want %q", got, want)
	}
	if q := h.Queries[0]; q.Text != "(a)\n  (b) @hint\n" || q.Indent != 2 || q.Line != 16 {
		t.Errorf("got query %+v", q)
	}
	if h.Kind != finding.Praise {
		t.Errorf("got kind %v", h.Kind)
	}
}

func TestAttributes(t *testing.T) {
	for info, want := range map[string]string{
		"":                              "",
		"rust":                          "rust@4",
		"rust,ignore":                   "rust@4 ignore@9",
		"rust fires no_compile=\"a b\"": "rust@4 fires@9 no_compile=a b@15",
		`x a="\"q\" \\" b=c,d`:          `x@4 a="q" \@6 b=c@19 d@23`,
		"é a=":                          "é@4 a=@6",
	} {
		f, _, ok := opening("```" + info)
		if !ok {
			t.Fatalf("%q is no fence", info)
		}
		words, broken := f.attributes()
		var got []string
		for _, w := range words {
			s := w.key
			if w.hasVal {
				s += "=" + w.value
			}
			got = append(got, s+"@"+strconv.Itoa(w.column))
		}
		if s := strings.Join(got, " "); s != want || broken != 0 {
			t.Errorf("%q: got %s (%d), want %s", info, s, broken, want)
		}
	}
}
