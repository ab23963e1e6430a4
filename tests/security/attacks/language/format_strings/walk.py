# A walk.
# expect: script.runtime
# reaches: str
# offending: __class__
# allowed: real

found = '{0.__class__}'.format(1)
