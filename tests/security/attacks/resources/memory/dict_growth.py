# Dict growth.
# expect: limit.memory

x = {}
while True:
    x[len(x)] = 'x' * 100
