package rust

import (
	"strings"

	"lectern/analysis/query"
	"lectern/analysis/tree"
)

// LintAllowed reports that one of the lints is silenced at a node: by an allow
// or expect on an item or statement around it, on a module, on the crate, or in
// the manifest's [lints]. The nearest level counts. Lints are named as
// attributes name them: "static_mut_refs", "clippy::mem_forget". It is for use
// while predicates may run, and records what it looked up.
func LintAllowed(ctx *query.Context, n tree.Node, lints []string) bool {
	f := facts(ctx)
	if f == nil {
		return false
	}
	for _, lint := range lints {
		if f.lintAllowed(n, lint) {
			return true
		}
	}
	return false
}

// level is what attributes say of a lint.
type level uint8

const (
	levelUnset level = iota
	levelAllowed
	levelRaised // warn, deny or forbid
)

func (f *Facts) lintAllowed(n tree.Node, lint string) bool {
	g := f.Context.grammar
	at := levelUnset
	look := func(text string) bool {
		anyMeta(text, func(m meta) bool {
			if l := levelOf(m, lint); l != levelUnset {
				at = l
			}
			return false
		})
		return at != levelUnset
	}
	for up := range upwards(n) {
		s := up.Symbol()
		if s == g.mod || s == g.sourceFile {
			continue // below, by the Context
		}
		if s == g.tokenTree || s == g.arguments || s == g.declarationList || s == g.block {
			continue
		}
		if f.anyAttribute(up, look) {
			return at == levelAllowed
		}
	}
	for m := f.moduleAt(n); ; m = parentModule(m) {
		if f.anyModuleAttribute(m, look) {
			return at == levelAllowed
		}
		if m == "" {
			break
		}
	}
	if f.anyCrateAttribute(look) {
		return at == levelAllowed
	}
	if f.Crate == nil {
		return false
	}
	for name, value := range f.Crate.Lints {
		if name == lint {
			return value == "allow"
		}
	}
	for name, value := range f.Crate.Lints {
		if value == "allow" && covers(name, lint) {
			return true
		}
	}
	return false
}

// levelOf is the level that an attribute gives a lint.
func levelOf(m meta, lint string) level {
	l := levelUnset
	switch m.path {
	case "allow", "expect":
		l = levelAllowed
	case "warn", "deny", "forbid":
		l = levelRaised
	default:
		return levelUnset
	}
	for list := m.args; list != ""; {
		var item string
		item, list = nextItem(list)
		if name := squeeze(item); name == lint || covers(name, lint) {
			return l
		}
	}
	return levelUnset
}

// covers reports a group of lints that holds a lint. Of clippy's groups those are
// known that nobody gets without asking, and `all`, which leaves them out.
func covers(group, lint string) bool {
	name, clippy := strings.CutPrefix(lint, "clippy::")
	switch group {
	case "warnings": // what would be a warning
		return !isErrorCode(lint) && !deniedByDefault(lint)
	case "clippy::all":
		return clippy && onRequest(name) == ""
	case "clippy::restriction", "clippy::pedantic", "clippy::nursery", "clippy::cargo":
		return clippy && onRequest(name) == strings.TrimPrefix(group, "clippy::")
	case "unused":
		return strings.HasPrefix(lint, "unused_") || lint == "dead_code"
	}
	return false
}

// isErrorCode reports the code of an error, as "E0308", which no level silences.
func isErrorCode(lint string) bool {
	return len(lint) == len("E0308") && lint[0] == 'E' && strings.Trim(lint[1:], "0123456789") == ""
}

// deniedByDefault reports a lint whose level is deny where nobody sets one, as
// `rustc -W help` and `clippy-driver -W help` of 1.95 list them.
func deniedByDefault(lint string) bool {
	switch lint {
	case "arithmetic_overflow", "binary_asm_labels", "deref_nullptr", "enum_intrinsics_non_enums", "invalid_atomic_ordering",
		"invalid_null_arguments", "invalid_reference_casting", "let_underscore_lock", "long_running_const_eval",
		"mutable_transmutes", "named_asm_labels", "no_mangle_const_items", "overflowing_literals", "unconditional_panic",
		"undropped_manually_drops",
		"clippy::inline_fn_without_body", "clippy::lint_groups_priority", "clippy::mem_replace_with_uninit",
		"clippy::mut_from_ref", "clippy::not_unsafe_ptr_arg_deref", "clippy::size_of_in_element_count",
		"clippy::transmute_null_to_fn", "clippy::transmuting_null", "clippy::uninit_assumed_init", "clippy::uninit_vec":
		return true
	}
	return false
}

// onRequest is the group of a lint of clippy that `clippy::all` does not hold, ""
// for the others: as `clippy-driver -W help` of 1.95 lists them.
func onRequest(lint string) string {
	switch lint {
	case "allow_attributes", "allow_attributes_without_reason", "as_pointer_underscore", "empty_drop", "exit", "expect_used",
		"inline_asm_x86_att_syntax", "inline_asm_x86_intel_syntax", "mem_forget", "multiple_unsafe_ops_per_block", "mutex_atomic",
		"mutex_integer", "print_stdout", "rc_mutex", "std_instead_of_core", "undocumented_unsafe_blocks",
		"unnecessary_safety_comment", "unnecessary_safety_doc", "unwrap_in_result", "unwrap_used":
		return "restriction"
	case "non_send_fields_in_send_ty", "significant_drop_in_scrutinee":
		return "nursery"
	case "borrow_as_ptr", "cast_ptr_alignment", "inline_always", "no_mangle_with_rust_abi", "non_std_lazy_statics", "ptr_as_ptr",
		"ref_as_ptr", "unsafe_derive_deserialize", "unused_async":
		return "pedantic"
	case "wildcard_dependencies":
		return "cargo"
	}
	return ""
}
