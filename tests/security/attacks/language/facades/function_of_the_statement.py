# The function of the statement.
# expect: script.forbidden_name
# reaches: builtin_function_or_method
# offending: __import__
# allowed: print

found = __import__
