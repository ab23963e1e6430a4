# The builtin compile.
# expect: script.forbidden_name
# reaches: builtin_function_or_method
# offending: compile
# allowed: print

found = compile
