package rust

import "lectern/analysis/tree"

// Grammar is the Rust grammar's symbols and fields by the roles that this
// package gives them. It is immutable.
type Grammar struct {
	lang *tree.Language

	identifier, typeIdentifier, primitive, metavariable, self, super, crate tree.Symbol
	scoped, scopedType, genericType, genericFunction, bracketed, qualified  tree.Symbol
	genericTurbofish                                                        tree.Symbol
	shorthandIdentifier                                                     tree.Symbol

	sourceFile, declarationList, block, tokenTree                           tree.Symbol
	use, useAs, useList, scopedUseList, useWildcard, externCrate            tree.Symbol
	mod, foreignMod, impl, trait, structItem, union, enum, typeItem         tree.Symbol
	function, signature, static, constItem, macroDefinition, macro          tree.Symbol
	associatedType, enumVariant, fieldDeclaration, fieldList, orderedFields tree.Symbol
	attributeItem, innerAttribute, attribute, lineComment, blockComment     tree.Symbol

	unsafeBlock, asyncBlock, constBlock, closure, matchBlock, matchArm      tree.Symbol
	matchPattern, letDeclaration, letCondition, expressionStatement         tree.Symbol
	forExpression, parameterNode, closureParams                             tree.Symbol
	call, fieldExpression, structExpression, structPattern, tuplePat        tree.Symbol
	reference, unary, cast, parenthesized, index, array                     tree.Symbol
	integer, float, stringLiteral, rawString, boolean, char                 tree.Symbol
	mutPattern, refPattern                                                  tree.Symbol
	referenceType, pointerType, arrayType, tupleType, unitType              tree.Symbol
	functionType, dynamicType, abstractType                                 tree.Symbol
	lifetime, label, mutable, visibility, modifiers                         tree.Symbol
	externModifier, arguments, typeParameter, orPattern                     tree.Symbol
	capturedPattern, tuplePattern, slicePattern, referencePattern, letChain tree.Symbol
	constParameter                                                          tree.Symbol

	tokColons, tokRaw, tokStar, tokUnsafe, tokAsync, tokUse, tokSemicolon tree.Symbol

	begin []tree.Symbol // tokens behind which an item has its name

	fName, fPath, fType, fFunction, fMacro, fAlias, fList, fArgument        tree.Field
	fBody, fTrait, fPattern, fValue, fField, fParameters, fReturn, fElement tree.Field
	fArguments, fTypeArguments, fTypeParameters, fConsequence               tree.Field

	actions []action // by symbol: what Summarize does with a row
}

// action is what a row means to Summarize.
type action uint8

const (
	actNone     action = iota
	actScope           // a block: items inside it are local to it
	actBody            // a declaration list: of a module, or of an impl, trait or extern block
	actDeclares        // an item that declares a name
	actInner           // an inner attribute
)

