# The builtin open.
# expect: script.forbidden_name
# reaches: builtin_function_or_method
# offending: open
# allowed: print

found = open
