# Deep recursion.
# expect: limit.recursion

def f():
    f()


f()
