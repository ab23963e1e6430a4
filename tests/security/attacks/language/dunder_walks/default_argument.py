# The subclasses of object, as a default argument.
# expect: script.forbidden_attribute
# reaches: builtin_function_or_method
# offending: __subclasses__
# allowed: __doc__

def f(x=object.__subclasses__):
    return x


found = f()
