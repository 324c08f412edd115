package syntax

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"lectern/analysis/text"
)

// A text is cut where a line of `----` stands, or of `--!-` if something is open there.
func TestCut(t *testing.T) {
	long := "    let text = \"so many bytes that a stretch may end behind it\";\n"
	fn := func(name, body string) string { return "fn " + name + "() {\n" + long + body + "}\n" }
	for name, marked := range map[string]string{
		"items":                        fn("a", "") + "----\n" + fn("b", "") + "----\n" + fn("c", ""),
		"what belongs to an item":      fn("a", "") + "----\n// c\n\n/// d\n#[e(\n    f\n)]\n" + fn("b", ""),
		"a comment that ends the line": "fn a() {\n" + long + "} // c\n----\n" + fn("b", ""),
		"a comment that is indented":   fn("a", "") + "  // c\n" + fn("b", "") + "----\n" + fn("c", ""),
		"an open brace":                fn("a", "if c {\n") + "--!-\n" + fn("b", "") + "----\n" + fn("c", ""),
		"a brace too many":             fn("a", "}\n") + "----\n" + fn("b", ""),
		"an open string":               fn("a", "let s = \"c;\n") + "--!-\n" + fn("b", "") + "----\n" + fn("c", ""),
		"an open raw string":           fn("a", "let s = r#\"c;\n") + "--!-\n" + fn("b", "") + "----\n" + fn("c", ""),
		"an open comment":              fn("a", "/* c\n") + "--!-\n" + fn("b", "") + "----\n" + fn("c", "/* d */\n"),
		"an open comment at the top":   "/*\n--!-\n" + fn("a", "") + "----\n" + fn("b", "") + "----\n" + fn("c", ""),
		"a module without indentation": "mod a {\n" + fn("b", "") + fn("c", "") + "}\n----\n" + fn("d", ""),
		"code in a raw string":         "const A: &str = r#\"\n" + fn("b", "") + fn("c", "") + "\"#;\n----\n" + fn("d", ""),
		"code in a comment":            fn("a", "") + "/*\n" + fn("b", "") + "*/\n" + fn("c", "") + "----\n" + fn("d", ""),
		"quotes and lifetimes":         fn("a", "let c = ('\"', '\\'', b'{', '{', \"\\\"\", 'd: 'e);\n") + "----\nfn b<'a>() {}\n",
		"an item of two lines":         "pub const A: fn() =\nunsafe {\n" + long + "};\n----\n" + fn("b", ""),
		"short items":                  "use a::b;\nuse c::d;\n----\nfn e() {\n" + long + "}\n----\n" + fn("f", ""),
		"an item that is begun":        "pub struct A {\n--!-\n/// d\n#[e]\n" + fn("b", "") + "----\nuse c::\n----\n" + fn("d", ""),
		"an item that does not end":    "use a::b\n----\n// c\n" + fn("d", "") + "----\nfn e(f: u8)\n----\n" + fn("g", "") + "----\nstatic H: u8 =\n----\npub " + fn("i", ""),
		"an item that goes on":         "pub(crate)\nfn a() {\n" + long + "}\n----\nextern \"C\"\nfn b() {\n" + long + "}\n----\ntype C<'d> = fn(&'d\n    u8) -> &'d\nfn(\n" + long + ");\n----\nconst E: F = 0..\nunsafe {\n" + long + "};\n----\n" + fn("g", ""),
		"comments on the file":         "//! a\n//! b\n\nfn d() {\n" + long + "/*\n}\n--!-\n" + fn("e", ""),
		"attributes of the file":       "//! a\n#![b]\n\n----\nfn d() {\n" + long + "/*\n}\n--!-\n" + fn("e", ""),
		"a comment above them":         "// a\n#![b]\n----\n" + fn("d", "") + "----\n" + fn("e", ""),
		"an item of one word":          "fn\n----\n" + fn("a", "") + "----\n" + fn("b", ""),
		"short items that are open":    "mod a {\nfn b() {\nfn c() {\n--!-\n" + fn("d", ""),
		"nothing":                      "",
	} {
		t.Run(name, func(t *testing.T) {
			plain := strings.NewReplacer("----\n", "", "--!-\n", "").Replace(marked)
			for _, content := range []string{plain, strings.ReplaceAll(plain, "\n", "\r\n")} {
				p := &Parse{Text: text.New([]byte(content)), lang: Rust()}
				list, end, _ := p.cut(0, 0, never)
				var b strings.Builder
				for i, s := range list {
					b.WriteString(content[s.start:s.end()])
					switch {
					case i == len(list)-1:
					case s.closed:
						b.WriteString("----\n")
					default:
						b.WriteString("--!-\n")
					}
				}
				if got := strings.ReplaceAll(b.String(), "\r\n", "\n"); got != marked || end != len(content) {
					t.Errorf("got\n%s\nwant\n%s", got, marked)
				}
			}
		})
	}
}

