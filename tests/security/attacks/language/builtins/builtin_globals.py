# The builtin globals.
# expect: script.forbidden_name
# reaches: builtin_function_or_method
# offending: globals
# allowed: print

found = globals
