# Infinite loop.
# expect: ?

while True:
    pass
