# A dunder as a variadic type parameter.
# expect: script.forbidden_name
# reaches: TypeVarTuple
# python: 3.12
# offending: __builtins__
# allowed: Names

def f[*__builtins__]():
    return __builtins__


found = f()
