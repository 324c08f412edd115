; Any loop: what stands inside runs again.
[(loop_expression) (while_expression) (for_expression)] @here
