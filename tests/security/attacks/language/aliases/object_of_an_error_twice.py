# The same, through an alias of an alias.
# expect: script.runtime
# reaches: builtin_function_or_method
# offending: .obj
# allowed: .name

try:
    len.nothing
except AttributeError as e:
    alias = type(list[int])
    found = alias(alias(e, (int,)), (int,)).obj
