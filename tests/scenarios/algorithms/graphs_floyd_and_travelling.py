# All pairs; and the shortest round trip by bit masks.
from functools import cache
from itertools import permutations


def floyd(weights):
    n = len(weights)
    d = [row[:] for row in weights]
    for k in range(n):
        for i in range(n):
            for j in range(n):
                if d[i][k] + d[k][j] < d[i][j]:
                    d[i][j] = d[i][k] + d[k][j]
    return d


def tour(d):
    n = len(d)

    @cache
    def best(mask, last):
        if mask == (1 << n) - 1:
            return d[last][0]
        return min(d[last][k] + best(mask | 1 << k, k) for k in range(n) if not mask >> k & 1)

    return best(1, 0)


INF = float("inf")
assert floyd([[0, 3, INF], [INF, 0, 1], [2, INF, 0]]) == [[0, 3, 4], [3, 0, 1], [2, 5, 0]]
cities = [[0, 10, 15, 20], [10, 0, 35, 25], [15, 35, 0, 30], [20, 25, 30, 0]]
brute = min(sum(cities[a][b] for a, b in zip((0, *p), (*p, 0))) for p in permutations(range(1, 4)))
assert tour(cities) == brute == 80
