class Countdown:
    def __init__(self, start):
        self.start = start

    def __iter__(self):
        for n in range(self.start, 0, -1):
            yield n

    def __reversed__(self):
        yield from range(1, self.start + 1)


class Squares:
    def __init__(self, n):
        self.i, self.n = 0, n

    def __iter__(self):
        return self

    def __next__(self):
        if self.i >= self.n:
            raise StopIteration
        self.i += 1
        return self.i ** 2


c = Countdown(3)
print(list(c), list(c), list(reversed(c)), 2 in c, max(c))
s = Squares(4)
print(next(s), list(s), list(s))
a, b, *rest = Squares(5)
return a, b, rest
