# String join.
# expect: ?

','.join(['x' * 10**6] * 10**5)
