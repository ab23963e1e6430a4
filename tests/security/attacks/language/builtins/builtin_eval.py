# The builtin eval.
# expect: script.forbidden_name
# reaches: builtin_function_or_method
# offending: eval
# allowed: print

found = eval
