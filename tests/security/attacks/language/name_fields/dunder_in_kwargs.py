# A dunder in **kwargs.
# expect: script.forbidden_name
# reaches: dict
# offending: __builtins__
# allowed: name

def f(**__builtins__):
    return __builtins__


found = f(x=1)
