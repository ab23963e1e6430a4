# A walk in a mapping.
# expect: script.runtime
# reaches: str
# offending: __class__
# allowed: real

found = '{x[y].__class__}'.format_map({'x': {'y': 1}})
