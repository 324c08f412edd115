package allow

import (
	"lectern/analysis/finding"
	"lectern/analysis/problem"
	"lectern/analysis/text"
)

// State is what is known about a hint id.
type State uint8

const (
	// Unknown: no course has such a hint.
	Unknown State = iota
	// Inactive: the hint exists but did not run (switched off, a later chapter, its
	// query is broken), so nobody can say whether the comment is needed.
	Inactive
	// Active: the hint ran.
	Active
)

// Use is an allow comment with what came of it. It is immutable.
type Use struct {
	Allow
	ByID []IDUse // one for each of IDs
}

// IDUse is what came of one id of a comment.
type IDUse struct {
	State    State
	Silenced int               // findings of this hint that the comment silenced
	Findings []finding.Finding // they themselves, in source order
}

// Silence says which findings, given in source order, comments silence, and gives one
// Use for each comment. A finding that several comments cover is silenced by the one
// with the smallest scope, and of equal ones by the last, so that the others can be
// seen to be superfluous.
func Silence(allows []Allow, findings []finding.Finding, state func(id string) State) (silenced []bool, uses []Use) {
	uses = make([]Use, len(allows))
	type place struct{ allow, id int }
	byName := map[string][]place{}
	for i, a := range allows {
		uses[i] = Use{Allow: a, ByID: make([]IDUse, len(a.IDs))}
		for j, id := range a.IDs {
			uses[i].ByID[j].State = state(id.Name)
			byName[id.Name] = append(byName[id.Name], place{i, j})
		}
	}
	silenced = make([]bool, len(findings))
	for i, f := range findings {
		best := place{-1, 0}
		for _, p := range byName[f.Hint] {
			scope := allows[p.allow].Scope
			if scope.Contains(f.Range.Start) && (best.allow < 0 || scope.Len() <= allows[best.allow].Scope.Len()) {
				best = p
			}
		}
		if best.allow < 0 {
			continue
		}
		silenced[i] = true
		use := &uses[best.allow].ByID[best.id]
		use.Silenced++
		use.Findings = append(use.Findings, f)
	}
	return silenced, uses
}

// NoteKind says what a Note is about.
type NoteKind uint8

const (
	// Malformed: the comment could not be read, and silences nothing.
	Malformed NoteKind = iota
	// UnknownID: no hint has that id.
	UnknownID
	// Unused: the hint reports nothing there.
	Unused
	// Reasonless: the comment works, but says no reason.
	Reasonless
)

// String is the word for a kind of note, fit for a diagnostic's code.
func (k NoteKind) String() string {
	return [...]string{"allow-malformed", "allow-unknown", "allow-unused", "allow-without-reason"}[k&3]
}

// Note is something to tell the author of an allow comment.
type Note struct {
	Kind    NoteKind
	Range   text.Range // absolute bytes: the whole comment, or the id
	Message string     // plain text without a full stop
	Help    string     // what to try, or ""
	ID      string     // the hint id it is about, or ""
}

// Notes lists what is wrong with the comment, in source order. hints gives the
// ids of all hints, to suggest the one that was meant; it is called only when an
// id is unknown.
func (u Use) Notes(hints func() []string) []Note {
	if u.Fault != nil {
		return []Note{{Malformed, u.Fault.Range, u.Fault.Message, u.Fault.Help, ""}}
	}
	var notes []Note
	if u.Reason == "" {
		notes = append(notes, Note{Reasonless, u.Range, "this allow gives no reason",
			"say why after a colon: `" + spelling + "`", ""})
	}
	for i, id := range u.IDs {
		switch use := u.ByID[i]; {
		case use.State == Unknown:
			n := Note{UnknownID, id.Range, "there is no hint `" + id.Name + "`", "", id.Name}
			if meant, ok := problem.Nearest(id.Name, hints()); ok {
				n.Help = "did you mean `" + meant + "`?"
			}
			notes = append(notes, n)
		case use.State == Active && use.Silenced == 0:
			notes = append(notes, Note{Unused, id.Range, "`" + id.Name + "` reports nothing here",
				"remove it from the allow", id.Name})
		}
	}
	return notes
}
