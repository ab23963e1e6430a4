# The builtin memoryview.
# expect: script.forbidden_name
# reaches: type
# offending: memoryview
# allowed: print

found = memoryview
