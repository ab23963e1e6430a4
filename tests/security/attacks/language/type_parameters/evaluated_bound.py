# The bound of a type parameter.
# expect: script.forbidden_attribute
# reaches: type
# python: 3.12
# offending: __bound__
# allowed: __name__

def f[T: int]():
    return T


found = f().__bound__
