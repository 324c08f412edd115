package course

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// document is a Markdown file cut into what a hint file consists of. The cut is
// made by lines, as it is made for every hint at every start; a test holds it
// equal to goldmark's reading.
type document struct {
	front     string // front matter, without its rulers
	hasFront  bool
	frontOpen bool // the front matter has no end
	prose     []span
	fences    []fence
}

// span is a run of prose: bytes in the file and the line that it starts with.
type span struct {
	text string
	line int
	next int // number of the fence behind it
}

// fence is a fenced block at the document's top level.
type fence struct {
	info   string // behind the marks, trimmed
	text   string // without the fence's indentation
	line   int    // of the opening fence
	column int    // of info, from 1 in code points
	indent int
	open   bool // no end before the end of the file
	tilde  bool
}

// bodyLine is the line, from 1, of the first line of the fence's text.
func (f fence) bodyLine() int { return f.line + 1 }

// cut reads a Markdown file. Lines must end in "\n".
func cut(source string) document {
	var d document
	rest, line := source, 1
	if first, after, ok := strings.Cut(source, "\n"); ok && isRuler(first) {
		d.hasFront = true
		end, n := frontEnd(after)
		if end < 0 {
			d.frontOpen = true
			return d
		}
		d.front = after[:end]
		rest = after[end:]
		line = 2 + n
		_, rest, _ = strings.Cut(rest, "\n")
		line++
	}
	d.body(rest, line)
	return d
}

// isRuler reports the line that opens or closes front matter.
func isRuler(line string) bool { return strings.TrimRight(line, " \t") == "---" }

// frontEnd is the offset of the closing ruler and the number of lines before it,
// or -1.
func frontEnd(s string) (offset, lines int) {
	for at := 0; at < len(s); {
		end := strings.IndexByte(s[at:], '\n')
		if end < 0 {
			end = len(s) - at
		}
		if isRuler(s[at : at+end]) {
			return at, lines
		}
		at += end + 1
		lines++
	}
	return -1, lines
}

// body cuts what follows the front matter into prose and fences.
func (d *document) body(rest string, line int) {
	prose := span{text: rest, line: line}
	taken := 0 // bytes of prose.text that belong to it
	close := func() {
		prose.text = prose.text[:taken]
		prose.next = len(d.fences)
		if strings.TrimSpace(prose.text) != "" {
			d.prose = append(d.prose, prose)
		}
	}
	comment := false
	for rest != "" {
		text, after, _ := strings.Cut(rest, "\n")
		if comment || strings.HasPrefix(strings.TrimLeft(text, " "), "<!--") {
			comment = !strings.Contains(text, "-->")
			taken += len(rest) - len(after)
			rest, line = after, line+1
			continue
		}
		f, marks, ok := opening(text)
		if !ok {
			taken += len(rest) - len(after)
			rest, line = after, line+1
			continue
		}
		close()
		f.line = line
		rest, line = after, line+1
		rest, line = f.read(rest, line, marks)
		d.fences = append(d.fences, f)
		prose, taken = span{text: rest, line: line}, 0
	}
	close()
}

// opening reads a line as the start of a fenced block; marks is its run of
// backquotes or tildes.
func opening(text string) (f fence, marks string, ok bool) {
	inner := strings.TrimLeft(text, " ")
	f.indent = len(text) - len(inner)
	if f.indent > 3 || len(inner) < 3 || inner[0] != '`' && inner[0] != '~' {
		return f, "", false
	}
	n := len(inner) - len(strings.TrimLeft(inner, inner[:1]))
	if n < 3 {
		return f, "", false
	}
	marks = inner[:n]
	f.tilde = inner[0] == '~'
	info := strings.TrimLeft(inner[n:], " \t")
	f.column = utf8.RuneCountInString(text[:len(text)-len(info)]) + 1
	f.info = strings.TrimRight(info, " \t")
	return f, marks, f.tilde || !strings.Contains(f.info, "`") || f.meant()
}

// meant reports a first line that Markdown takes for code in a line of text,
// since it has a backquote, but that its author surely means as a fence of ours.
func (f fence) meant() bool {
	word, rest, _ := strings.Cut(f.info, " ")
	return (word == "rust" || word == "toml" || word == "query") && strings.Contains(rest, "=\"")
}

