package rust_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"lectern/analysis/query"
	"lectern/analysis/rust"
	"lectern/analysis/syntax"
	"lectern/analysis/tree"
)

// vocabulary are items that declare, hide, import and use the same few names.
var vocabulary = []string{
	"use std::sync::atomic::Ordering;",
	"use std::sync::atomic::Ordering::{self, *};",
	"use std::sync::atomic::*;",
	"use std::cmp::Ordering;",
	"use std::cell::Cell as AtomicUsize;",
	"use m::*;",
	"use m::Ordering;",
	"use self::n::{Ordering, X};",
	"use defmt::*;",
	"use defmt::println;",
	"extern crate core as m;",
	"enum Ordering { Relaxed }",
	"enum Ordering { SeqCst }",
	"struct AtomicUsize;",
	"type AtomicUsize = std::sync::atomic::AtomicUsize;",
	"static X: AtomicUsize = a;",
	"static X: std::sync::atomic::AtomicUsize = a;",
	"static mut X: Cell<u8> = a;",
	"struct S { x: std::sync::atomic::AtomicUsize }",
	"struct S { x: u8 }",
	"struct S { x: T }",
	"struct T { x: std::sync::atomic::AtomicUsize }",
	"impl S { fn f(&self) { self.x.hit(); self.x.x.hit(); Self::new(); h(Ordering::Relaxed) } }",
	"fn f(s: &S) { h(Ordering::Relaxed); h(Relaxed); X.hit(); s.x.hit(); println!(); vec![Ordering::Relaxed]; }",
	"fn g() { use m::Ordering; h(Ordering::Relaxed); h(m::Ordering::Relaxed); h(n::X); m::X.hit(); n::X.hit(); }",
	"fn println() {}",
	"macro_rules! println { () => {} }",
	"#[macro_use] mod k { macro_rules! println { () => {} } }",
	"mod k { macro_rules! println { () => {} } fn f() { println!(); } }",
	"mod m { pub use std::sync::atomic::Ordering; pub static X: AtomicUsize = a; fn f() { X.hit(); println!(); } }",
	"mod m { pub use super::n::*; fn f() { h(Ordering::Relaxed); X.hit(); } }",
	"mod n { pub use super::*; fn f() { h(Ordering::Relaxed); X.hit(); println!(); } mod o { use super::super::*; fn f() { h(Ordering::Relaxed); println!(); } } }",
	"#[allow(lint)] mod n { pub enum Ordering { Relaxed } fn f() { h(Ordering::Relaxed); } }",
	"mod n { #![warn(lint)] pub static X: std::sync::atomic::AtomicUsize = a; fn f() { h(X) } }",
	"#![allow(lint)]",
	"#![no_std]",
	"trait R { fn f() { h(Ordering::Relaxed); println!(); } }",
	`extern "C" { static X: std::sync::atomic::AtomicUsize; }`,
}

// questions are queries whose answers depend on the rest of the file.
var questions = []string{
	`((scoped_identifier) @m (#path? @m "std::sync::atomic::Ordering::Relaxed"))`,
	`((identifier) @m (#path? @m "std::sync::atomic::Ordering::Relaxed"))`,
	`((macro_invocation) @m (#path? @m "std::println"))`,
	`((field_expression value: (_) @m) (#type? @m "std::sync::atomic::AtomicUsize"))`,
	`((identifier) @m (#item? @m "static mut"))`,
	`((call_expression) @m (#lint-allowed? @m "lint"))`,
	`((call_expression) @m (#crate-attribute? "no_std"))`,
	`((call_expression) @m (#path? @m "std::sync::atomic::Ordering::Relaxed"))`,
}

func randomItems(r *rand.Rand) []string {
	items := make([]string, 3+r.IntN(8))
	for i := range items {
		items[i] = vocabulary[r.IntN(len(vocabulary))]
	}
	return items
}

func change(r *rand.Rand, items []string) []string {
	next := slices.Clone(items)
	for range 1 + r.IntN(2) {
		next[r.IntN(len(next))] = vocabulary[r.IntN(len(vocabulary))]
	}
	return next
}

