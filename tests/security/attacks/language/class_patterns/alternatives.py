# A class by one of two patterns.
# expect: script.forbidden_attribute
# reaches: type
# offending: __class__
# allowed: real

match 1:
    case float(__class__=found) | int(__class__=found):
        pass
