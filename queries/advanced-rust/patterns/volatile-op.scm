; A volatile read or write, as a function or as a method of a raw pointer.
((call_expression function: [(identifier) (scoped_identifier)] @_function) @here
  (#path? @_function
    "std::ptr::read_volatile"
    "std::ptr::write_volatile"))

((call_expression
   function: (field_expression field: (field_identifier) @_method)) @here
  (#any-of? @_method "read_volatile" "write_volatile"))
