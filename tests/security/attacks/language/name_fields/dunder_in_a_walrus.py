# A dunder in a walrus.
# expect: script.forbidden_name
# reaches: int
# offending: __builtins__
# allowed: name

found = (__builtins__ := 1)
