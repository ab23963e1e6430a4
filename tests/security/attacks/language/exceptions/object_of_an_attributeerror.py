# The object of an AttributeError.
# expect: script.runtime
# reaches: builtin_function_or_method
# offending: obj
# allowed: name

try:
    len.nothing
except AttributeError as e:
    found = e.obj
