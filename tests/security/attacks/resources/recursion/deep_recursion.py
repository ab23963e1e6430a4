# Deep recursion.
# expect: ?

def f():
    f()


f()
