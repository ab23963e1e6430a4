# A generator without end, in a list.
# expect: limit.steps

def g():
    while True:
        yield "x"


list(g())
