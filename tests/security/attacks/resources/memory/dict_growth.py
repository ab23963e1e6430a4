# Dict growth.
# expect: ?

x = {}
while True:
    x[len(x)] = 'x' * 100
