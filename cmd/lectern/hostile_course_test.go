//go:build unix

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"
)

// The bounds of one run over something hostile. All work is bounded by operations;
// the time is for a machine that does much else.
const (
	maxRun  = time.Minute
	maxPeak = heavy * 800 << 10 // KB
)

// process runs the program as a process of its own, and holds it to the bounds.
func process(t *testing.T, args ...string) (out, errs string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), maxRun)
	defer cancel()
	return limited(t, ctx, exec.CommandContext(ctx, "lectern", args...))
}

// limited runs a command that is the program, and holds it to the bounds.
func limited(t *testing.T, ctx context.Context, cmd *exec.Cmd) (out, errs string, code int) {
	t.Helper()
	args := cmd.Args[1:]
	var o, e bytes.Buffer
	cmd.Stdout, cmd.Stderr = &o, &e
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		t.Fatalf("lectern %q takes more than %v", args, maxRun)
	case err != nil && !errors.As(err, &exit):
		t.Fatalf("lectern %q: %v", args, err)
	}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok && runtime.GOOS == "linux" && usage.Maxrss > maxPeak {
		t.Errorf("lectern %.100q took %d KB, want at most %d", args, usage.Maxrss, maxPeak)
	}
	for _, r := range o.String() + e.String() {
		if unicode.IsControl(r) && r != '\n' || unicode.Is(unicode.Bidi_Control, r) {
			t.Errorf("lectern %.100q writes %U", args, r)
			break
		}
	}
	if strings.Contains(e.String(), "goroutine ") {
		t.Errorf("lectern %q panicked:\n%s", args, e.String())
	}
	return o.String(), e.String(), cmd.ProcessState.ExitCode()
}

// hint is a hint file with more lines of front matter, another query and more text.
func hintFile(front, query, text string) string {
	if query == "" {
		query = "((identifier) @hint (#eq? @hint \"nothing\"))"
	}
	return "---\ntitle: T\nkind: concept\nmessage: m\n" + front + "---\nText.\n\n```query\n" + query + "\n```\n" + text
}

const (
	courseYAML = "id: bad\ntitle: Bad\n"
	summaryMD  = "# Summary\n\n- [A](a/README.md)\n  - [B](a/b.md)\n"
)

