class Stream:
    def __init__(self, source):
        self._source = source

    def map(self, f):
        return Stream(f(x) for x in self._source)

    def filter(self, f):
        return Stream(x for x in self._source if f(x))

    def take(self, n):
        def limited():
            for i, x in enumerate(self._source):
                if i == n:
                    return
                yield x

        return Stream(limited())

    def batch(self, n):
        def batches():
            chunk = []
            for x in self._source:
                chunk.append(x)
                if len(chunk) == n:
                    yield tuple(chunk)
                    chunk = []
            if chunk:
                yield tuple(chunk)

        return Stream(batches())

    def __iter__(self):
        return iter(self._source)

    def reduce(self, f, start):
        for x in self._source:
            start = f(start, x)
        return start


def naturals():
    n = 0
    while True:
        print("making", n)
        yield n
        n += 1


print(list(Stream(naturals()).filter(lambda n: n % 2).map(lambda n: n * n).take(3)))
print(list(Stream("abcdefg").batch(3)), Stream(range(5)).reduce(lambda a, b: a + b, 10))