// read takes the fence's lines off rest.
func (f *fence) read(rest string, line int, marks string) (string, int) {
	whole := rest
	var stripped strings.Builder
	for rest != "" {
		text, after, _ := strings.Cut(rest, "\n")
		inner := strings.TrimLeft(text, " ")
		if len(text)-len(inner) <= 3 && strings.HasPrefix(inner, marks) && strings.Trim(inner, marks[:1]+" \t") == "" &&
			!strings.Contains(strings.TrimRight(inner, " \t"), " ") {
			if f.indent == 0 {
				f.text = whole[:len(whole)-len(rest)]
			} else {
				f.text = stripped.String()
			}
			return after, line + 1
		}
		if f.indent > 0 {
			stripped.WriteString(text[min(f.indent, len(text)-len(inner)):])
			stripped.WriteByte('\n')
		}
		rest, line = after, line+1
	}
	f.open = true
	f.text = whole
	if f.indent > 0 {
		f.text = stripped.String()
	}
	return "", line
}

// attribute is a word of a fence's info string, or a word with a value.
type attribute struct {
	key    string
	value  string
	hasVal bool
	column int // from 1 in code points, in the line
}

// attributes cuts an info string: words with or without a value, apart by spaces
// or commas. The second result is a column with a broken quote, or 0.
func (f fence) attributes() (words []attribute, broken int) {
	s := f.info
	for i := 0; i < len(s); {
		if s[i] == ' ' || s[i] == '\t' || s[i] == ',' {
			i++
			continue
		}
		w := attribute{column: f.column + utf8.RuneCountInString(s[:i])}
		start := i
		for i < len(s) && !strings.ContainsRune(" \t,=", rune(s[i])) {
			i++
		}
		w.key = s[start:i]
		if i < len(s) && s[i] == '=' {
			w.hasVal = true
			i++
			var ok bool
			if w.value, i, ok = infoValue(s, i); !ok {
				return words, w.column
			}
		}
		words = append(words, w)
	}
	return words, 0
}

// infoValue reads a value at s[i:], in quotes or up to the next space.
func infoValue(s string, i int) (value string, next int, ok bool) {
	if i < len(s) && s[i] == '"' {
		var b strings.Builder
		for i++; i < len(s); i++ {
			switch {
			case s[i] == '"':
				return b.String(), i + 1, true
			case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
				i++
			}
			b.WriteByte(s[i])
		}
		return "", i, false
	}
	start := i
	for i < len(s) && !strings.ContainsRune(" \t,", rune(s[i])) {
		i++
	}
	return s[start:i], i, true
}

// lead is the first paragraph of the prose; "" when it does not start with one.
func (d *document) lead() string {
	if len(d.prose) == 0 {
		return ""
	}
	text := strings.TrimLeft(d.prose[0].text, " \t\n")
	if strings.HasPrefix(text, "#") || d.prose[0].next > 0 {
		return ""
	}
	end := len(text)
	for at, line := 0, ""; at < len(text); at += len(line) + 1 {
		line, _, _ = strings.Cut(text[at:], "\n")
		if inner := strings.TrimSpace(line); inner == "" || at > 0 && strings.HasPrefix(inner, "#") {
			end = at
			break
		}
	}
	return strings.TrimSpace(text[:end])
}

// Code is a fenced block of a lesson.
type Code struct {
	Language string   // "rust", "toml", "sh"; "" when none is named
	Words    []string // the other words of the fence's first line: "ignore", "edition2021"
	Text     string
	Line     int // of the first line of Text in the file, from 1
	Indent   int // bytes that were taken from the start of each line
}

// Has reports a word of the fence's first line.
func (c Code) Has(word string) bool { return slices.Contains(c.Words, word) }

// Code is the fenced blocks of the lesson, in order.
func (s *Section) Code() []Code {
	var d document
	d.body(string(s.Body), 1)
	var out []Code
	for _, f := range d.fences {
		words, _ := f.attributes()
		code := Code{Text: f.text, Line: f.bodyLine(), Indent: f.indent}
		for i, w := range words {
			if i == 0 {
				code.Language = w.key
			} else {
				code.Words = append(code.Words, w.key)
			}
		}
		out = append(out, code)
	}
	return out
}
