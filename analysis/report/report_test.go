package report

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"lectern/analysis/finding"
	"lectern/analysis/text"
)

// read makes a File of a source in which «...» marks the finding and ‹...› the
// place that it is related to, and of a description:
//
//	pitfall warning hint-id: message
//	related: message
//	fix: title
//	...
func read(t *testing.T, path, source, about string) File {
	t.Helper()
	source = strings.NewReplacer(`\t`, "\t", `\e`, "\x1b", `\r`, "\r", `\xff`, "\xff", `\u202e`, "\u202e", `\ufeff`, "\ufeff").Replace(source)
	var content strings.Builder
	var main, other text.Range
	for _, r := range source {
		switch r {
		case '«':
			main.Start = content.Len()
		case '»':
			main.End = content.Len()
		case '‹':
			other.Start = content.Len()
		case '›':
			other.End = content.Len()
		default:
			if r == '\ufffd' {
				content.WriteByte(0xff)
				continue
			}
			content.WriteRune(r)
		}
	}
	f := File{Path: path, Text: text.New([]byte(content.String()))}
	it := Item{Range: main}
	for line := range strings.Lines(strings.TrimSpace(about)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		value = strings.ReplaceAll(value, `\e`, "\x1b")
		switch key {
		case "related":
			it.Related = append(it.Related, finding.Related{Range: other, Message: value})
		case "fix":
			it.Fixes = append(it.Fixes, Fix{Title: value, Applicability: finding.MachineApplicable})
		case "maybe":
			it.Fixes = append(it.Fixes, Fix{Title: value, Applicability: finding.MaybeIncorrect})
		case "help":
			it.Help = value
		case "lesson":
			it.Course, it.Section = "rust", value
		case "url":
			it.URL = value
		case "hidden":
			it.Hidden = true
		default:
			words := strings.Fields(key)
			if len(words) != 3 {
				t.Fatalf("cannot read %q", line)
			}
			it.Kind, it.Hint, it.Message = words[0], words[2], value
			it.Severity, _ = finding.ParseSeverity(words[1])
		}
	}
	f.Items = []Item{it}
	return f
}

var lessons = []Lesson{{"rust", "unsafe/blocks", "Unsafe blocks", ""}, {"rust", "lock-free/orderings", "Orderings", "https://example.org/o.html"}, {"other", "unsafe/blocks", "Another", ""}}

