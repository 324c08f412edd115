; The function behind a procedural macro; its name is @macro.
((function_item name: (identifier) @macro) @here
  (#has-attribute? @here "proc_macro" "proc_macro_derive" "proc_macro_attribute"))
