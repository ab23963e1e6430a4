# Subclasses of object.
# expect: script.runtime
# reaches: builtin_function_or_method
# offending: __subclasses__
# allowed: __name__

found = getattr(object, '__subclasses__')