func TestText(t *testing.T) {
	files, err := filepath.Glob("testdata/text/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test data: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			options := TextOptions{Width: 80, Lessons: lessons, Color: strings.Contains(string(archive.Comment), "in color")}
			w := NewText(&out, options)
			want := ""
			for i := 0; i < len(archive.Files); i++ {
				f := archive.Files[i]
				if f.Name == "want" {
					want = string(f.Data)
					continue
				}
				i++
				w.File(read(t, f.Name, string(f.Data), string(archive.Files[i].Data)))
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			got := strings.ReplaceAll(out.String(), "\x1b", `\e`)
			if got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestLongLines(t *testing.T) {
	const width = 60
	tests := []struct {
		name             string
		before, at, rest int // letters before the mark, in it, and after it
		wide             bool
	}{
		{"at the start", 0, 5, 500, false},
		{"in the middle", 300, 5, 300, false},
		{"at the end", 500, 5, 0, false},
		{"longer than the window", 100, 200, 100, false},
		{"wide letters", 300, 5, 300, true},
		{"a line of a megabyte", 500_000, 5, 500_000, false},
		{"a mark of a megabyte", 10, 500_000, 10, true},
	}
	for _, test := range tests {
		x, y := "x", "y"
		if test.wide {
			x, y = "語", "漢"
		}
		line := strings.Repeat(x, test.before) + strings.Repeat(y, test.at) + strings.Repeat(x, test.rest)
		start := test.before * len(x)
		f := File{Path: "a.rs", Text: text.New([]byte(line)), Items: []Item{
			{Kind: "pitfall", Severity: finding.Warning, Hint: "h", Message: "m", Range: text.Range{Start: start, End: start + test.at*len(y)}},
		}}
		var out bytes.Buffer
		w := NewText(&out, TextOptions{Width: width})
		w.File(f)
		lines := strings.Split(out.String(), "\n")
		source, under := strings.TrimPrefix(lines[3], "1 | "), strings.TrimPrefix(lines[4], "  | ")
		if n := len([]rune(source)); n > width+len("...  ...") {
			t.Errorf("%s: %d letters are shown", test.name, n)
		}
		// Read off what stands above the carets: the marked letters and no others.
		column, above := 0, ""
		for _, r := range source {
			if column < len(under) && under[column] == '^' {
				above += string(r)
			}
			column++
			if r > 0x1000 {
				column++
			}
		}
		if above == "" || strings.Trim(above, y) != "" || test.at == 5 && above != strings.Repeat(y, 5) {
			t.Errorf("%s: the carets stand under %q in\n%s\n%s", test.name, above, source, under)
		}
		if (test.before > 250) != strings.HasPrefix(source, "... ") && test.at == 5 {
			t.Errorf("%s: the cut on the left is not told in %q", test.name, source)
		}
	}
}

func TestJSONL(t *testing.T) {
	var out bytes.Buffer
	j := NewJSONL(&out)
	f := read(t, filepath.FromSlash("src/<main>.rs"), "fn é() { «😀\n é» }\n", "pitfall error bad-thing: `a` & b < c\nfix: Mend it\nmaybe: Or so\nlesson: unsafe/blocks\nurl: https://example.org/?a=1&b=2")
	f.Items[0].Lints = []string{"clippy::x"}
	f.Items = append(f.Items, Item{Kind: "allow", Hint: "allow-unused", Severity: finding.Hint}, Item{Hidden: true})
	j.File(f)
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	want := `{"path":"src/<main>.rs","startLine":1,"startColumn":10,"endLine":2,"endColumn":3,"hint":"bad-thing","kind":"pitfall","severity":"error",` +
		"\"message\":\"`a` & b < c\"," + `"course":"rust","section":"unsafe/blocks","url":"https://example.org/?a=1&b=2","lints":["clippy::x"],` +
		`"fixes":[{"title":"Mend it","applicability":"machine-applicable"},{"title":"Or so","applicability":"maybe-incorrect"}]}` + "\n" +
		`{"path":"src/<main>.rs","startLine":1,"startColumn":1,"endLine":1,"endColumn":1,"hint":"allow-unused","kind":"allow","severity":"hint",` +
		`"message":"","course":"","section":"","url":"","lints":[],"fixes":[]}` + "\n"
	if got := out.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

type full struct{ room int }

var errFull = errors.New("full")

func (f *full) Write(p []byte) (int, error) {
	if f.room -= len(p); f.room < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestWritersKeepTheFirstError(t *testing.T) {
	f := read(t, "a.rs", "«x»\n", "pitfall warning h: m")
	w := NewText(&full{10}, TextOptions{})
	w.File(f)
	if err := w.Close(); !errors.Is(err, errFull) {
		t.Errorf("text: got %v, want the writer's error", err)
	}
	j := NewJSONL(&full{10})
	j.File(f)
	if err := j.Close(); !errors.Is(err, errFull) {
		t.Errorf("jsonl: got %v, want the writer's error", err)
	}
}

func FuzzText(f *testing.F) {
	f.Add([]byte("a\tb\n\xff😀\u202e\r\n"), 1, 4, 2, 9)
	f.Fuzz(func(t *testing.T, content []byte, a, b, c, d int) {
		src := text.New(content)
		in := func(i int) int { return max(0, min(i, src.Len())) }
		r := text.Range{Start: min(in(a), in(b)), End: max(in(a), in(b))}
		s := text.Range{Start: min(in(c), in(d)), End: max(in(c), in(d))}
		var out bytes.Buffer
		w := NewText(&out, TextOptions{Width: 20})
		w.File(File{Path: "a.rs", Text: src, Items: []Item{{Kind: "pitfall", Range: r, Severity: finding.Error, Related: []finding.Related{{Range: s, Message: "m"}}}}})
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(out.Bytes(), []byte("^")) {
			t.Fatalf("nothing is underlined in\n%s", out.Bytes())
		}
		for _, r := range out.String() {
			if r < 0x20 && r != '\n' || r == '\u202e' {
				t.Fatalf("%U is written", r)
			}
		}
	})
}
