# A dunder in the rest of a mapping.
# expect: script.forbidden_name
# reaches: dict
# offending: __builtins__
# allowed: name

match {'a': 1}:
    case {**__builtins__}:
        found = __builtins__
