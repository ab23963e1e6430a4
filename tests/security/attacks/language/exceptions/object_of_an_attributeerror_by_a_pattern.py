# The object of an AttributeError, by a pattern.
# expect: script.forbidden_attribute
# reaches: builtin_function_or_method
# offending: obj=o
# allowed: name=o

try:
    len.nothing
except AttributeError as e:
    match e:
        case AttributeError(obj=o):
            found = o
