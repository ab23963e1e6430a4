def batched(iterable, size):
    batch = []
    for item in iterable:
        batch.append(item)
        if len(batch) == size:
            yield tuple(batch)
            batch.clear()
    if batch:
        yield tuple(batch)


class Peekable:
    _missing = object()

    def __init__(self, iterable):
        self._it = iter(iterable)
        self._next = self._missing

    def peek(self, default=None):
        if self._next is self._missing:
            self._next = next(self._it, self._missing)
        return default if self._next is self._missing else self._next

    def __iter__(self):
        return self

    def __next__(self):
        if self._next is not self._missing:
            value, self._next = self._next, self._missing
            return value
        return next(self._it)


p = Peekable("abc")
print(p.peek(), next(p), next(p), p.peek(), list(p), p.peek("end"))
list(batched(range(7), 3))
