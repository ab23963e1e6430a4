from collections import abc, deque
from collections.abc import (
    AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable, ByteString, Collection, Container, Coroutine, Generator,
    ItemsView, KeysView, MappingView, MutableSequence, MutableSet, Reversible, Set, ValuesView,
)


async def agen():
    yield 1


async def coro():
    return 1


d = {"a": 1}
c = coro()
values = [[], {}, set(), "s", b"b", d.keys(), d.values(), d.items(), (x for x in ""), agen(), c, deque(), 5, frozenset()]
kinds = [AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable, Collection, Container, Coroutine, Generator, ItemsView, KeysView,
         MappingView, MutableSequence, MutableSet, Reversible, Set, ValuesView]
for value in values:
    print([kind.__name__ for kind in kinds if isinstance(value, kind)])
await c


class Bag(MutableSequence):
    def __init__(self):
        self.items = []

    def __getitem__(self, i):
        return self.items[i]

    def __setitem__(self, i, v):
        self.items[i] = v

    def __delitem__(self, i):
        del self.items[i]

    def __len__(self):
        return len(self.items)

    def insert(self, i, v):
        self.items.insert(i, v)


class Letters(abc.Set):
    def __init__(self, text):
        self.text = "".join(sorted(set(text)))

    def __contains__(self, x):
        return x in self.text

    def __iter__(self):
        return iter(self.text)

    def __len__(self):
        return len(self.text)

    def __repr__(self):
        return f"Letters({self.text!r})"


b = Bag()
b.append(1)
b.extend([2, 3])
b += [4]
b.reverse()
b.remove(2)
a = Letters("hello") & Letters("world")
return b.items, b.pop(), list(a), list(Letters("ab") | Letters("bc")), Letters("ab") <= Letters("abc"), Letters("ab").isdisjoint("xy")
