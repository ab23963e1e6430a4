# A dunder behind as.
# expect: script.forbidden_name
# reaches: int
# offending: __builtins__
# allowed: name

match 1:
    case int() as __builtins__:
        found = __builtins__
