; The closure that runs while interrupts are off.
((call_expression
   function: [(identifier) (scoped_identifier)] @_section
   arguments: (arguments (closure_expression) @here))
  (#path? @_section
    "critical_section::with"
    "cortex_m::interrupt::free"
    "riscv::interrupt::free"
    "avr_device::interrupt::free"))
