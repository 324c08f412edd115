; A method of an impl of GlobalAlloc; its name is @method.
((impl_item
   trait: (_) @_trait
   body: (declaration_list (function_item name: (identifier) @method) @here))
  (#path? @_trait "std::alloc::GlobalAlloc"))
