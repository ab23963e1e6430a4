# A dunder keyword.
# expect: script.forbidden_name
# reaches: dict
# offending: __builtins__
# allowed: name

found = dict(__builtins__=1)
