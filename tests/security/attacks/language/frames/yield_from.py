# What a generator yields from.
# expect: script.forbidden_attribute
# reaches: generator
# offending: gi_yieldfrom
# allowed: __name__

def inner():
    yield 1


def outer():
    yield from inner()


g = outer()
next(g)
found = g.gi_yieldfrom
