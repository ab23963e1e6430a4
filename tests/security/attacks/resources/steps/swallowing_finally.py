# Swallowing finally.
# expect: limit.recursion

def f():
    while True:
        try:
            return
        finally:
            f()


f()
