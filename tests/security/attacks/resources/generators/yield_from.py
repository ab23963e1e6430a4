# Generators that yield from each other.
# expect: limit.recursion

def g():
    yield from g()


list(g())
