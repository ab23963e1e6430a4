def attempt(action):
    try:
        return action()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


class NotIterator:
    def __iter__(self):
        return 5


class Broken:
    def __iter__(self):
        yield 1
        raise OSError("mid-iteration")


class Strange:
    def __getitem__(self, i):
        if i > 2:
            raise KeyError("not an IndexError")
        return i


def loop(iterable):
    out = []
    for x in iterable:
        out.append(x)
    return out


def unpack(iterable):
    for a, b in iterable:
        pass


print(attempt(lambda: loop(5)), attempt(lambda: loop(None)), attempt(lambda: loop(NotIterator())), attempt(lambda: loop(Broken())))
print(attempt(lambda: [x for x in 3.5]), attempt(lambda: {**5}), attempt(lambda: [*5]), attempt(lambda: loop(Strange())))
print(attempt(lambda: unpack([(1, 2, 3)])), attempt(lambda: unpack([(1,)])), attempt(lambda: unpack([5])), attempt(lambda: max(*5)))
print(attempt(lambda: (lambda a: a)(**{"b": 1})), attempt(lambda: dict(**{1: 2})))
attempt(lambda: loop(x / 0 for x in [1])), attempt(lambda: sum(x for x in ["a"])), attempt(lambda: list(zip([1], [], strict=True)))
