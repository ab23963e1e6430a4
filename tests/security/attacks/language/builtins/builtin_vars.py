# The builtin vars.
# expect: script.forbidden_name
# reaches: builtin_function_or_method
# offending: vars
# allowed: print

found = vars
