package allow

import (
	"bytes"
	"strings"

	"lectern/analysis/problem"
	"lectern/analysis/text"
	"lectern/analysis/tree"
)

// Fix is the edit that mends what a Note is about, with its title. It is false
// where there is nothing sure to do. sure says that the edit may be made unseen.
// hints gives the ids of all hints.
func (u Use) Fix(n Note, src tree.Source, hints func() []string) (title string, edits []text.Edit, sure, ok bool) {
	switch n.Kind {
	case UnknownID:
		meant, near := problem.Nearest(n.ID, hints())
		if !near {
			return "Remove `" + n.ID + "` from the allow", u.without(n.Range, src), false, true
		}
		return "Replace with `" + meant + "`", []text.Edit{{Start: n.Range.Start, End: n.Range.End, New: meant}}, false, true
	case Unused:
		if len(u.IDs) == 1 {
			return "Remove the allow", u.without(n.Range, src), true, true
		}
		return "Remove `" + n.ID + "` from the allow", u.without(n.Range, src), true, true
	}
	return "", nil, false, false
}

// without takes an id out of the comment; with the last one the comment goes, and
// its line if nothing else stands there.
func (u Use) without(id text.Range, src tree.Source) []text.Edit {
	if len(u.IDs) == 1 {
		start, end := u.Range.Start, u.Range.End
		from, to := lineStart(src, start), lineEnd(src, end)
		before, behind := src.Slice(from, start), src.Slice(end, to)
		if len(bytes.TrimSpace(before)) == 0 && len(bytes.TrimSpace(behind)) == 0 {
			next := min(to+len(lineEnding(src, to)), src.Len())
			return []text.Edit{{Start: from, End: next}}
		}
		return []text.Edit{{Start: from + len(bytes.TrimRight(before, " \t")), End: end}}
	}
	for i, other := range u.IDs {
		if other.Range != id {
			continue
		}
		if i > 0 {
			return []text.Edit{{Start: u.IDs[i-1].Range.End, End: id.End}}
		}
		return []text.Edit{{Start: id.Start, End: u.IDs[1].Range.Start}}
	}
	return nil
}

// Place says where in an allow comment a position is.
type Place struct {
	Word  text.Range // what is written there already, counted from the line's start
	List  bool       // among hint ids; otherwise where allow or allow-file is to be
	IDs   []string   // the other ids of the list
	Close bool       // the list has no closing bracket behind the position
}

// PlaceIn finds out whether byte at of a line, given without its end, is in an
// allow comment, whole or in the making.
func PlaceIn(line []byte, at int) (Place, bool) {
	head := line[:at]
	i := bytes.LastIndex(head, []byte(Mark))
	if i < 0 || !opens(bytes.TrimRight(head[:i], " \t")) {
		return Place{}, false
	}
	rest := string(head[i+len(Mark):])
	word := strings.TrimLeft(rest, " \t")
	open := strings.IndexByte(word, '(')
	if open < 0 {
		if strings.Trim(word, "abcdefghijklmnopqrstuvwxyz-") != "" {
			return Place{}, false
		}
		return Place{Word: text.Range{Start: at - len(word), End: wordEnd(line, at)}}, true
	}
	if called := strings.TrimSpace(word[:open]); called != one && called != file || strings.Contains(word, ")") {
		return Place{}, false
	}
	start := at - len(word) + open + 1 // behind the bracket
	p := Place{List: true}
	list, tail := line[start:], ""
	if closing := bytes.IndexByte(list, ')'); closing >= 0 {
		list, tail = list[:closing], ")"
	}
	p.Close = tail == ""
	from := start
	if comma := strings.LastIndexByte(string(line[start:at]), ','); comma >= 0 {
		from = start + comma + 1
	}
	for from < at && (line[from] == ' ' || line[from] == '\t') {
		from++
	}
	p.Word = text.Range{Start: from, End: wordEnd(line, at)}
	for _, id := range ids(line, start, start+len(list)) {
		if id.Range.Start != from {
			p.IDs = append(p.IDs, id.Name)
		}
	}
	return p, true
}

// opens reports that a comment that is no documentation begins at the end of b.
func opens(b []byte) bool {
	switch {
	case bytes.HasSuffix(b, []byte("///")):
		return false
	case bytes.HasSuffix(b, []byte("//")), bytes.HasSuffix(b, []byte("/*")), bytes.HasSuffix(b, []byte("#")):
		return true
	}
	return false
}

func wordEnd(line []byte, at int) int {
	for at < len(line) && isWord(line[at]) {
		at++
	}
	return at
}