// hostileCourses are courses in which something is wrong on purpose: files, and
// what is said of them. The hint a/b/fine.md is in each of them.
var hostileCourses = []struct {
	name  string
	files map[string]string
	says  string // with its place
}{
	{"an invalid regexp", map[string]string{"a/b/x.md": hintFile("", `((identifier) @hint (#match? @hint "(["))`, "")}, "bad/a/b/x.md:9:36: #match?: error parsing regexp"},
	{"a regexp with references", map[string]string{"a/b/x.md": hintFile("", `((identifier) @hint (#match? @hint "(a)\\1"))`, "")}, "bad/a/b/x.md:9:36: #match?: error parsing regexp: invalid escape sequence"},
	{"an enormous regexp", map[string]string{"a/b/x.md": hintFile("", `((identifier) @hint (#match? @hint "`+strings.Repeat("a{999}", 100)+`"))`, "")}, "bad/a/b/x.md:9:36: #match?: the regular expression, written out, has more than 5000 parts"},
	{"repetitions in repetitions", map[string]string{"a/b/x.md": hintFile("", `((identifier) @hint (#match? @hint "((((a{9}){9}){9}){9})"))`, "")}, "bad/a/b/x.md:9:36: #match?: "},
	{"a long regexp", map[string]string{"a/b/x.md": hintFile("", `((identifier) @hint (#match? @hint "`+strings.Repeat("a", 2000)+`"))`, "")}, "bad/a/b/x.md:9:36: #match?: the regular expression is longer than 1000 bytes"},
	{"a thousand regexps", map[string]string{"a/b/x.md": hintFile("", "((identifier) @hint\n"+strings.Repeat(`(#match? @hint "a{300}b{300}c{300}")`+"\n", 1000)+")", "")}, "bad/a/b/x.md:32:16: #match?: the regular expressions of this query, written out, have more than 20000 parts"},
	{"a query that is too long", map[string]string{"a/b/x.md": hintFile("", strings.Repeat("(identifier) @hint\n", 20_000), "")}, "bad/a/b/x.md:9:1: the query is longer than 262144 bytes"},
	{"a query nested deeply", map[string]string{"a/b/x.md": hintFile("", strings.Repeat("(_ ", 5_000)+"@hint"+strings.Repeat(")", 5_000), "")}, "bad/a/b/x.md:9:193: nested more than 64 deep"},
	{"a query of unknown nodes", map[string]string{"a/b/x.md": hintFile("", strings.Repeat("(nosuch) @hint\n", 10_000), "")}, "bad/a/b/x.md:9:2: rust has no node \"nosuch\""},
	{"a query of captures", map[string]string{"a/b/x.md": hintFile("", "((identifier) @hint"+numbered(" @c", 1000)+")", "")}, "bad/a/b/x.md:9:2906: more than 500 captures"},
	{"aliases in front matter", map[string]string{"a/b/x.md": hintFile("lints: &a [x, x]\nreferences: [*a, *a, *a]\n", "", "")}, "bad/a/b/x.md:5:8: anchors and aliases are not read here"},
	{"brackets in front matter", map[string]string{"a/b/x.md": hintFile("lints: "+strings.Repeat("[", 10_000)+"\n", "", "")}, "bad/a/b/x.md:5:32: more than 24 levels of nesting"},
	{"lists in front matter", map[string]string{"a/b/x.md": hintFile("lints:\n  "+strings.Repeat("- ", 10_000)+"x\n", "", "")}, "bad/a/b/x.md:6:195: more than 24 levels of nesting"},
	{"much front matter", map[string]string{"a/b/x.md": hintFile("fixes:\n"+strings.Repeat("  - {title: x}\n", 5_000), "", "")}, "bad/a/b/x.md:2:1: 75041 bytes of YAML where at most 32768 are read"},
	{"front matter without an end", map[string]string{"a/b/x.md": "---\ntitle: T\nkind: concept\n" + strings.Repeat("x: y\n", 100_000)}, "bad/a/b/x.md:1:1: the front matter has no end"},
	{"a long title", map[string]string{"a/b/x.md": strings.Replace(hintFile("", "", ""), "title: T", "title: "+strings.Repeat("T", 5_000), 1)}, "bad/a/b/x.md:2:8: `title` has more than 1000 characters"},
	{"a title for a terminal", map[string]string{"a/b/x.md": strings.Replace(hintFile("", "", ""), "title: T", `title: "\e]0;owned\a\e[31m"`, 1)}, "bad/a/b/x.md:2:8: `title` has the character U+001B, which cannot be seen"},
	{"a message that turns around", map[string]string{"a/b/x.md": strings.Replace(hintFile("", "", ""), "message: m", "message: \"a\u202eb\"", 1)}, "bad/a/b/x.md:4:10: `message` has the character U+202E, which cannot be seen"},
	{"a thousand lints", map[string]string{"a/b/x.md": hintFile("lints: ["+strings.Repeat("a, ", 1_000)+"a]\n", "", "")}, "bad/a/b/x.md:5:1: `lints` has 1001 entries, 100 are the most"},
	{"a reference that is a script", map[string]string{"a/b/x.md": hintFile("references: [\"javascript:alert(1)\"]\n", "", "")}, "bad/a/b/x.md:5:14: `javascript:alert(1)` is no URL"},
	{"a section outside of the course", map[string]string{"a/b/x.md": hintFile("section: ../../../etc/passwd\n", "", "")}, "bad/a/b/x.md:5:10: no section `../../../etc/passwd`"},
	{"an example outside of its crate", map[string]string{"a/b/x.md": hintFile("", "", "\n```rust fires path=\"../../../etc/passwd\"\nfn f() {}\n```\n")}, "bad/a/b/x.md:12:15: `../../../etc/passwd` leaves the example's crate"},
	{"a long first paragraph", map[string]string{"a/b/x.md": strings.Replace(hintFile("", "", ""), "Text.", strings.Repeat("text ", 10_000), 1)}, "bad/a/b/x.md:6:1: the first paragraph has 49999 characters, 4000 are the most"},
	{"Markdown that takes minutes", map[string]string{"a/b.md": "# B\n\n" + strings.Repeat("[a](", 200_000)}, "bad/a/b.md:3:40001: more than 20000 Markdown marks"},
	{"a summary that takes minutes", map[string]string{"SUMMARY.md": strings.Repeat("1. ", 200_000) + "[A](a/README.md)\n"}, "bad/SUMMARY.md:1:60002: more than 20000 Markdown marks"},
	{"a hint of 50 MB", map[string]string{"a/b/x.md": hintFile("", "", strings.Repeat("text text text text text text text text text text\n", 1_000_000))}, "bad/a/b/x.md: is larger than 1 MiB"},
	{"a hint that is no text", map[string]string{"a/b/x.md": "---\ntitle: \xff\xfe\n---\n"}, "bad/a/b/x.md:2:8: this is not UTF-8"},
	{"a hint in UTF-16", map[string]string{"a/b/x.md": "\xff\xfe-\x00-\x00-\x00"}, "bad/a/b/x.md:1:1: this is not UTF-8"},
	{"a hint of NUL bytes", map[string]string{"a/b/x.md": strings.Repeat("\x00", 100_000)}, "bad/a/b/x.md:1:1: a hint file starts with front matter"},
	{"a name for a terminal", map[string]string{"a/b/\x1b[31mx.md": hintFile("", "", "")}, `the name "a/b/\x1b[31mx.md" has a character that cannot be seen`},
	{"a name that is no id", map[string]string{"a/b/X Y.md": hintFile("", "", "")}, "bad/a/b/X Y.md:1:1: `X Y` is no id for a hint"},
	{"a page above the course", map[string]string{"SUMMARY.md": summaryMD + "  - [C](../../../etc/passwd.md)\n"}, "bad/SUMMARY.md:5:6: `../../../etc/passwd.md` leaves the course's folder"},
	{"a page above the course, escaped", map[string]string{"SUMMARY.md": summaryMD + "  - [C](%2e%2e/%2e%2e/x.md)\n"}, "bad/SUMMARY.md:5:6: `../../x.md` leaves the course's folder"},
	{"a page at the root", map[string]string{"SUMMARY.md": summaryMD + "  - [C](/etc/x.md)\n"}, "bad/SUMMARY.md:5:6: `/etc/x.md` leaves the course's folder"},
	{"a page on another machine", map[string]string{"SUMMARY.md": summaryMD + "  - [C](<\\\\\\\\host\\\\x.md>)\n"}, "leaves the course's folder"},
	{"a page on the web", map[string]string{"SUMMARY.md": summaryMD + "  - [C](https://e.example/x.md)\n"}, "bad/SUMMARY.md:5:6: `https://e.example/x.md` is no page of the course"},
	{"a page title for a terminal", map[string]string{"SUMMARY.md": summaryMD + "  - [C &#27;x](a/c.md)\n", "a/c.md": "# C\n"}, "bad/SUMMARY.md:5:6: a title has the character U+001B, which cannot be seen"},
	{"a page name for a terminal", map[string]string{"SUMMARY.md": summaryMD + "  - [C](a/%1b[31m.md)\n"}, `bad/SUMMARY.md:5:6: "a/\x1b[31m.md" has a character that cannot be seen`},
	{"aliases in course.yaml", map[string]string{"course.yaml": courseYAML + "description: &a [*a, *a]\n"}, "bad/course.yaml:3:14: anchors and aliases are not read here"},
	{"brackets in course.yaml", map[string]string{"course.yaml": courseYAML + "severity: " + strings.Repeat("{a: ", 5_000) + "\n"}, "bad/course.yaml:3:107: more than 24 levels of nesting"},
	{"a long course.yaml", map[string]string{"course.yaml": courseYAML + "description: " + strings.Repeat("x", 1<<19) + "\n"}, "bad/course.yaml:1:1: 524321 bytes of YAML where at most 32768 are read"},
	{"a base-url that is a command", map[string]string{"course.yaml": courseYAML + "base-url: command:workbench.action.quit\n"}, "bad/course.yaml:3:11: `command:workbench.action.quit` is no URL"},
	{"a course.yaml that is none", map[string]string{"course.yaml": "\x00\x01\x02"}, "bad/course.yaml:1:1: "},
	{"a pattern of 2 MB", map[string]string{"patterns/p.scm": strings.Repeat("(identifier)\n", 200_000)}, "bad/patterns/p.scm: is larger than 1 MiB"},
	{"brackets in lectern.yaml", map[string]string{"../lectern.yaml": "exclude: " + strings.Repeat("[", 20_000)}, "lectern.yaml: the file is nested too deeply"},
	{"aliases in lectern.yaml", map[string]string{"../lectern.yaml": "exclude: &a [x]\nupTo: *a\n"}, "lectern.yaml:1:10: exclude is an unusual YAML value, not a list"},
}

