# Activities, jumps, gas stations, Huffman codes.
import heapq
from collections import Counter


def activities(spans):
    chosen, end = [], float("-inf")
    for start, stop in sorted(spans, key=lambda s: s[1]):
        if start >= end:
            chosen.append((start, stop))
            end = stop
    return chosen


def jumps(reach):
    count = limit = furthest = 0
    for i in range(len(reach) - 1):
        furthest = max(furthest, i + reach[i])
        if i == limit:
            count, limit = count + 1, furthest
    return count


def station(gas, cost):
    if sum(gas) < sum(cost):
        return -1
    tank = start = 0
    for i, (g, c) in enumerate(zip(gas, cost)):
        tank += g - c
        if tank < 0:
            tank, start = 0, i + 1
    return start


def huffman(text):
    heap = [(n, i, ch) for i, (ch, n) in enumerate(sorted(Counter(text).items()))]
    heapq.heapify(heap)
    tick = len(heap)
    while len(heap) > 1:
        (a, _, left), (b, _, right) = heapq.heappop(heap), heapq.heappop(heap)
        heapq.heappush(heap, (a + b, tick, (left, right)))
        tick += 1
    codes = {}

    def walk(node, prefix=""):
        if isinstance(node, str):
            codes[node] = prefix or "0"
        else:
            walk(node[0], prefix + "0")
            walk(node[1], prefix + "1")

    walk(heap[0][2])
    return codes


assert activities([(1, 4), (3, 5), (0, 6), (5, 7), (8, 9), (5, 9)]) == [(1, 4), (5, 7), (8, 9)]
assert jumps([2, 3, 1, 1, 4]) == 2
assert station([1, 2, 3, 4, 5], [3, 4, 5, 1, 2]) == 3 and station([2, 3, 4], [3, 4, 3]) == -1
codes = huffman("abracadabra")
assert sum(len(codes[c]) for c in "abracadabra") == 23
assert not any(x != y and y.startswith(x) for x in codes.values() for y in codes.values())
