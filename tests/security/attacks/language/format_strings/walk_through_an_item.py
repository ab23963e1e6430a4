# A walk through an item.
# expect: script.runtime
# reaches: str
# offending: __class__
# allowed: real

found = '{0[0].__class__}'.format([1])
