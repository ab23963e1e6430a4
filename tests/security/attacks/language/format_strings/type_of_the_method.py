# The method out of the class of a string.
# expect: script.runtime
# reaches: str
# offending: __class__
# allowed: real

found = type('').format('{0.__class__}', 1)
