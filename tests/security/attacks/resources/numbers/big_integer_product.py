# Big integer product.
# expect: limit.cpu_time

x = 3 ** (10**6)
while True:
    x = x * x
