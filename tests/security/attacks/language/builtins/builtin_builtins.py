# The builtin __builtins__.
# expect: script.forbidden_name
# reaches: module
# offending: __builtins__
# allowed: print

found = __builtins__
