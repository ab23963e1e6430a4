# Giant max.
# expect: ?

max(range(10**12))
