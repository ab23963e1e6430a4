# A dunder in except*.
# expect: script.forbidden_name
# reaches: ExceptionGroup
# offending: __builtins__
# allowed: name

try:
    raise ValueError(1)
except* ValueError as __builtins__:
    found = __builtins__
