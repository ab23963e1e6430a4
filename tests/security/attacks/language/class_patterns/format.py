# The method of a string by a keyword pattern.
# expect: script.forbidden_attribute
# reaches: builtin_function_or_method
# offending: format=found
# allowed: upper=found

match '{0.__class__}':
    case str(format=found):
        pass
