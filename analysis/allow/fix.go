package allow

import (
	"bytes"
	"strings"

	"lectern/analysis/finding"
	"lectern/analysis/problem"
	"lectern/analysis/text"
	"lectern/analysis/tree"
)

// Fix mends what a Note is about; false where nobody can say how. hints gives the
// ids of all hints.
//
// A comment that silences nothing may go unseen. What a misspelled word was to be
// is a guess. A reason is the author's to write: the fix makes room for it.
func (u Use) Fix(n Note, src tree.Source, hints func() []string) (finding.Fix, bool) {
	switch n.Kind {
	case Malformed:
		if u.Fault.Meant == "" {
			return finding.Fix{}, false
		}
		return replace(n.Range, u.Fault.Meant), true
	case UnknownID:
		if meant, near := problem.Nearest(n.ID, hints()); near {
			return replace(n.Range, meant), true
		}
		return finding.Fix{
			Title: "Remove `" + n.ID + "` from the allow", Applicability: finding.MaybeIncorrect, Edits: u.without(n.Range, src),
		}, true
	case Unused:
		title := "Remove the allow"
		if len(u.IDs) > 1 {
			title = "Remove `" + n.ID + "` from the allow"
		}
		return finding.Fix{Title: title, Applicability: finding.MachineApplicable, Edits: u.without(n.Range, src)}, true
	case Reasonless:
		at, ok := u.forReason(src)
		return finding.Fix{Title: "Write a reason", Applicability: finding.HasPlaceholders, Edits: []text.Edit{at}}, ok
	}
	return finding.Fix{}, false
}

func replace(r text.Range, meant string) finding.Fix {
	return finding.Fix{
		Title: "Replace with `" + meant + "`", Applicability: finding.MaybeIncorrect, Edits: []text.Edit{{Start: r.Start, End: r.End, New: meant}},
	}
}

// forReason puts the colon behind the list of ids that the reason is to follow;
// false when it is there.
func (u Use) forReason(src tree.Source) (text.Edit, bool) {
	last := u.IDs[len(u.IDs)-1].Range.End
	behind := src.Slice(last, u.Range.End)
	closing := bytes.IndexByte(behind, ')') + 1
	if rest := bytes.TrimLeft(behind[closing:], " \t\r\n"); bytes.HasPrefix(rest, []byte(":")) {
		return text.Edit{}, false
	}
	colon := ": "
	if closing < len(behind) && behind[closing] == ' ' {
		colon = ":"
	}
	return text.Edit{Start: last + closing, End: last + closing, New: colon}, true
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
