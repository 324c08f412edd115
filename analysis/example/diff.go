package example

import (
	"strings"

	"lectern/analysis/text"
)

// around is how many equal lines a diff shows around what differs.
const around = 2

// diff writes two texts as one: lines of want alone start with "-", lines of got
// alone with "+".
func diff(want, got string) string {
	lines := splitLines(want)
	var out []string // with their first character
	at, line := 0, 0
	for _, e := range text.DiffLines([]byte(want), []byte(got)) {
		for at < e.Start && line < len(lines) {
			out = append(out, " "+lines[line])
			at += len(lines[line])
			line++
		}
		for at < e.End && line < len(lines) {
			out = append(out, "-"+lines[line])
			at += len(lines[line])
			line++
		}
		for _, added := range splitLines(e.New) {
			out = append(out, "+"+added)
		}
	}
	for ; line < len(lines); line++ {
		out = append(out, " "+lines[line])
	}
	return shorten(out)
}

func splitLines(s string) []string {
	var out []string
	for line := range strings.Lines(s) {
		out = append(out, line)
	}
	return out
}

// shorten leaves out equal lines that are far from any difference.
func shorten(lines []string) string {
	keep := make([]bool, len(lines))
	for i, line := range lines {
		if line[0] == ' ' {
			continue
		}
		for j := max(0, i-around); j <= min(len(lines)-1, i+around); j++ {
			keep[j] = true
		}
	}
	var b strings.Builder
	gap := false
	for i, line := range lines {
		if !keep[i] {
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteString("...\n")
		}
		gap = false
		b.WriteString(line)
		if !strings.HasSuffix(line, "\n") {
			b.WriteString("\n\\ no line end\n")
		}
	}
	return b.String()
}
