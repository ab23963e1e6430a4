# The type parameters of a function.
# expect: script.forbidden_attribute
# reaches: tuple
# python: 3.12
# offending: __type_params__
# allowed: __name__

def f[T]():
    pass


found = f.__type_params__
