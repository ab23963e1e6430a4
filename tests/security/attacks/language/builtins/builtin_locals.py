# The builtin locals.
# expect: script.forbidden_name
# reaches: builtin_function_or_method
# offending: locals
# allowed: print

found = locals
