# Giant sum.
# expect: ?

sum(range(10**12))
