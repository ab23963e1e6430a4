# A union that is nested deeply.
# expect: limit.recursion

x = int
for _ in range(10**5):
    x = (x,)
isinstance("a", x)