// numbered is n names that begin with prefix.
func numbered(prefix string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%s%d", prefix, i)
	}
	return b.String()
}

const fine = "---\ntitle: Fine\nkind: pitfall\nmessage: \"`foo` is called\"\n---\nIt is fine.\n\n```query\n((call_expression function: (identifier) @name) @hint (#eq? @name \"foo\"))\n```\n\n```rust fires\nfn f() {\n    foo(); //~ fine\n}\n```\n"

// writeCourse writes the folder bad and a source beside it, and goes there.
func writeCourse(t *testing.T, files map[string]string) {
	t.Helper()
	all := map[string]string{
		"bad/course.yaml": courseYAML, "bad/SUMMARY.md": summaryMD, "bad/a/README.md": "# A\n", "bad/a/b.md": "# B\n", "bad/a/b/fine.md": fine,
		"src/main.rs": "fn main() {\n    foo();\n}\n",
	}
	for name, content := range files {
		all[filepath.Join("bad", name)] = content
	}
	folderOf(t, all)
}

// TestHostileCourses: each mistake is told at its place, and the rest of the course
// stands, for check and for the course's own tests. What is wrong with one hint is
// tried in one course with all of that kind.
func TestHostileCourses(t *testing.T) {
	all := map[string]string{}
	var says []string
	for i, test := range hostileCourses {
		if content, ok := test.files["a/b/x.md"]; ok && len(test.files) == 1 {
			name := fmt.Sprintf("a/b/x%d.md", i)
			all[name] = content
			says = append(says, strings.Replace(test.says, "a/b/x.md", name, 1))
			continue
		}
		t.Run(test.name, func(t *testing.T) { hostileCourse(t, test.files, []string{test.says}) })
	}
	t.Run("hints", func(t *testing.T) { hostileCourse(t, all, says) })
}

