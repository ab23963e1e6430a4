# The method as the key of a sort.
# expect: script.runtime
# reaches: list
# offending: __class__
# allowed: real

found = sorted([2, 1], key='{0.__class__}'.format)
