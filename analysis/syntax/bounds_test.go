package syntax

import (
	"errors"
	"strings"
	"testing"

	"lectern/analysis/text"
	"lectern/analysis/tree"
)

// TestNestingOfUnits: modules inside modules are units only so deep; what is
// deeper is still there, as rows.
func TestNestingOfUnits(t *testing.T) {
	const levels = 3 * maxNesting
	source := strings.Repeat("mod m { ", levels) + "fn f() {}" + strings.Repeat(" }", levels)
	p, err := New(Rust(), text.New([]byte(source)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	module, _ := Rust().Tree.Node("mod_item")
	modules, deepest := 0, 0
	check := func() {
		t.Helper()
		modules, deepest = 0, 0
		p.Tree.Frames(func(f *tree.Frame) bool {
			depth := 0
			for up := f.Parent; up != nil; up = up.Parent {
				depth++
			}
			deepest = max(deepest, depth)
			for _, r := range f.Unit.Rows {
				if r.Symbol == module {
					modules++
				}
			}
			return true
		})
		if deepest > maxNesting+1 {
			t.Errorf("units are %d deep, want at most %d", deepest, maxNesting+1)
		}
	}
	check()
	if modules != levels {
		t.Errorf("got %d modules, want %d", modules, levels)
	}
	// One more around all: what was the innermost unit's container is no unit now.
	if p, _, err = p.Edit([]text.Edit{{Start: 0, End: 0, New: "mod n { "}, {Start: 8 + len(source), End: 8 + len(source), New: " }"}}); err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	check()
	if modules != levels+1 {
		t.Errorf("after the edit: got %d modules, want %d", modules, levels+1)
	}
}

// TestMaxLength: a text beyond the limit is refused, at once and when an edit
// makes it so.
func TestMaxLength(t *testing.T) {
	line := []byte("// nothing\n")
	long := text.New([]byte(strings.Repeat(string(line), MaxLength/len(line)+1)))
	if _, err := New(Rust(), long, Options{}); !errors.Is(err, ErrLength) {
		t.Errorf("got %v, want ErrLength", err)
	}
	p, err := New(Rust(), text.New(line), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if _, _, err := p.Edit([]text.Edit{{New: string(long.Bytes())}}); !errors.Is(err, ErrLength) {
		t.Errorf("after an edit: got %v, want ErrLength", err)
	}
}
