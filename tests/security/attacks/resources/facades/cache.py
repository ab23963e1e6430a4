# A cache that grows without end.
# expect: limit.memory

import functools


@functools.cache
def f(x):
    return "x" * 10**5 + str(x)


x = 0
while True:
    f(x)
    x += 1
