# Big integer product.
# expect: ?

x = 3 ** (10**6)
while True:
    x = x * x
