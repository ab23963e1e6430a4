# A traceback by a keyword pattern.
# expect: script.forbidden_attribute
# reaches: traceback
# offending: __traceback__
# allowed: args

try:
    1 / 0
except Exception as e:
    match e:
        case ZeroDivisionError(__traceback__=found):
            pass
