package rust

import "testing"

func TestAttributePatterns(t *testing.T) {
	for _, tt := range []struct {
		pattern, text string
		want          bool
	}{
		{"interrupt", "interrupt", true},
		{"interrupt", "interrupt()", true},
		{"interrupt", "cortex_m_rt::interrupt", true},
		{"interrupt", "cortex_m_rt :: interrupt", true},
		{"cortex_m_rt::interrupt", "interrupt", false},
		{"cortex_m_rt::interrupt", "cortex_m_rt::interrupt(x)", true},
		{"interrupt", "interrupts", false},
		{"interrupt", "doc = \"interrupt\"", false},
		{"no_mangle", "unsafe(no_mangle)", true},
		{"export_name", "unsafe(export_name = \"f\")", true},
		{"unsafe", "unsafe(no_mangle)", false},
		{"no_std", "cfg_attr(not(feature = \"std\"), no_std)", true},
		{"no_std", "cfg_attr(no_std, no_main)", false},
		{"no_std", "no_std /* a microcontroller */", true},
		{"no_std", "cfg_attr(all(), /* c, ) */ no_std // d\n)", true},
		{"repr(C)", "repr(/* as C has it */ C, align(4))", true},
		{"doc(a)", "doc = \"/* */\"", false},
		{"path", "path = \"a//b\"", true},
		{"c", "cfg_attr(a, cfg_attr(b, c))", true},
		{"c", "cfg_attr(a, b, unsafe(c))", true},
		{"repr(C)", "repr(C, align(4))", true},
		{"repr(C)", "repr(align(4), C)", true},
		{"repr(C)", "repr(transparent)", false},
		{"repr(C)", "repr", false},
		{"repr(align)", "repr(C, align(4))", true},
		{"repr(align(4))", "repr(C, align( 4 ))", true},
		{"repr(align(8))", "repr(C, align(4))", false},
		{"derive(Clone)", "derive(Debug, Clone)", true},
		{"derive(Clone)", "derive(Debug, CloneX)", false},
		{"cfg(test)", "cfg(test)", true},
		{"cfg(test)", "cfg(not(test))", false},
		{"allow(a)", "allow(b, reason = \"x, a, y\")", false},
		{"allow(a)", "allow(b, reason = \"x)\", a)", true},
		{"wasm_bindgen(js_namespace)", "wasm_bindgen(js_namespace = console)", true},
	} {
		p := parseAttributePattern(tt.pattern)
		if got := matchesAny(tt.text, []attributePattern{p}); got != tt.want {
			t.Errorf("%s on #[%s]: got %v, want %v", tt.pattern, tt.text, got, tt.want)
		}
	}
}

func TestPathPatterns(t *testing.T) {
	for _, tt := range []struct {
		pattern, path string
		want          bool
	}{
		{"std::mem::drop", "std::mem::drop", true},
		{"core::mem::drop", "std::mem::drop", true},
		{"::core::mem::drop", "std::mem::drop", true},
		{"std::mem::drop", "std::mem::drop_in_place", false},
		{"std::mem", "std::mem::drop", false},
		{"a::*", "a::b", true},
		{"a::", "a::b", true},
		{"a::*", "a::b::c", false},
		{"a::*", "a", false},
		{"a::*::c", "a::b::c", true},
		{"a::*::c", "a::b::d", false},
		{"a::b*", "a::bcd", true},
		{"a::b*", "a::b", true},
		{"a::b*", "a::cb", false},
		{"a::b*::c", "a::bx::c", true},
		{"a::**", "a::b::c", true},
		{"a::**", "a::b", true},
		{"a::**", "a", false},
		{"a::**", "ab::c", false},
		{"u32::MAX", "u32::MAX", true},
	} {
		p, err := parsePathPattern(tt.pattern)
		if err != nil {
			t.Errorf("%s: %v", tt.pattern, err)
			continue
		}
		if got := p.matches([]byte(tt.path)); got != tt.want {
			t.Errorf("%s on %s: got %v, want %v", tt.pattern, tt.path, got, tt.want)
		}
	}
}

func TestVersions(t *testing.T) {
	for _, tt := range []struct {
		want, requirement string
		fits              bool
	}{
		{"<1", "0.2.7", true},
		{"<1", "1.0", false},
		{"<1", ">=0.2, <2", true},
		{"1", "1.2.3", true},
		{"1", "2", false},
		{"0.2", "0.2.9", true},
		{"0.2", "0.3", false},
		{">=0.2, <0.4", "=0.3.1", true},
		{">=0.2, <0.4", "~0.4", false},
		{">=1.5", "1", false},
		{"<0.8", "0.7.*", true},
	} {
		c, err := parseRange(tt.want)
		if err != nil {
			t.Errorf("%s: %v", tt.want, err)
			continue
		}
		v := lowest(tt.requirement)
		if v == nil || c.Check(v) != tt.fits {
			t.Errorf("%s in %s: got %v, want %v", tt.requirement, tt.want, v, tt.fits)
		}
	}
	for _, r := range []string{"", "*", "<2", "nonsense"} {
		if v := lowest(r); v != nil {
			t.Errorf("the lowest version of %q is %s, want none", r, v)
		}
	}
}
