# A dunder in a starred pattern.
# expect: script.forbidden_name
# reaches: list
# offending: __builtins__
# allowed: name

match [1]:
    case [*__builtins__]:
        found = __builtins__
