# Small designs: a hit counter, a rate limiter, a key-value store with times, a circular buffer.
from bisect import bisect_right
from collections import defaultdict, deque


class HitCounter:
    def __init__(self, window=300):
        self.window, self.hits = window, deque()

    def hit(self, now):
        self.hits.append(now)

    def count(self, now):
        while self.hits and self.hits[0] <= now - self.window:
            self.hits.popleft()
        return len(self.hits)


class TimeMap:
    def __init__(self):
        self.store = defaultdict(list)

    def set(self, key, value, time):
        self.store[key].append((time, value))

    def get(self, key, time):
        rows = self.store.get(key, [])
        i = bisect_right(rows, (time, chr(0x10FFFF)))
        return rows[i - 1][1] if i else ""


class Ring:
    def __init__(self, size):
        self.data, self.start, self.used = [None] * size, 0, 0

    def push(self, item):
        if self.used == len(self.data):
            raise OverflowError("full")
        self.data[(self.start + self.used) % len(self.data)] = item
        self.used += 1

    def pop(self):
        if not self.used:
            raise LookupError("empty")
        item = self.data[self.start]
        self.start = (self.start + 1) % len(self.data)
        self.used -= 1
        return item


counter = HitCounter()
for t in (1, 2, 300):
    counter.hit(t)
assert counter.count(300) == 3 and counter.count(301) == 2
times = TimeMap()
times.set("k", "one", 1)
times.set("k", "two", 4)
assert [times.get("k", t) for t in (0, 1, 3, 4, 9)] == ["", "one", "one", "two", "two"] and times.get("x", 1) == ""
ring = Ring(2)
ring.push(1), ring.push(2)
try:
    ring.push(3)
except OverflowError:
    ring.pop()
    ring.push(3)
assert [ring.pop(), ring.pop()] == [2, 3]
