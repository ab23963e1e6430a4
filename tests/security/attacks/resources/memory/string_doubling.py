# String doubling.
# expect: ?

x = 'a'
while True:
    x += x
