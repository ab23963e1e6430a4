# An error whose text does not fit.
# expect: ?

raise ValueError('x' * 10**9)
