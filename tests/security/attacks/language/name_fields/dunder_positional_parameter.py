# A dunder positional parameter.
# expect: script.forbidden_name
# reaches: int
# offending: __builtins__
# allowed: name

def f(__builtins__, /):
    return __builtins__


found = f(1)
