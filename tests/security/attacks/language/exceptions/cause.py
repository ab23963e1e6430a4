# The cause of an error.
# expect: script.forbidden_attribute
# reaches: ZeroDivisionError
# offending: __cause__
# allowed: args

try:
    try:
        1 / 0
    except ZeroDivisionError as first:
        raise ValueError(1) from first
except ValueError as e:
    found = e.__cause__
