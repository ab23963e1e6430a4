# The traceback of a group.
# expect: script.forbidden_attribute
# reaches: traceback
# offending: __traceback__
# allowed: exceptions

try:
    raise ExceptionGroup("g", [ValueError(1)])
except* ValueError as e:
    found = e.__traceback__
