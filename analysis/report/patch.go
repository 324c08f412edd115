package report

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"

	"lectern/analysis/text"
)

// around is how many equal lines a patch shows around what differs.
const around = 3

// Patch is a unified diff from one text of a file to another, as `git apply` takes
// it.
func Patch(path string, before, after []byte) []byte {
	edits := text.DiffLines(before, after)
	if len(edits) == 0 {
		return nil
	}
	name := strings.TrimPrefix(filepath.ToSlash(path), "/")
	var b bytes.Buffer
	fmt.Fprintf(&b, "--- %s\n+++ %s\n", patchName("a/"+name), patchName("b/"+name))
	lines := bytes.SplitAfter(before, []byte{'\n'})
	if len(lines[len(lines)-1]) == 0 {
		lines = lines[:len(lines)-1]
	}

	// changes are the edits in lines of the text before.
	type change struct {
		start, end int
		with       [][]byte
	}
	var changes []change
	line, at := 0, 0
	for _, e := range edits {
		c := change{}
		for ; at < e.Start; line++ {
			at += len(lines[line])
		}
		c.start = line
		for ; at < e.End; line++ {
			at += len(lines[line])
		}
		c.end = line
		if e.New != "" {
			c.with = bytes.SplitAfter([]byte(e.New), []byte{'\n'})
			if last := len(c.with) - 1; len(c.with[last]) == 0 {
				c.with = c.with[:last]
			}
		}
		changes = append(changes, c)
	}

	shift := 0 // lines that the text after has more, so far
	for len(changes) > 0 {
		n := 1
		for n < len(changes) && changes[n].start-changes[n-1].end <= 2*around {
			n++
		}
		hunk := changes[:n]
		changes = changes[n:]
		from, to := max(0, hunk[0].start-around), min(len(lines), hunk[n-1].end+around)
		var body bytes.Buffer
		put := func(sign byte, line []byte) {
			body.WriteByte(sign)
			body.Write(line)
			if !bytes.HasSuffix(line, []byte{'\n'}) {
				body.WriteString("\n\\ No newline at end of file\n")
			}
		}
		more, line := 0, from
		for _, c := range hunk {
			for ; line < c.start; line++ {
				put(' ', lines[line])
			}
			for ; line < c.end; line++ {
				put('-', lines[line])
			}
			for _, added := range c.with {
				put('+', added)
			}
			more += len(c.with) - (c.end - c.start)
		}
		for ; line < to; line++ {
			put(' ', lines[line])
		}
		fmt.Fprintf(&b, "@@ -%s +%s @@\n", span(from, to-from), span(from+shift, to-from+more))
		b.Write(body.Bytes())
		shift += more
	}
	return b.Bytes()
}

// span is a place in a hunk's head: the first line from 1, and how many. Of no
// lines, it names the line before.
func span(start, n int) string {
	if n == 0 {
		return fmt.Sprintf("%d,0", start)
	}
	return fmt.Sprintf("%d,%d", start+1, n)
}

// patchName writes a name as git does: quoted where a character would be taken for
// something else, and with a tab behind one with spaces.
func patchName(name string) string {
	var b strings.Builder
	quoted := false
	for i := range len(name) {
		switch c := name[i]; {
		case c == '"' || c == '\\':
			quoted = true
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c == 0x7f:
			quoted = true
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteByte(c)
		}
	}
	switch {
	case quoted:
		return `"` + b.String() + `"`
	case strings.Contains(name, " "):
		return name + "\t"
	}
	return name
}
