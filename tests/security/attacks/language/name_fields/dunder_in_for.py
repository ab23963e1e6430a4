# A dunder in for.
# expect: script.forbidden_name
# reaches: int
# offending: __builtins__
# allowed: name

for __builtins__ in [1]:
    found = __builtins__
