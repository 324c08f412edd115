// Package rust is what Lectern knows about Rust beyond syntax: what a path
// names, which type an expression was declared with, which attributes and
// comments belong to an item, what is unsafe, and what the crate says of itself.
// Queries ask through the predicates that Predicates returns.
//
// # Facts of a file
//
// A Context holds what the items of one file declare to each other: imports,
// names, types, inner attributes, each under the module it stands in. It is fed
// unit by unit. Grammar.Summarize makes a Summary of one unit from that unit's
// rows alone; PlaceOf says in which module the unit stands; the pair is a Placed.
//
//	g := rust.NewGrammar(lang)            // once per process; immutable
//	ctx := rust.NewContext(g)
//	ctx.Update(nil, placed)               // all units of the file
//	...
//	changes := ctx.Update(old, new)       // after an edit: the units that went and came
//
// Update costs what changed. It returns the names whose meaning may have changed;
// an edit inside a function body changes none.
//
// # What a result depends on
//
// Predicates find the facts as *Facts in query.Context. While they run they
// write the names that they looked up to the Recorder. Taken after one unit was
// checked, the Record is that unit's dependency on the rest of the file:
// Changes.Affect tells whether the unit must be checked again. Two more things
// lead to a new check and are for the caller to see: the unit itself is new, or
// its Place is another one than before. What a predicate reads by walking over a
// border between units is reported by tree.Watch, not here.
//
// # Unknown facts
//
// Every predicate holds only where it is known to hold, and its not- form holds
// everywhere else: `#not-type?` is true of an expression whose type the file does
// not say, which `#type? @x "_"` tells apart. Facts of the crate are the
// exception: where one is unknown (no Cargo.toml, a dependency without a version),
// neither `#edition?` and `#dependency?` nor their not- forms hold. A file without
// a Cargo.toml is its own crate root.
//
// What a name means is decided by this file alone. A name that is imported from
// another file of the crate is that file's, never std's. A name of the prelude is
// std's unless the file declares or imports it; a glob import of another crate
// leaves the prelude's macros and Result, Ok, Err, Vec and String open, since
// crates are known that replace these.
package rust
