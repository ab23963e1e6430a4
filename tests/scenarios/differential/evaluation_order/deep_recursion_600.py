def nested(n):
    return [] if n == 0 else [nested(n - 1)]


def depth(x):
    return 0 if not x else 1 + depth(x[0])


class Chain:
    def __init__(self, n):
        self.next = Chain(n - 1) if n else None

    def length(self):
        return 1 + (self.next.length() if self.next else 0)


def total(n):
    if n == 0:
        return 0
    return n + total(n - 1)


print(depth(nested(60)), Chain(250).length(), total(600))
even = lambda n: True if n == 0 else odd(n - 1)
odd = lambda n: False if n == 0 else even(n - 1)
even(600)
