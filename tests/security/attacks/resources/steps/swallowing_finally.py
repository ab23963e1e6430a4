# Swallowing finally.
# expect: ?

def f():
    while True:
        try:
            return
        finally:
            f()


f()