func hostileCourse(t *testing.T, files map[string]string, says []string) {
	t.Helper()
	writeCourse(t, files)
	settings := files["../lectern.yaml"] != ""
	out, errs, code := process(t, "check", "--course", "bad", "--format", "jsonl", "src")
	for _, want := range says {
		if !strings.Contains(errs, want) {
			t.Errorf("check says\n%.5000s\nwant %q", errs, want)
		}
	}
	if len(errs) > 100_000 {
		t.Errorf("check says %d bytes", len(errs))
	}
	// A settings file that was found, and not named, does not make the check fail.
	if code != 2 && !settings {
		t.Errorf("check: got exit code %d, want 2", code)
	}
	if !strings.Contains(out, `"hint":"fine"`) {
		t.Errorf("check: nothing is found by the hint beside it: %.1000s", out)
	}
	if settings {
		return
	}
	out, errs, _ = process(t, "test", "--rustc", "none", "bad")
	for _, want := range says {
		if !strings.Contains(out+errs, want) {
			t.Errorf("test says\n%.5000s\nwant %q", out+errs, want)
		}
	}
	process(t, "list", "--course", "bad")
}

// TestHostileCourseFolder: what is no file, or leads somewhere else.
func TestHostileCourseFolder(t *testing.T) {
	for _, test := range []struct {
		name string
		make func(at string) error
		says string
	}{
		{"a pipe", func(at string) error { return syscall.Mkfifo(at, 0o600) }, "bad/a/b/x.md: is not a regular file"},
		{"a device", func(at string) error { return os.Symlink("/dev/zero", at) }, "bad/a/b/x.md: is not a regular file"},
		{"a loop", func(at string) error { return os.Symlink(at, at) }, "bad/a/b/x.md: is not a regular file"},
		{"a link out of the folder", func(at string) error { return os.Symlink("/etc/hostname", at) }, "bad/a/b/x.md: is not a regular file"},
		{"a link to a folder", func(at string) error { return os.Symlink("/", at) }, "bad/a/b/x.md: is not a regular file"},
		{"a folder with a hint's name", func(at string) error { return os.Mkdir(at, 0o755) }, ""},
		{"a socket", func(at string) error {
			fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
			if err != nil {
				return err
			}
			defer syscall.Close(fd) //nolint:errcheck // the name is what matters
			here, err := os.Getwd()
			if err != nil {
				return err
			}
			relative, err := filepath.Rel(here, at) // the name of a socket has little room
			if err != nil {
				return err
			}
			return syscall.Bind(fd, &syscall.SockaddrUnix{Name: relative})
		}, "bad/a/b/x.md: is not a regular file"},
		{"links in a circle", func(at string) error { return os.Symlink("../..", strings.TrimSuffix(at, ".md")) }, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			writeCourse(t, nil)
			here, err := os.Getwd()
			if err != nil {
				t.Fatal(err)
			}
			if err := test.make(filepath.Join(here, "bad", "a", "b", "x.md")); err != nil {
				t.Fatal(err)
			}
			out, errs, _ := process(t, "check", "--course", "bad", "--format", "jsonl", "src")
			if !strings.Contains(errs, test.says) || test.says == "" && errs != "" {
				t.Errorf("check says\n%.2000s\nwant %q", errs, test.says)
			}
			if strings.Count(out, `"hint":"fine"`) != 1 {
				t.Errorf("check: got %.1000s, want one finding", out)
			}
			process(t, "test", "--rustc", "none", "bad")
		})
	}
}

