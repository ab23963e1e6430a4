# A width out of a mapping.
# expect: ?

'{x:>{w}}'.format_map({'x': 1, 'w': 10**10})
