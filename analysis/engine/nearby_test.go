package engine

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"lectern/analysis/text"
)

// examples are the course's examples in Rust as one text, in which every hint finds
// something to look at; those that are broken too, or without them.
func examples(t testing.TB, rules *Rules, broken bool) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, h := range rules.library.Hints() {
		for _, e := range h.Examples {
			if e.Language != "rust" || strings.Contains(e.Text, "#![") { // may stand at a file's top only
				continue
			}
			if !broken {
				r, err := Check(rules, Input{Path: "a.rs", Text: text.New([]byte(e.Text)), Plain: true})
				if err != nil {
					t.Fatal(err)
				}
				if r.Tree.Root().HasError() {
					continue
				}
			}
			b.WriteString(e.Text)
			b.WriteByte('\n')
		}
	}
	return b.Bytes()
}

// typing are places to type at, marked with ¦: a key there changes its own unit and
// no name that others know.
const typing = `
fn in_a_body() -> u8 { let value¦ = 1; value }

fn in_a_comment() {
    // Some wo¦rds about it.
}

/// In a doc comm¦ent.
fn documented() {}

/* Between¦ items. */

fn in_a_string() { print("so¦me text"); }

fn in_a_call_of_a_macro() { println!("{}", va¦lue); }

macro_rules! in_the_body_of_a_macro {
    ($e:expr) => { $e + on¦e };
}

#[cfg(feature = "in_an¦_attribute")]
fn with_an_attribute() {}

struct InAField { fie¦ld: u8 }

impl InAField {
    fn in_a_method(&self) -> u8 { self.fie¦ld }
}

unsafe extern "C" {
    fn in_an_extern_block(par¦ameter: u8);
}

#[cfg(test)]
mod tests_beside {
    #[test]
    fn in_a_test() { assert_eq!(va¦lue, 1); }
}
`

// A key costs what it changes, with all hints and in a text where each of them has
// something to look at: no hint makes the units that it is about depend on those far
// away. A few units do, where a hint that compares items has found two of them.
func TestKeysCheckWhatIsNear(t *testing.T) {
	rules := compiled(t)
	content := examples(t, rules, false)
	half := bytes.Index(content[len(content)/2:], []byte("\n}\n")) + len(content)/2 + len("\n}\n")
	content = slices.Concat(content[:half], []byte(typing), content[half:])
	var places []int
	for at := bytes.IndexRune(content, '¦'); at >= 0; at = bytes.IndexRune(content, '¦') {
		places = append(places, at)
		content = slices.Delete(content, at, at+len("¦"))
	}
	d, err := Open(rules, Input{Path: "examples.rs", Text: text.New(content)})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	units := len(d.live)
	if len(places) != 12 || units < 2_000 {
		t.Fatalf("%d places in %d units are too few to tell anything", len(places), units)
	}
	for _, at := range places {
		line := content[bytes.LastIndexByte(content[:at], '\n')+1:]
		line = line[:bytes.IndexByte(line, '\n')]
		for _, edit := range []text.Edit{{Start: at, End: at, New: "x"}, {Start: at, End: at + 1}} {
			before := d.Checked
			if _, err := d.Edit([]text.Edit{edit}, 1); err != nil {
				t.Fatal(err)
			}
			if n := d.Checked - before; n > units/200 {
				t.Errorf("%q in %q checks %d of %d units, want at most a half percent", edit.New, line, n, units)
			}
		}
	}
}

// Broken code can give one scope the declarations of a whole file, and names that
// stand for each other. Looking names up in it costs what it does elsewhere.
func TestBrokenTextIsNoSlower(t *testing.T) {
	rules := compiled(t)
	open := func(broken bool) time.Duration {
		content := examples(t, rules, broken)
		start := time.Now()
		d, err := Open(rules, Input{Path: "examples.rs", Text: text.New(content)})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		return time.Since(start)
	}
	// Without an index of a scope's names it takes 25 times as long.
	if whole, broken := open(false), open(true); broken > 8*whole {
		t.Errorf("broken text takes %v, and %v when it is whole", broken, whole)
	}
}
