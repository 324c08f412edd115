package queries_test

import (
	"fmt"
	"io/fs"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lectern/analysis/course"
	"lectern/analysis/engine"
	"lectern/analysis/example"
	"lectern/analysis/finding"
	"lectern/analysis/rust"
	"lectern/analysis/syntax"
	"lectern/analysis/text"
	"lectern/analysis/tree"
)

// file is an example of the course, with its crate.
type file struct {
	path, text string
	crate      *rust.Crate
	tree       *tree.Tree
}

// examples are the Rust examples of all hints that parse.
func examples(t testing.TB, l *course.Library) []file {
	t.Helper()
	var list []file
	for _, h := range l.Hints() {
		for _, e := range h.Examples {
			if e.Language != "rust" {
				continue
			}
			s := example.SourceOf(e)
			f := file{path: filepath.FromSlash("/example/" + s.Path), text: s.Text}
			tr := parsed(t, f.text)
			if mistakes(tr) > 0 {
				continue
			}
			f.tree = tr
			manifest := e.Manifest
			if manifest == "" {
				manifest = "[package]\nname = \"example\"\nedition = \"" + s.Edition + "\"\n"
			}
			crate, err := rust.LoadCrate(func(name string) ([]byte, error) {
				switch filepath.ToSlash(name) {
				case "/example/Cargo.toml":
					return []byte(manifest), nil
				case "/example/" + s.Path:
					return []byte(f.text), nil
				}
				return nil, fs.ErrNotExist
			}, f.path)
			if err != nil {
				t.Fatalf("%s: %v", h.File, err)
			}
			f.crate = crate
			list = append(list, f)
		}
	}
	if len(list) < 500 {
		t.Fatalf("only %d examples", len(list))
	}
	return list
}

