# List doubling.
# expect: ?

x = [1]
while True:
    x = x + x
