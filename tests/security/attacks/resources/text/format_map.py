# A width out of a mapping.
# expect: limit.memory

'{x:>{w}}'.format_map({'x': 1, 'w': 10**10})
