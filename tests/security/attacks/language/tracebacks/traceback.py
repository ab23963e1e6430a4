# A traceback.
# expect: script.forbidden_attribute
# reaches: traceback
# offending: __traceback__
# allowed: args

try:
    1 / 0
except Exception as e:
    found = e.__traceback__
