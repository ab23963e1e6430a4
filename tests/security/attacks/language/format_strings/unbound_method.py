# The unbound method.
# expect: script.runtime
# reaches: str
# offending: __class__
# allowed: real

found = str.format('{0.__class__}', 1)
