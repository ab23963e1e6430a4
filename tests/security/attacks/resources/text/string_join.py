# String join.
# expect: limit.memory

','.join(['x' * 10**6] * 10**5)
