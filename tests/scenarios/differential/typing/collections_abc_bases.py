from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, MutableMapping, Sequence, Sized


class Ring(Sequence):
    def __init__(self, items):
        self.items = list(items)

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i % len(self.items)] if isinstance(i, int) and i < 100 else self.items[i]

    def __iter__(self):
        return iter(self.items)


class CaseInsensitive(MutableMapping):
    def __init__(self, **data):
        self.data = {}
        self.update(data)

    def __getitem__(self, key):
        return self.data[key.lower()]

    def __setitem__(self, key, value):
        self.data[key.lower()] = value

    def __delitem__(self, key):
        del self.data[key.lower()]

    def __iter__(self):
        return iter(self.data)

    def __len__(self):
        return len(self.data)


r = Ring("abc")
print(r[4], "c" in r, r.index("b"), r.count("a"), list(reversed(r)), isinstance(r, Sequence))
c = CaseInsensitive(A=1, B=2)
print(c["a"], c.get("zz"), c.pop("B"), dict(c), "A" in c, list(c.items()), c.setdefault("Q", 5), c == {"a": 1, "q": 5})
print([isinstance(v, k) for v, k in [([], Iterable), (iter([]), Iterator), ({}, Mapping), ("x", Hashable), (len, Callable), ({}, Sized)]])
