; A function that an attribute turns into an interrupt or exception handler.
((function_item name: (identifier) @handler) @here
  (#has-attribute? @here "interrupt" "exception"))
