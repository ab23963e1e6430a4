# The method by getattr.
# expect: script.runtime
# reaches: str
# offending: __class__
# allowed: real

found = getattr('{0.__class__}', 'format')(1)
