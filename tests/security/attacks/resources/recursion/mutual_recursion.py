# Mutual recursion.
# expect: ?

def f():
    g()


def g():
    f()


f()
