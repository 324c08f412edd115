package syntax

import "strings"

// rustSupertypes lists, for each supertype of tree-sitter-rust 0.23.3, the nodes
// that are one, as the grammar's node-types.json gives them.
var rustSupertypes = map[string]string{
	"_declaration_statement": `associated_type attribute_item const_item empty_statement enum_item
		extern_crate_declaration foreign_mod_item function_item function_signature_item impl_item
		inner_attribute_item let_declaration macro_definition macro_invocation mod_item static_item
		struct_item trait_item type_item union_item use_declaration`,
	"_expression": `_literal array_expression assignment_expression async_block await_expression
		binary_expression block break_expression call_expression closure_expression
		compound_assignment_expr const_block continue_expression field_expression for_expression gen_block
		generic_function identifier if_expression index_expression loop_expression macro_invocation
		match_expression metavariable parenthesized_expression range_expression reference_expression
		return_expression scoped_identifier self struct_expression try_block try_expression
		tuple_expression type_cast_expression unary_expression unit_expression unsafe_block
		while_expression yield_expression`,
	"_literal": `boolean_literal char_literal float_literal integer_literal raw_string_literal string_literal`,
	"_literal_pattern": `boolean_literal char_literal float_literal integer_literal negative_literal
		raw_string_literal string_literal`,
	"_pattern": `_ _literal_pattern captured_pattern const_block generic_pattern identifier macro_invocation
		mut_pattern or_pattern range_pattern ref_pattern reference_pattern remaining_field_pattern
		scoped_identifier slice_pattern struct_pattern tuple_pattern tuple_struct_pattern`,
	"_type": `abstract_type array_type bounded_type dynamic_type function_type generic_type
		macro_invocation metavariable never_type pointer_type primitive_type reference_type
		removed_trait_bound scoped_type_identifier tuple_type type_identifier unit_type`,
}

// supertypes gives the members of each supertype of a grammar by name; those
// that are supertypes themselves are replaced by their members.
func supertypes(grammar string) map[string][]string {
	if grammar != "rust" {
		return nil
	}
	all := map[string][]string{}
	var members func(name string) []string
	members = func(name string) []string {
		var names []string
		for _, m := range strings.Fields(rustSupertypes[name]) {
			if _, ok := rustSupertypes[m]; ok {
				names = append(names, members(m)...)
			} else {
				names = append(names, m)
			}
		}
		return names
	}
	for name := range rustSupertypes {
		all[name] = members(name)
	}
	return all
}
