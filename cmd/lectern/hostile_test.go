package main

import (
	"strings"
	"testing"
)

// Whatever is in a tree, the run ends, and what can be read is checked.
func TestHostileFiles(t *testing.T) {
	folderOf(t, map[string]string{
		"src/a-nul.rs":     "fn a() { foo(); }\x00\n",
		"src/b-utf8.rs":    "fn b() { let _ = \"\xff\xfe\"; foo(); }\n",
		"src/d-nested.rs":  "fn d() { " + strings.Repeat("(", 20000) + strings.Repeat(")", 20000) + "; }\n",
		"src/e-line.rs":    "fn e() { foo(); } // " + strings.Repeat("x", 3<<20),
		"large/a.rs":       "fn e() { foo(); } // " + strings.Repeat("x", 5<<20),
		"large/b.rs":       "fn b() { foo(); }\n",
		"src/f-returns.rs": "fn f() {\rfoo();\r}\r",
	})
	for _, format := range formats() {
		out, errs := lectern(t, 1, "check", "--course", "mini", "--format", format, "src")
		if errs != "" {
			t.Errorf("%s: got %q on standard error", format, errs)
		}
		for _, file := range []string{"a-nul", "b-utf8", "e-line", "f-returns"} {
			if !strings.Contains(out, file) {
				t.Errorf("%s: nothing is said about %s", format, file)
			}
		}
		if len(out) > 1<<20 {
			t.Errorf("%s: the report has %d bytes: a line of 3 MB is in it", format, len(out))
		}
	}
	// What is too large is told with its path, and the rest is checked.
	out, errs := lectern(t, 2, "check", "--course", "mini", "--format", "jsonl", "large")
	if want := "lectern: large/a.rs: a text of more than 4 MB is not checked\n"; !strings.HasPrefix(errs, want) || strings.Count(errs, "a.rs") != 1 {
		t.Errorf("got %q on standard error, want %q", errs, want)
	}
	if !strings.HasPrefix(out, `{"path":"large/b.rs",`) {
		t.Errorf("got %q, want the finding in large/b.rs", out)
	}
}
