# The class of an object by a keyword pattern.
# expect: script.forbidden_attribute
# reaches: type
# offending: __class__
# allowed: real

match 1:
    case int(__class__=found):
        pass
