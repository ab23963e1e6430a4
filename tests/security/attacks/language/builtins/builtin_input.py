# The builtin input.
# expect: script.forbidden_name
# reaches: builtin_function_or_method
# offending: input
# allowed: print

found = input
