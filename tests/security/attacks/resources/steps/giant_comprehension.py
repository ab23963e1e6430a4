# Giant comprehension.
# expect: ?

[i for i in range(10**12)]
