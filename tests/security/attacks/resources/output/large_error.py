# An error whose text does not fit.
# expect: limit.memory

raise ValueError('x' * 10**9)
