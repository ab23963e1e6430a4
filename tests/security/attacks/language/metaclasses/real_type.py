# The real type.
# expect: script.runtime
# reaches: type
# offending: type(int)('X', (), {})
# allowed: type(5)('7')

found = type(int)('X', (), {})
