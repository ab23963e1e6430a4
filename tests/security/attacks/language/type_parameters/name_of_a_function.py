# A dunder as a type parameter of a function.
# expect: script.forbidden_name
# reaches: TypeVar
# python: 3.12
# offending: __builtins__
# allowed: Name

def f[__builtins__](x: __builtins__):
    return __builtins__


found = f(1)
