; A function in the textual form of MIR: its return place _0 is declared.
((function_item
   body: (block (let_declaration pattern: (identifier) @_result type: (_) !value))) @here
  (#eq? @_result "_0"))
