; The tokens of a program that is yet to be made.
((macro_invocation
   macro: [(identifier) @_quote (scoped_identifier name: (identifier) @_quote)]) @here
  (#any-of? @_quote "quote" "quote_spanned" "parse_quote" "parse_quote_spanned"))