func parsed(t testing.TB, content string) *tree.Tree {
	t.Helper()
	tr, err := syntax.Bytes(syntax.Rust(), []byte(content), syntax.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// mistakes is the number of places that make no sense to the grammar.
func mistakes(tr *tree.Tree) int {
	n := 0
	for node := range tr.Root().Descendants {
		if node.IsError() || node.IsMissing() {
			n++
		}
	}
	return n
}

// opaque is the number of brackets in macro calls that are read as tokens, and not as
// code: such a call has something in it that makes no sense as code.
func opaque(tr *tree.Tree) int {
	n := 0
	for node := range tr.Root().Descendants {
		if node.Kind() != "token_tree" || node.Parent().Kind() != "token_tree" {
			continue
		}
		around := node.Parent()
		for around.Kind() == "token_tree" {
			around = around.Parent()
		}
		if around.Kind() == "macro_invocation" {
			n++
		}
	}
	return n
}

// lenient reports a text that tree-sitter takes and Rust does not: a comma behind
// nothing, a macro call that ends as a statement without a semicolon, or an unsafe
// block as a statement whose value is dropped.
func lenient(tr *tree.Tree) bool {
	for n := range tr.Root().Descendants {
		if n.Kind() == "expression_statement" && n.FirstChild().Kind() == "unsafe_block" && n.FirstChild().NextSibling().IsZero() {
			last := ""
			for body := range n.FirstChild().Children {
				for in := range body.Children {
					if in.IsNamed() {
						last = in.Kind()
					}
				}
			}
			if last != "" && last != "expression_statement" && last != "let_declaration" {
				return true
			}
		}
		before := n.PrevSibling()
		if before.IsZero() {
			continue
		}
		switch {
		case n.Kind() == "," && (before.Kind() == "{" || before.Kind() == "(" || before.Kind() == "[" || before.Kind() == ","):
			return true
		case before.Kind() == "macro_invocation" && n.Parent().Kind() == "block" && n.Kind() != "}":
			return true
		}
	}
	return false
}

// variation changes a text at random into one that somebody could have written, or
// nearly: parts of other examples in place of parts of their kind, other white space,
// comments, a module or a macro call around it.
type variation struct {
	*rand.Rand
	t     testing.TB
	donor map[string][]string // texts of nodes, by kind
}

// donors collects what examples can give to each other.
func donors(files []file) map[string][]string {
	seen := map[string]bool{}
	donor := map[string][]string{}
	for _, f := range files {
		for n := range f.tree.Root().Descendants {
			if n.IsNamed() && n.Len() < 400 && !seen[n.Kind()+string(n.Text())] {
				seen[n.Kind()+string(n.Text())] = true
				donor[n.Kind()] = append(donor[n.Kind()], string(n.Text()))
			}
		}
	}
	return donor
}

func (v *variation) of(content string) string {
	for range v.IntN(8) {
		next := v.step(content)
		if len(next) > 20_000 {
			continue
		}
		if mistakes(parsed(v.t, next)) == 0 {
			content = next
		}
	}
	return content
}

func (v *variation) step(content string) string {
	switch v.IntN(8) {
	case 0:
		return "mod m {\n" + content + "\n}\n"
	case 1:
		return "fn f() {\n" + content + "\n}\n"
	case 2:
		return "m! {\n" + content + "\n}\n"
	case 3: // several statements on a line
		return strings.ReplaceAll(strings.ReplaceAll(content, ";\n", "; "), "{\n", "{ ")
	case 4:
		return strings.ReplaceAll(content, "\n", "\r\n")
	}
	tr := parsed(v.t, content)
	var nodes []tree.Node
	tokens := v.IntN(2) == 0
	for n := range tr.Root().Descendants {
		if n.IsNamed() && !tokens || n.FirstChild().IsZero() && tokens {
			nodes = append(nodes, n)
		}
	}
	if len(nodes) == 0 {
		return content
	}
	n := nodes[v.IntN(len(nodes))]
	if tokens { // what stands between this token and the next
		between := []string{" ", "\n", "", "\t", " /* c */ ", " // c\n", "\n// c\n", "\n\n"}[v.IntN(8)]
		return content[:n.End()] + between + content[n.End():]
	}
	switch v.IntN(8) {
	case 0: // twice
		between := []string{" ", ", ", "; ", "\n", " + ", "."}[v.IntN(6)]
		return content[:n.End()] + between + string(n.Text()) + content[n.End():]
	case 1: // not at all
		return content[:n.Start()] + content[n.End():]
	case 2:
		around := [][2]string{{"(", ")"}, {"{ ", " }"}, {"unsafe { ", " }"}, {"&", ""}, {"m!(", ")"}, {"-", ""}, {"", "?"}, {"", " as u8"}, {"move || ", ""}}[v.IntN(9)]
		return content[:n.Start()] + around[0] + string(n.Text()) + around[1] + content[n.End():]
	}
	if given := v.donor[n.Kind()]; len(given) > 0 {
		return content[:n.Start()] + given[v.IntN(len(given))] + content[n.End():]
	}
	return content
}

// fixesKeepTheText makes each fix that is offered for a text alone, and wants a text
// that parses as well.
func fixesKeepTheText(t *testing.T, rules *engine.Rules, in engine.Input) (made int) {
	t.Helper()
	d, err := engine.Open(rules, in)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	result := d.Result()
	before, content := mistakes(result.Tree), in.Text.Bytes()
	dark := opaque(result.Tree)
	for _, f := range result.Findings() {
		for _, fix := range result.Fixes(f) {
			now, err := finding.Apply(content, fix.Edits)
			if err != nil {
				t.Errorf("%s: %q: %v", f.Hint, fix.Title, err)
				continue
			}
			made++
			tr := parsed(t, string(now))
			if after := mistakes(tr); after > before {
				t.Errorf("%s: %q leaves %d mistakes, before it were %d\n%s", f.Hint, fix.Title, after, before, differing(string(content), string(now)))
			} else if after := opaque(tr); dark == 0 && after > 0 {
				t.Errorf("%s: %q leaves a macro call with %d brackets that make no sense as code\n%s", f.Hint, fix.Title, after, differing(string(content), string(now)))
			}
		}
	}
	return made
}

// differing is the part of two texts in which they differ, with some lines around it.
func differing(a, b string) string {
	before, after := strings.SplitAfter(a, "\n"), strings.SplitAfter(b, "\n")
	for len(before) > 3 && len(after) > 3 && before[2] == after[2] && before[0] == after[0] && before[1] == after[1] {
		before, after = before[1:], after[1:]
	}
	for len(before) > 3 && len(after) > 3 && before[len(before)-3] == after[len(after)-3] && before[len(before)-1] == after[len(after)-1] {
		before, after = before[:len(before)-1], after[:len(after)-1]
	}
	return fmt.Sprintf("-- before --\n%s\n-- after --\n%s", strings.Join(before, ""), strings.Join(after, ""))
}

// offered is one fix that is offered for a text, and the tokens of the text after it.
type offered struct{ hint, title, tokens, text string }

// offers are all fixes of a text, in the order of their findings.
func offers(t testing.TB, rules *engine.Rules, f file, content string) (list []offered) {
	t.Helper()
	r, err := engine.Check(rules, engine.Input{Path: f.path, Text: text.New([]byte(content)), Crate: f.crate})
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range r.Findings() {
		for _, fix := range r.Fixes(found) {
			now, err := finding.Apply([]byte(content), fix.Edits)
			if err != nil {
				t.Fatalf("%s: %q: %v", found.Hint, fix.Title, err)
			}
			list = append(list, offered{found.Hint, fix.Title, tokens(parsed(t, string(now))), string(now)})
		}
	}
	return list
}

// tokens are the tokens of a text without its comments.
func tokens(tr *tree.Tree) string {
	var b strings.Builder
	for n := range leaves(tr) {
		b.Write(n.Text())
		b.WriteByte(' ')
	}
	return b.String()
}

// leaves are the tokens of a text that are no comments.
func leaves(tr *tree.Tree) iter.Seq[tree.Node] {
	return func(yield func(tree.Node) bool) {
		tr.Root().Descendants(func(n tree.Node) bool {
			if !n.FirstChild().IsZero() || n.Parent().IsZero() {
				return true
			}
			comment := strings.HasSuffix(n.Kind(), "_comment") || strings.HasSuffix(n.Parent().Kind(), "_comment")
			return comment || yield(n)
		})
	}
}

// TestFixesMindComments puts a comment behind every fourth token of each example that
// is fixed: where the hint is still found, its fixes write the same tokens. A hint
// that takes a comment for an argument writes others. FuzzFixes tries the other
// places.
func TestFixesMindComments(t *testing.T) {
	l := library(t)
	rules, _ := engine.Compile(l)
	cases := 0
	for i, f := range examples(t, l) {
		want := offers(t, rules, f, f.text)
		if len(want) == 0 {
			continue
		}
		k := 0
		for n := range leaves(f.tree) {
			if k++; k%4 == i%4 && commented(t, rules, f, want, f.text, n) {
				cases++
			}
		}
	}
	if cases < 1000 {
		t.Errorf("only %d places for a comment", cases)
	}
}

// commented puts a comment behind a token of a text with the fixes given, and wants
// the same tokens of each. It is false where there can be no comment, or other fixes
// are offered then.
func commented(t testing.TB, rules *engine.Rules, f file, want []offered, content string, n tree.Node) bool {
	t.Helper()
	if strings.HasSuffix(n.Parent().Kind(), "_literal") || n.Kind() == "#" || n.Kind() == "!" {
		return false // within a literal there are no comments, and `#` and `!` begin something
	}
	with := content[:n.End()] + " /* c */ " + content[n.End():]
	if mistakes(parsed(t, with)) > 0 {
		return false
	}
	got := offers(t, rules, f, with)
	if len(got) != len(want) {
		return false
	}
	for i, g := range got {
		if w := want[i]; g.hint == w.hint && g.title == w.title && g.tokens != w.tokens {
			t.Errorf("%s: %q writes something else when there is a comment\n%s\n-- before --\n%s\n-- after --\n%s", g.hint, g.title, w.tokens, with, g.text)
		}
	}
	return true
}

// FuzzFixes: every fix leaves a text that parses no worse, and writes the same tokens
// when there is a comment somewhere. The texts are the course's own examples, varied,
// and whatever else parses; a text that does not is left to those who test the parser,
// because one character may there change any number of mistakes.
func FuzzFixes(f *testing.F) {
	l := library(f)
	rules, problems := engine.Compile(l)
	if len(problems) > 0 {
		f.Fatal(problems)
	}
	files := examples(f, l)
	for i := range files {
		f.Add(uint16(i), uint64(0), "")
	}
	f.Add(uint16(0), uint64(0), "fn main() { let x = unsafe { *p }; }\n")
	donor := donors(files)
	f.Fuzz(func(t *testing.T, number uint16, seed uint64, content string) {
		from := files[int(number)%len(files)]
		if content == "" {
			content = from.text
		}
		rnd := rand.New(rand.NewPCG(seed, uint64(number)))
		if seed != 0 {
			v := variation{rnd, t, donor}
			content = v.of(content)
		}
		tr := parsed(t, content)
		if mistakes(tr) > 0 || lenient(tr) {
			return
		}
		if fixesKeepTheText(t, rules, engine.Input{Path: from.path, Text: text.New([]byte(content)), Crate: from.crate}) == 0 || t.Failed() {
			return
		}
		all := slices.Collect(leaves(tr))
		commented(t, rules, from, offers(t, rules, from, content), content, all[rnd.IntN(len(all))])
	})
}
