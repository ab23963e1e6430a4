# Range sums with updates, by two structures.
class SegmentTree:
    def __init__(self, values, combine=lambda a, b: a + b, neutral=0):
        self.n, self.combine, self.neutral = len(values), combine, neutral
        self.tree = [neutral] * self.n + list(values)
        for i in range(self.n - 1, 0, -1):
            self.tree[i] = combine(self.tree[2 * i], self.tree[2 * i + 1])

    def __setitem__(self, i, value):
        i += self.n
        self.tree[i] = value
        while i > 1:
            i //= 2
            self.tree[i] = self.combine(self.tree[2 * i], self.tree[2 * i + 1])

    def query(self, left, right):
        out_left = out_right = self.neutral
        left, right = left + self.n, right + self.n
        while left < right:
            if left & 1:
                out_left = self.combine(out_left, self.tree[left])
                left += 1
            if right & 1:
                right -= 1
                out_right = self.combine(self.tree[right], out_right)
            left, right = left // 2, right // 2
        return self.combine(out_left, out_right)


class Fenwick:
    def __init__(self, n):
        self.sums = [0] * (n + 1)

    def add(self, i, delta):
        i += 1
        while i < len(self.sums):
            self.sums[i] += delta
            i += i & -i

    def prefix(self, i):
        total = 0
        while i:
            total += self.sums[i]
            i &= i - 1
        return total


values = [5, 3, 8, 6, 2, 7]
sums, least, fenwick = SegmentTree(values), SegmentTree(values, min, float("inf")), Fenwick(6)
for i, v in enumerate(values):
    fenwick.add(i, v)
assert all(sums.query(a, b) == sum(values[a:b]) == fenwick.prefix(b) - fenwick.prefix(a) for a in range(7) for b in range(a, 7))
sums[2], least[4] = 0, 100
assert sums.query(0, 6) == 23 and least.query(3, 6) == 6
