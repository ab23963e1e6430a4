# A dunder that is assigned.
# expect: script.forbidden_name
# reaches: int
# offending: __builtins__
# allowed: name

__builtins__ = 1
found = __builtins__
