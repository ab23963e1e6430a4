# A dunder of a lambda.
# expect: script.forbidden_name
# reaches: int
# offending: __builtins__
# allowed: name

found = (lambda __builtins__: __builtins__)(1)
