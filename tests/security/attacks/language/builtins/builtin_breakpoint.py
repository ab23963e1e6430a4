# The builtin breakpoint.
# expect: script.forbidden_name
# reaches: builtin_function_or_method
# offending: breakpoint
# allowed: print

found = breakpoint