// A text that looks open where it is cut, and is whole, reads as what it is: a module
// without indentation, code in a string or in a comment that are longer than an end is
// looked for.
func TestCutWrongly(t *testing.T) {
	for _, around := range [][2]string{{"mod far {\n", "}\n"}, {"const FAR: &str = r#\"\n", "\"#;\n"}, {"/*\n", "*/\n"}} {
		first, last := around[0], around[1]
		var b strings.Builder
		b.WriteString(first)
		for i := range 1000 {
			fmt.Fprintf(&b, "fn f%d() { let long_enough_to_be_a_stretch_of_its_own = (%d, 'x'); }\n", i, i)
		}
		end := b.Len()
		b.WriteString(last + "fn last() { \"for the end\"; }\n")
		content := b.String()
		p := mustParse(t, []byte(content), Options{})
		if p.Tree.Root().HasError() || !p.uncut {
			t.Fatalf("%q: the text is not read as what it is", first)
		}
		middle := strings.Index(content, "fn f500") + len("fn f500() {")
		for _, e := range []text.Edit{
			{Start: middle, End: middle, New: " g("}, {Start: middle + 3, End: middle + 3, New: ");"}, // broken, and whole again
			{Start: middle, End: middle + 5}, {Start: 0, End: len(first)}, {New: first}, {Start: end, End: end + len(last)},
			{Start: end, End: end, New: last},
		} {
			next, _, err := p.Edit([]text.Edit{e})
			if err != nil {
				t.Fatal(err)
			}
			p = next
			compareFresh(t, p, fmt.Sprintf("%q: after %+v", first, e))
		}
		if p.Tree.Root().HasError() {
			t.Errorf("%q: the text is broken at the end", first)
		}
		p.Close()
	}
}

// What is opened for a moment casts no doubt on how the text is cut.
func TestOpenedIsNotDoubtful(t *testing.T) {
	fn := "fn f() {\n    let text = \"so many bytes that a stretch may end behind it\";\n}\n"
	for _, opened := range []string{"/*", "\"", "{", "fn g() {", "r#\"", "}", "(", ""} {
		p := &Parse{Text: text.New([]byte(fn + opened + "\n" + fn + fn)), lang: Rust()}
		if list, _, _ := p.cut(0, 0, never); doubtful(list) {
			t.Errorf("%q: doubtful: %+v", opened, list)
		}
	}
}

// Text that is open everywhere is cut in good time.
func TestCutIsBounded(t *testing.T) {
	for name, line := range map[string]string{
		"words": "fn\n", "braces": "fn a() {\n", "strings": "use \"\n", "comments": "use /*\n", "notes": "// a\n", "attributes": "#[\n",
		"items": "use a;\n", "spaces": "fn" + strings.Repeat(" ", 70) + "{\n",
		"short and long items": "fn\nfn" + strings.Repeat(" ", 62) + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			p := &Parse{Text: text.New([]byte(strings.Repeat(line, 1<<20/len(line)))), lang: Rust()}
			start := time.Now()
			list, end, _ := p.cut(0, 0, never)
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("it took %v", took)
			}
			if end != p.Text.Len() || len(list) > 2*p.Text.Len()/minStretch+1 {
				t.Errorf("got %d stretches up to %d, of %d bytes", len(list), end, p.Text.Len())
			}
		})
	}
}
