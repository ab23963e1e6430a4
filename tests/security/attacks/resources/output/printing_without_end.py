# Printing without end.
# expect: ?

while True:
    print('x' * 1000)
