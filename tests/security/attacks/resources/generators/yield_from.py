# Generators that yield from each other.
# expect: ?

def g():
    yield from g()


list(g())
