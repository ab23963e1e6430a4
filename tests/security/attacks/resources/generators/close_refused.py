# A generator that does not let itself be closed.
# expect: limit.steps

def g():
    while True:
        try:
            yield
        except BaseException:
            pass


x = g()
next(x)
while True:
    try:
        x.close()
    except BaseException:
        pass
