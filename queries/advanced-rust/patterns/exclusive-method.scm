; A method that owns its receiver or borrows it mutably: no other thread can be looking.
((function_item
   parameters: (parameters (self_parameter (mutable_specifier)))) @here)