// TestUpdateEqualsFresh replaces items at random: the Context that was updated
// holds what one made anew does.
func TestUpdateEqualsFresh(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 1))
		g := rust.NewGrammar(syntax.Rust().Tree)
		ctx := rust.NewContext(g)
		items := randomItems(r)
		old := placedOf(t, g, items)
		ctx.Update(nil, old)
		for step := range 12 {
			items = change(r, items)
			now := placedOf(t, g, items)
			before := ctx.Dump()
			changes := ctx.Update(old, now)
			fresh := rust.NewContext(g)
			fresh.Update(nil, now)
			if got, want := ctx.Dump(), fresh.Dump(); !slices.Equal(got, want) {
				t.Fatalf("seed %d, step %d, of\n%s\ngot  %q\nwant %q", seed, step, strings.Join(items, "\n"), got, want)
			}
			if got, want := changes.Empty(), slices.Equal(before, ctx.Dump()); got != want {
				t.Fatalf("seed %d, step %d: changes are empty: %v, want %v", seed, step, got, want)
			}
			if got, want := ctx.Modules(), fresh.Modules(); got != want {
				t.Fatalf("seed %d, step %d: %d modules, want %d", seed, step, got, want)
			}
			old = now
		}
		ctx.Update(old, nil)
		if got := ctx.Dump(); len(got) > 0 {
			t.Fatalf("seed %d: an empty file holds %q", seed, got)
		}
	}
}

func placedOf(t *testing.T, g *rust.Grammar, items []string) []rust.Placed {
	t.Helper()
	tr, err := syntax.Bytes(syntax.Rust(), []byte(strings.Join(items, "\n")), syntax.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return placed(g, tr)
}

// unitAnswers are the answers for one unit, and what they depend on.
type unitAnswers struct {
	answers []string
	record  rust.Record
}

// ask asks all questions of all units. Item i's units are at answers[i].
func ask(t *testing.T, items []string, set *query.Set) ([][]unitAnswers, *rust.Context, []rust.Placed) {
	t.Helper()
	p := parse(t, "src/lib.rs", []byte(strings.Join(items, "\n")), nil, syntax.Options{})
	p.facts.Recorder = &rust.Recorder{}
	g := rust.NewGrammar(syntax.Rust().Tree)
	root := p.tree.RootFrame()
	if got := len(root.Unit.Kids); got != len(items) {
		t.Fatalf("%d units, want %d of\n%s", got, len(items), strings.Join(items, "\n"))
	}
	m := set.Matcher()
	out := make([][]unitAnswers, len(items))
	var walk func(item int, f *tree.Frame)
	walk = func(item int, f *tree.Frame) {
		var u unitAnswers
		m.Frame(f, &query.Context{Facts: p.facts}, func(q int, match *query.Match) {
			if n, ok := match.Node(0); ok {
				u.answers = append(u.answers, fmt.Sprintf("%d: %d %s", q, n.Start()-f.Base, n.Text()))
			}
		})
		slices.Sort(u.answers)
		u.record = p.facts.Recorder.Take()
		out[item] = append(out[item], u)
		for i := range f.Unit.Kids {
			walk(item, f.Kid(i))
		}
	}
	for i := range items {
		walk(i, root.Kid(i))
	}
	return out, p.facts.Context, placed(g, p.tree)
}

// TestRecordsAreEnough replaces items at random: a unit that stayed, and whose
// record the changes do not affect, gives the answers that it gave before.
func TestRecordsAreEnough(t *testing.T) {
	var queries []*query.Query
	for _, q := range questions {
		queries = append(queries, compile(t, q))
	}
	set := query.NewSet(queries)
	kept, spared, matched := 0, 0, 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 2))
		items := randomItems(r)
		next := change(r, items)
		before, ctx, old := ask(t, items, set)
		after, _, now := ask(t, next, set)
		changes := ctx.Update(old, now)
		for i := range items {
			if items[i] != next[i] {
				continue
			}
			for k, u := range before[i] {
				kept++
				matched += len(u.answers)
				if changes.Affect(u.record) {
					continue
				}
				spared++
				if got, want := u.answers, after[i][k].answers; !reflect.DeepEqual(got, want) {
					t.Fatalf("seed %d: %q is not affected, but its answers changed\nof\n%s\n\nto\n%s\n\ngot  %q\nwant %q",
						seed, items[i], strings.Join(items, "\n"), strings.Join(next, "\n"), got, want)
				}
			}
		}
	}
	// The test means something only if units match, and if most are spared.
	if matched < kept/10 || spared < kept/3 || spared > kept*95/100 {
		t.Errorf("%d of %d units spared, %d answers: the vocabulary tests too little", spared, kept, matched)
	}
	t.Logf("%d of %d units spared, %d answers", spared, kept, matched)
}
