# Generator pile.
# expect: ?

x = []
while True:
    x.append(i for i in range(10))
