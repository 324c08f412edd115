; An unsafe function or method that has a body.
(function_item (function_modifiers "unsafe"))
