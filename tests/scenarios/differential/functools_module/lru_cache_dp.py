from functools import cache, lru_cache


def edit_distance(a, b):
    @cache
    def solve(i, j):
        if i == 0 or j == 0:
            return i + j
        if a[i - 1] == b[j - 1]:
            return solve(i - 1, j - 1)
        return 1 + min(solve(i - 1, j), solve(i, j - 1), solve(i - 1, j - 1))

    return solve(len(a), len(b))


@lru_cache
def stairs(n):
    return 1 if n <= 1 else stairs(n - 1) + stairs(n - 2)


class Grid:
    @lru_cache(maxsize=128)
    def paths(self, r, c):
        return 1 if r == 0 or c == 0 else self.paths(r - 1, c) + self.paths(r, c - 1)


info = stairs.cache_info()
print(edit_distance("kitten", "sitting"), edit_distance("", "abc"), stairs(90), Grid().paths(8, 8))
print(stairs.cache_info().hits > 0, info.misses, stairs.cache_info().maxsize)
stairs.cache_clear()
try:
    stairs([1])
except TypeError as error:
    print(error)
