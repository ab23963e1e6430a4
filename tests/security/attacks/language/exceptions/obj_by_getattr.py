# The object of an AttributeError by getattr.
# expect: script.runtime
# reaches: builtin_function_or_method
# offending: 'obj'
# allowed: 'name'

try:
    len.nothing
except AttributeError as e:
    found = getattr(e, 'obj')
