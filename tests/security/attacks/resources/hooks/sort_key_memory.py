# A sort key that takes memory.
# expect: ?

sorted(range(10**6), key=lambda x: 'x' * 10**5)
