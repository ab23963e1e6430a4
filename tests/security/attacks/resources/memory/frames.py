# Generators that hold what they have.
# expect: limit.memory

kept = []


def g():
    x = bytearray(10**6)
    yield x


while True:
    started = g()
    next(started)
    kept.append(started)
