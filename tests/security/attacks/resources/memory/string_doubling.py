# String doubling.
# expect: limit.memory

x = 'a'
while True:
    x += x
