; A method call that takes a memory ordering: an operation on an atomic.
((call_expression
   function: (field_expression field: (field_identifier))
   arguments: (arguments [(identifier) (scoped_identifier)] @_ordering)) @here
  (#path? @_ordering "std::sync::atomic::Ordering::*"))
