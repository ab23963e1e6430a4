# A dunder among names that are unpacked.
# expect: script.forbidden_name
# reaches: list
# offending: __builtins__
# allowed: name

x, [*__builtins__] = 1, [2]
found = __builtins__
