# The object of an AttributeError in a group.
# expect: script.runtime
# reaches: builtin_function_or_method
# offending: .obj
# allowed: .name

try:
    try:
        len.nothing
    except AttributeError as e:
        raise ExceptionGroup("g", [e])
except* AttributeError as g:
    found = g.exceptions[0].obj