// TestQueriesThatCostTooMuch: each is given up in the text where it costs too much,
// which is told, and the others go on.
func TestQueriesThatCostTooMuch(t *testing.T) {
	calls := "fn main() {\n    foo();\n" + strings.Repeat("    call(one, two, three);\n", 1500) + "}\n"
	nested := "fn main() {\n    foo();\n" + strings.Repeat("{ let a = \""+strings.Repeat("x", 100)+"\";\n", 2000) + strings.Repeat("}", 2000) + "}\n"
	for _, test := range []struct{ name, query, source string }{
		{"all pairs", "((identifier) @hint (#not-precedes? @hint other) (#not-follows? @hint other) (#not-eq? @hint \"never\"))\n```\n\n```query name=\"other\"\n((identifier) @here (#eq? @here \"nowhere\"))", calls},
		{"a regexp over all blocks", "((block) @hint (#match? @hint \"(a|b|c|d|x)+(a|b|x)*[a-x]+y\"))", nested},
		{"a large regexp over all blocks", "((block) @hint (#match? @hint \"[a-z ]{0,900}0\"))", nested},
		{"wildcards", "((block (_)* @a (_)* @b (_)* @c (_) @hint (#eq? @a \"nothing\")))", calls},
	} {
		t.Run(test.name, func(t *testing.T) {
			writeCourse(t, map[string]string{"a/b/greedy.md": hintFile("", test.query, ""), "../src/main.rs": test.source})
			out, errs, _ := process(t, "check", "--course", "bad", "--format", "jsonl", "src")
			if want := "lectern: src/main.rs: looking for greedy took too long and was given up\n"; errs != want {
				t.Errorf("check says %q, want %q", errs, want)
			}
			if strings.Count(out, `"hint":"fine"`) != 1 {
				t.Errorf("got %.1000s, want the finding of the other hint", out)
			}
		})
	}
}

// TestFixesThatWriteTooMuch: templates that repeat what was captured are not filled
// in, and those that are add up to no more than a bound.
func TestFixesThatWriteTooMuch(t *testing.T) {
	fix := func(with string) string {
		return "fixes:\n  - title: Repeat\n    applicability: machine-applicable\n    edits: [{replace: \"@hint\", with: \"" + with + "\"}]\n"
	}
	source := "fn main() {\n" + strings.Repeat("    call();\n", 4_000) + "}\n"
	writeCourse(t, map[string]string{
		"a/b/much.md":    hintFile(fix(strings.Repeat("{all}", 1000)), "((function_item body: (block (expression_statement (call_expression) @hint))) @all)", ""),
		"a/b/each.md":    hintFile(fix(strings.Repeat("text ", 1900)), "((call_expression) @hint)", ""),
		"../src/main.rs": source,
	})
	out, _, _ := process(t, "check", "--course", "bad", "--format", "jsonl", "src")
	if n := strings.Count(out, `"hint":"each"`); n != 4_000 {
		t.Errorf("got %d findings, want 4,000", n)
	}
	if len(out) > 64<<20 {
		t.Errorf("the report has %d bytes", len(out))
	}
	out, errs, _ := process(t, "check", "--course", "bad", "--fix", "--diff", "src")
	if len(out) > 256<<20 {
		t.Errorf("the patch has %d bytes: %s", len(out), errs)
	}
}

// TestManyHints loads 10,000 hints.
func TestManyHints(t *testing.T) {
	files := map[string]string{}
	for i := range 10_000 {
		files[fmt.Sprintf("a/b/h%d.md", i)] = hintFile(fmt.Sprintf("references: [\"https://e.example/%d\"]\n", i), fmt.Sprintf("((call_expression function: (identifier) @name) @hint (#eq? @name \"f%d\"))", i), "\nMore.\n")
	}
	writeCourse(t, files)
	out, errs, code := process(t, "check", "--course", "bad", "--format", "jsonl", "src")
	// One too many: the hint fine is among the first, in the order of names.
	if want := "bad/a/b/h9999.md: the course has more than 10000 hints; this one and all behind it are left out"; !strings.Contains(errs, want) {
		t.Errorf("check says %q, want %q", errs, want)
	}
	if code != 2 || !strings.Contains(out, `"hint":"fine"`) {
		t.Errorf("got exit code %d and %.1000s", code, out)
	}
}
