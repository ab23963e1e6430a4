# The context of an error.
# expect: script.forbidden_attribute
# reaches: ZeroDivisionError
# offending: __context__
# allowed: args

try:
    try:
        1 / 0
    finally:
        [][1]
except Exception as e:
    found = e.__context__
