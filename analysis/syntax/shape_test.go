package syntax

import (
	"math/rand/v2"
	"strings"
	"testing"

	"lectern/analysis/internal/sample"
	"lectern/analysis/text"
)

// fits gives the templates in which a body is free of errors.
func fits(content string) int {
	b := &builder{lang: Rust(), walker: Rust().walker, macros: newMacroCache()}
	set := 0
	for i := range templates {
		b.macros = newMacroCache()
		b.alone(&body{masked: []byte(content)}, content, templates[i:i+1])
		if b.macros.bodies[content].ok {
			set |= 1 << i
		}
	}
	return set
}

// The first template that a body fits is not ruled out: not by the bodies in real
// code, nor by any row of tokens.
func TestPossibleRulesOutNothingThatFits(t *testing.T) {
	bodies := map[string]bool{}
	for _, content := range sample.Sources(t, 2000) {
		p, err := New(Rust(), text.New(content), Options{})
		if err != nil {
			t.Fatal(err)
		}
		for key := range p.macros.bodies {
			bodies[strings.TrimPrefix(key, "{")] = true
		}
		p.Close()
	}
	tokens := strings.Fields(`a b Foo pub use mod struct enum trait type fn let union auto default raw safe as in if else for where
		match async move unsafe static const impl dyn mut ref return break macro_rules crate self super _ extern
		: :: ; , . .. ..= = == => -> + - * & && | || ! ? < > $ @ # ~ 1 2.0 1u8 "s" 'c' 'a b"x" r#a
		() (a) [a] {} {a} (crate) #[a] #![a] /*c*/ //c ///d \n 'static '\\n' b'x' r"s" b"s" r#"s"# ##"s"`)
	rnd := rand.New(rand.NewPCG(5, 5))
	for range 20_000 {
		var words []string
		for range 1 + rnd.IntN(6) {
			words = append(words, tokens[rnd.IntN(len(tokens))])
		}
		bodies[strings.Join(words, []string{" ", ""}[rnd.IntN(2)])] = true
	}
	ruledOut, wrong := 0, 0
	for body := range bodies {
		may := possible([]byte(body))
		if may != asAll {
			ruledOut++
			if does := fits(body); does&-does != does&may&-(does&may) && wrong < 20 {
				wrong++
				t.Errorf("%q fits the templates %b, of which %b are ruled out", body, does, does&^may)
			}
		}
	}
	if ruledOut*20 < len(bodies) {
		t.Errorf("templates are ruled out for %d of %d bodies, want one in 20 at least", ruledOut, len(bodies))
	}
}
