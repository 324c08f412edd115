// Package allow reads the comments with which a learner silences hints.
//
//	// lectern: allow(hint-id): reason          on its own line: the code that follows
//	x.load(Relaxed); // lectern: allow(hint-id): reason      behind code: that line
//	// lectern: allow-file(hint-id): reason     anywhere: the whole file
//
// TOML has the same after "#". Several ids are separated by commas. The reason is
// asked for, but a comment without one silences too.
//
// On its own line the comment speaks of what follows it, with any attributes and
// other comments in between: an item (a function, a struct, an impl, a [table])
// is silenced whole; otherwise it is the next line of code, and when a statement,
// an argument, a field or the like begins there and goes on over more lines, the
// rest of it up to its first block. A finding is silenced when it starts there.
//
// Only the spelling allow-file reaches the whole file, so that a comment above the
// first item can mean that item. Doc comments are documentation: an allow in one
// does nothing but being reported.
//
// Reading is in two steps, so that the work of an edit is the work of what
// changed: Extract finds the comments of one unit, relative to it, and can be
// cached with the unit; Resolve, which may look anywhere, gives the few there are
// their place and scope in the document; Apply decides about the findings.
package allow

import (
	"lectern/analysis/text"
)

// ID is a hint id in a comment.
type ID struct {
	Name  string
	Range text.Range
}

// Fault is what keeps a comment that means to be an allow from being one.
type Fault struct {
	Range   text.Range
	Message string // plain text without a full stop
	Help    string // what to write instead, or ""
	Meant   string // what the text in Range was probably to be, or ""
}

// Comment is an allow comment. Its ranges are bytes: relative to the unit when it
// comes from Extract, absolute in the document when it is part of an Allow.
type Comment struct {
	Row    int        // of the comment in its unit
	Range  text.Range // of the comment, without the end of the line
	IDs    []ID       // in the order written, at least one unless there is a Fault
	Reason string     // "" when none is given
	File   bool       // spelled allow-file
	Fault  *Fault     // nil for a good comment; a comment with a fault silences nothing
}

// Reach says how a comment's scope was found.
type Reach uint8

const (
	// Line is the line that the comment ends.
	Line Reach = iota
	// Next is the code after the comment.
	Next
	// Item is the item after the comment, whole.
	Item
	// File is the whole file.
	File
)

// Allow is a comment at its place in a document. It is immutable.
type Allow struct {
	Comment
	Reach Reach
	Scope text.Range // absolute bytes; findings that start in it are silenced
}

func (c Comment) shift(n int) Comment {
	c.Range = c.Range.Shift(n)
	ids := make([]ID, len(c.IDs))
	for i, id := range c.IDs {
		ids[i] = ID{id.Name, id.Range.Shift(n)}
	}
	c.IDs = ids
	if c.Fault != nil {
		f := *c.Fault
		f.Range = f.Range.Shift(n)
		c.Fault = &f
	}
	return c
}
