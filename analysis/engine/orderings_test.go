package engine

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"lectern/analysis/finding"
	"lectern/analysis/text"
)

// pair is an atomic operation with its orderings, and what is to be said of it.
type pair struct{ operation, first, second, pitfall, severity, column string }

// around is the code around each operation; X and Y stand for the orderings. In
// it only the orderings speak.
var around = map[string]string{
	"load":                  "let _ = a.load(X);",
	"store":                 "a.store(1, X);",
	"swap":                  "let _ = a.swap(1, X);",
	"fetch_add":             "let _ = a.fetch_add(1, X);",
	"compare_exchange":      "return a.compare_exchange(0, 1, X, Y).is_ok();",
	"compare_exchange_weak": "loop { if a.compare_exchange_weak(0, 1, X, Y).is_ok() { return true; } }",
	"fetch_update":          "return a.fetch_update(X, Y, |n| n.checked_add(1)).is_ok();",
	"fence":                 "fence(X);",
	"compiler_fence":        "compiler_fence(X);",
}

func pairs(t *testing.T) []pair {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", "orderings.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var all []pair
	for line := range strings.Lines(string(content)) {
		if f := strings.Fields(line); len(f) == 6 && !strings.HasPrefix(line, "#") {
			all = append(all, pair{f[0], f[1], f[2], f[3], f[4], f[5]})
		}
	}
	if len(all) != 105 {
		t.Fatalf("the table has %d pairs, want 105", len(all))
	}
	return all
}

// All pairs of an atomic operation and its orderings are judged right, however
// the ordering is spelled; and what is called an error, rustc rejects.
func TestOrderings(t *testing.T) {
	rules := compiled(t)
	all := pairs(t)
	for _, spelling := range []struct {
		name, use, prefix string
		inMacro           bool
	}{
		{"path", "use std::sync::atomic::*;", "Ordering::", false},
		{"glob", "use std::sync::atomic::*; use std::sync::atomic::Ordering::*;", "", false},
		{"renamed", "use core::sync::atomic::{Ordering as O, *};", "O::", false},
		{"macro", "use std::sync::atomic::*;", "Ordering::", true},
	} {
		t.Run(spelling.name, func(t *testing.T) {
			var b strings.Builder
			b.WriteString(spelling.use + "\n")
			for i, p := range all {
				code := strings.Replace(around[p.operation], "X", spelling.prefix+p.first, 1)
				code = strings.Replace(code, "Y", spelling.prefix+p.second, 1)
				if spelling.inMacro {
					code = "assert!({ " + code + " true });"
				}
				fmt.Fprintf(&b, "pub fn f%d(a: &AtomicUsize) -> bool { %s #[allow(unreachable_code, reason = \"an invalid ordering panics\")] true }\n", i, code)
			}
			r, err := Check(rules, Input{Path: "orderings.rs", Text: text.New([]byte(b.String()))})
			if err != nil {
				t.Fatal(err)
			}
			got := make([]string, len(all))
			for _, f := range r.Findings() {
				if f.Kind != finding.Pitfall {
					continue
				}
				p := all[r.Text.LineOf(f.Range.Start)-1]
				column := "1"
				if marked := string(r.Text.Slice(f.Range.Start, f.Range.End)); p.second != "-" && marked == spelling.prefix+p.second {
					before := strings.Count(string(r.Text.Slice(r.Text.LineRange(r.Text.LineOf(f.Range.Start)).Start, f.Range.Start)), spelling.prefix+p.first)
					if p.first != p.second || before > 0 {
						column = "2"
					}
				}
				got[r.Text.LineOf(f.Range.Start)-1] += fmt.Sprint(f.Hint, " ", f.Severity, " ", column)
			}
			for i, p := range all {
				want := ""
				if p.pitfall != "none" {
					want = p.pitfall + " " + p.severity + " " + p.column
				}
				if got[i] != want {
					t.Errorf("%s %s %s: got %q, want %q", p.operation, p.first, p.second, got[i], want)
				}
			}
			if !spelling.inMacro {
				rejected(t, b.String(), all)
			}
		})
	}
}

// rejected compares with rustc, which denies invalid orderings by a lint.
func rejected(t *testing.T, source string, all []pair) {
	t.Helper()
	rustc, err := exec.LookPath("rustc")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("rustc is needed to compare with")
		}
		t.Log("not compared: there is no rustc")
		return
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "orderings.rs")
	if err := os.WriteFile(file, []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(rustc, "--edition", "2024", "--crate-type", "lib", "--emit", "metadata", "--out-dir", dir, file).CombinedOutput()
	if err == nil {
		t.Fatal("rustc takes the invalid orderings")
	}
	denied := map[int]bool{}
	for _, m := range regexp.MustCompile(`error: [^\n]*\n\s+--> [^\n]*:(\d+):\d+`).FindAllSubmatch(out, -1) {
		line, _ := strconv.Atoi(string(m[1]))
		denied[line-2] = true
	}
	if len(denied) != 36 {
		t.Errorf("rustc denies %d pairs, want 36\n%s", len(denied), out)
	}
	for i, p := range all {
		if denied[i] != (p.severity == "error") {
			t.Errorf("%s %s %s: rustc denies it: %v, the table says %s", p.operation, p.first, p.second, denied[i], p.severity)
		}
	}
}
