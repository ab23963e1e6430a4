# A dunder as a keyword-only parameter.
# expect: script.forbidden_name
# reaches: int
# offending: __builtins__
# allowed: name

def f(*, __builtins__=1):
    return __builtins__


found = f()
