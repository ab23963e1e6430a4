# Giant comprehension.
# expect: limit.steps

[i for i in range(10**12)]
