# A generator that works on in its finally.
# expect: limit.steps

def g():
    try:
        yield
    finally:
        while True:
            pass


x = g()
next(x)
del x
