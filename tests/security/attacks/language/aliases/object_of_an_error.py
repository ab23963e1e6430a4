# The object of an AttributeError, through an alias that is made of it.
# expect: script.runtime
# reaches: builtin_function_or_method
# offending: type(list[int])(e, (int,)).obj
# allowed: type(list[int])(e, (int,)).name

try:
    len.nothing
except AttributeError as e:
    found = type(list[int])(e, (int,)).obj
