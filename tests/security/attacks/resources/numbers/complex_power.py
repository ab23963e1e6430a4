# A shift in a loop.
# expect: ?

x = 1
while True:
    x <<= 10**6
