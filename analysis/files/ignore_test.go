package files

import (
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestIgnoreLines(t *testing.T) {
	tests := []struct {
		lines, path string
		folder      bool
		want        bool
	}{
		{"a.rs", "a.rs", false, true},
		{"a.rs", "x/y/a.rs", false, true},
		{"/a.rs", "x/a.rs", false, false},
		{"x/a.rs", "x/a.rs", false, true},
		{"x/a.rs", "y/x/a.rs", false, false},
		{"**/x/a.rs", "y/x/a.rs", false, true},
		{"gen/", "gen", false, false},
		{"gen/", "y/gen", true, true},
		{"gen/**", "gen", true, false},
		{"gen/**", "gen/a", false, true},
		{"a/**/b", "a/b", false, true},
		{"a/**/b", "a/x/y/b", false, true},
		{"*.rs\n!keep.rs", "keep.rs", false, false},
		{"!keep.rs\n*.rs", "keep.rs", false, true},
		{"# a.rs", "# a.rs", false, false},
		{`\#a.rs`, "#a.rs", false, true},
		{`\!a.rs`, "!a.rs", false, true},
		{"a.rs   ", "a.rs", false, true},
		{`a\ `, "a ", false, true},
		{"a.rs\r", "a.rs", false, true},
		{"\ufeffa.rs", "a.rs", false, true},
		{"{a,b}", "a", false, false},
		{"{a,b}", "{a,b}", false, true},
		{"[!a]", "b", false, true},
		{"[!a]", "a", false, false},
		{"[]a]", "]", false, true},
		{"[[:digit:]]x", "7x", false, true},
		{"[[:what:]]x", "wx", false, false},
		{"[a", "[a", false, false},
		{"a?c", "abc", false, true},
		{"/a?c", "a/c", false, false},
		{"/*", "x/a", false, false},
		{"", "a", false, false},
		{"/", "a", true, false},
	}
	for _, test := range tests {
		g := (*ignores)(nil).with("/r", parseIgnores([]byte(test.lines)))
		if got := g.match("/r/"+test.path, test.folder); got != test.want {
			t.Errorf("%q, path %q: got %v, want %v", test.lines, test.path, got, test.want)
		}
	}
}

func TestNearerIgnoresDecide(t *testing.T) {
	g := (*ignores)(nil).with("/r", parseIgnores([]byte("*.rs\n!b.rs\n"))).with("/r/x", parseIgnores([]byte("!a.rs\nb.rs\n/c\n")))
	tests := []struct {
		path string
		want bool
	}{
		{"x/a.rs", false}, {"x/b.rs", true}, {"x/d.rs", true}, {"x/c", true}, {"x/y/c", false}, {"x/y/a.rs", false},
	}
	for _, test := range tests {
		if got := g.match("/r/"+test.path, false); got != test.want {
			t.Errorf("%s: got %v, want %v", test.path, got, test.want)
		}
	}
}

// TestLikeGit compares with git over random .gitignore files in three folders.
func TestLikeGit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("git is needed: %v", err)
		}
		t.Skip("no git to compare with")
	}
	patterns := strings.Split(`a|b|/a|a/|/a/|a/b|a/*|**/a|a/**|*.rs|!*.rs|!a|!a.rs|!a/|/*|!/b|a/**/a.rs|a*|?|[ab]|[!a]|[^b].rs|\!a|a |#a|*.d|!b.d/|`+
		`a/**/|*|!*/|{a,b}|!a/a.rs|b/*.d/f.rs|**|**.rs|a**|**/|/**|!**/a.rs|a/**/f.rs|a.d/|[[:alpha:]].rs|[a-b]/|\a|a\|[|*/a.d|!*/b.d/`, "|")
	var paths []string
	for _, x := range []string{"a", "b", "ab"} {
		for _, y := range []string{"a", "b", "ab", "a.rs", "b.rs"} {
			paths = append(paths, x+"/"+y, x+"/"+y+".d/f.rs", x+"/"+y+".d/a.rs")
		}
	}
	paths = append(paths, "a.rs", "b.rs")
	slices.Sort(paths)
	dir := t.TempDir()
	git := func(input string, args ...string) string {
		t.Helper()
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
		cmd.Stdin = strings.NewReader(input)
		out, err := cmd.Output()
		if exit, ok := err.(*exec.ExitError); err != nil && (!ok || exit.ExitCode() != 1) { // 1: nothing is ignored
			t.Fatalf("git %v: %v", args, err)
		}
		return string(out)
	}
	git("", "init", "-q")
	for _, p := range paths {
		write(t, filepath.Join(dir, p), "")
	}
	random := rand.New(rand.NewSource(1))
	for range 100 {
		said := map[string]string{}
		for _, at := range []string{"", "a", "b/b.d"} {
			var lines []string
			for range random.Intn(4) {
				lines = append(lines, patterns[random.Intn(len(patterns))])
			}
			said[at] = strings.Join(lines, "\n")
			write(t, filepath.Join(dir, at, ".gitignore"), said[at])
		}
		want := map[string]bool{}
		for line := range strings.Lines(git(strings.Join(paths, "\n"), "check-ignore", "--no-index", "--stdin")) {
			want[strings.TrimSuffix(line, "\n")] = true
		}
		for _, p := range paths {
			if got := ignored(dir, p); got != want[p] {
				t.Errorf("%s under %q: got %v, want %v", p, said, got, want[p])
			}
		}
	}
}

// ignored goes down to a path as the walk does.
func ignored(dir, path string) bool {
	var g *ignores
	parts := strings.Split(path, "/")
	for i := range parts {
		at := filepath.Join(append([]string{dir}, parts[:i]...)...)
		rules, _ := readIgnores(filepath.Join(at, ".gitignore"))
		g = g.with(at, rules)
		if g.match(filepath.Join(at, parts[i]), i < len(parts)-1) {
			return true
		}
	}
	return false
}

func FuzzIgnore(f *testing.F) {
	f.Add("a/**\n![[:x", "a/b")
	f.Fuzz(func(t *testing.T, lines, path string) {
		g := (*ignores)(nil).with("/r", parseIgnores([]byte(lines)))
		_ = fmt.Sprint(g.match("/r/"+path, true), g.match("/r/"+path, false))
	})
}
