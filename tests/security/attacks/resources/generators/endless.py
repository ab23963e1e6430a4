# A generator without end, in a list.
# expect: ?

def g():
    while True:
        yield "x"


list(g())
