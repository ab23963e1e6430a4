# The builtin __loader__.
# expect: script.forbidden_name
# reaches: type
# offending: __loader__
# allowed: print

found = __loader__