// NewGrammar finds the symbols of the Rust grammar. Nodes that a grammar does
// not have are never met.
func NewGrammar(lang *tree.Language) *Grammar {
	const never = tree.Error - 1
	node := func(name string) tree.Symbol {
		if s, ok := lang.Node(name); ok {
			return s
		}
		return never
	}
	token := func(text string) tree.Symbol {
		if s, ok := lang.Token(text); ok {
			return s
		}
		return never
	}
	field := func(name string) tree.Field {
		f, _ := lang.Field(name)
		return f
	}
	g := &Grammar{
		lang:       lang,
		identifier: node("identifier"), typeIdentifier: node("type_identifier"), primitive: node("primitive_type"),
		metavariable: node("metavariable"), self: node("self"), super: node("super"), crate: node("crate"),
		scoped: node("scoped_identifier"), scopedType: node("scoped_type_identifier"),
		genericType: node("generic_type"), genericFunction: node("generic_function"),
		genericTurbofish: node("generic_type_with_turbofish"),
		bracketed:        node("bracketed_type"), qualified: node("qualified_type"),
		shorthandIdentifier: node("shorthand_field_identifier"),

		sourceFile: node("source_file"), declarationList: node("declaration_list"), block: node("block"),
		tokenTree: node("token_tree"),
		use:       node("use_declaration"), useAs: node("use_as_clause"), useList: node("use_list"),
		scopedUseList: node("scoped_use_list"), useWildcard: node("use_wildcard"), externCrate: node("extern_crate_declaration"),
		mod: node("mod_item"), foreignMod: node("foreign_mod_item"), impl: node("impl_item"), trait: node("trait_item"),
		structItem: node("struct_item"), union: node("union_item"), enum: node("enum_item"), typeItem: node("type_item"),
		function: node("function_item"), signature: node("function_signature_item"), static: node("static_item"),
		constItem: node("const_item"), macroDefinition: node("macro_definition"), macro: node("macro_invocation"),
		associatedType: node("associated_type"), enumVariant: node("enum_variant"), fieldDeclaration: node("field_declaration"),
		fieldList: node("field_declaration_list"), orderedFields: node("ordered_field_declaration_list"),
		attributeItem: node("attribute_item"), innerAttribute: node("inner_attribute_item"), attribute: node("attribute"),
		lineComment: node("line_comment"), blockComment: node("block_comment"),

		unsafeBlock: node("unsafe_block"), asyncBlock: node("async_block"), constBlock: node("const_block"),
		closure: node("closure_expression"), matchBlock: node("match_block"), matchArm: node("match_arm"),
		matchPattern: node("match_pattern"), letDeclaration: node("let_declaration"), letCondition: node("let_condition"),
		expressionStatement: node("expression_statement"), forExpression: node("for_expression"),
		parameterNode: node("parameter"),
		closureParams: node("closure_parameters"), call: node("call_expression"), fieldExpression: node("field_expression"),
		structExpression: node("struct_expression"), structPattern: node("struct_pattern"), tuplePat: node("tuple_struct_pattern"),
		reference: node("reference_expression"), unary: node("unary_expression"), cast: node("type_cast_expression"),
		parenthesized: node("parenthesized_expression"), index: node("index_expression"), array: node("array_expression"),
		integer: node("integer_literal"),
		float:   node("float_literal"), stringLiteral: node("string_literal"), rawString: node("raw_string_literal"),
		boolean: node("boolean_literal"), char: node("char_literal"),

		mutPattern: node("mut_pattern"), refPattern: node("ref_pattern"), capturedPattern: node("captured_pattern"),
		orPattern: node("or_pattern"), tuplePattern: node("tuple_pattern"), slicePattern: node("slice_pattern"),
		referencePattern: node("reference_pattern"), letChain: node("let_chain"), constParameter: node("const_parameter"), referenceType: node("reference_type"), pointerType: node("pointer_type"),
		arrayType: node("array_type"), tupleType: node("tuple_type"), unitType: node("unit_type"),
		functionType: node("function_type"), dynamicType: node("dynamic_type"), abstractType: node("abstract_type"),

		lifetime: node("lifetime"), label: node("label"), mutable: node("mutable_specifier"),
		visibility: node("visibility_modifier"), modifiers: node("function_modifiers"), externModifier: node("extern_modifier"),
		typeParameter: node("type_parameter"), arguments: node("arguments"),

		tokColons: token("::"), tokRaw: token("raw"), tokStar: token("*"),
		tokUnsafe: token("unsafe"), tokAsync: token("async"), tokUse: token("use"), tokSemicolon: token(";"),
		begin: []tree.Symbol{
			token("struct"), token("union"), token("enum"), token("trait"), token("type"), token("fn"), token("mod"), token("const"), token("static"),
			token("macro_rules!"),
		},

		fName: field("name"), fPath: field("path"), fType: field("type"), fFunction: field("function"), fMacro: field("macro"),
		fAlias: field("alias"), fList: field("list"), fArgument: field("argument"), fBody: field("body"), fTrait: field("trait"),
		fPattern: field("pattern"), fValue: field("value"), fField: field("field"), fParameters: field("parameters"),
		fReturn: field("return_type"), fElement: field("element"), fArguments: field("arguments"),
		fTypeArguments: field("type_arguments"), fTypeParameters: field("type_parameters"),
		fConsequence: field("consequence"),
	}
	g.actions = make([]action, lang.Symbols())
	set := func(a action, symbols ...tree.Symbol) {
		for _, s := range symbols {
			if int(s) < len(g.actions) {
				g.actions[s] = a
			}
		}
	}
	set(actScope, g.block)
	set(actBody, g.declarationList)
	set(actInner, g.innerAttribute)
	set(actDeclares, g.use, g.externCrate, g.mod, g.structItem, g.union, g.enum, g.typeItem, g.function, g.signature,
		g.static, g.constItem, g.trait, g.macroDefinition, g.macro)
	return g
}

func (g *Grammar) action(s tree.Symbol) action {
	if int(s) < len(g.actions) {
		return g.actions[s]
	}
	return actNone
}

// comment reports a comment of either kind.
func (g *Grammar) comment(s tree.Symbol) bool { return s == g.lineComment || s == g.blockComment }

// item reports a node that rustc checks apart from what is around it.
func (g *Grammar) item(s tree.Symbol) bool {
	switch s {
	case g.function, g.signature, g.impl, g.trait, g.mod, g.foreignMod, g.structItem, g.union, g.enum, g.typeItem,
		g.static, g.constItem, g.macroDefinition, g.use, g.externCrate, g.associatedType:
		return true
	}
	return false
}
