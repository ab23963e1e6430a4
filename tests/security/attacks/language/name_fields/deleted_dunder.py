# A deleted dunder.
# expect: script.forbidden_name
# reaches: int
# offending: __builtins__
# allowed: name

__builtins__ = 1
del __builtins__
found = 1
