# The builtin exec.
# expect: script.forbidden_name
# reaches: builtin_function_or_method
# offending: exec
# allowed: print

found = exec
