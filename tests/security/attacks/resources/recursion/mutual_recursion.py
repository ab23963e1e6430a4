# Mutual recursion.
# expect: limit.recursion

def f():
    g()


def g():
    f()


f()
