# A dunder in a match.
# expect: script.forbidden_name
# reaches: int
# offending: __builtins__
# allowed: name

match 1:
    case __builtins__:
        found = __builtins__
