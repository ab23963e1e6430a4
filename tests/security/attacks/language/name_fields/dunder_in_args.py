# A dunder in *args.
# expect: script.forbidden_name
# reaches: tuple
# offending: __builtins__
# allowed: name

def f(*__builtins__):
    return __builtins__


found = f(1)
