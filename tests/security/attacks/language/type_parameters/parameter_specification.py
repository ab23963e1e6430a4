# A dunder as a parameter specification.
# expect: script.forbidden_name
# reaches: ParamSpec
# python: 3.12
# offending: __builtins__
# allowed: Name

def f[**__builtins__]():
    return __builtins__


found = f()
