# A dunder in a comprehension.
# expect: script.forbidden_name
# reaches: list
# offending: __builtins__
# allowed: name

found = [__builtins__ for __builtins__ in [1]]
