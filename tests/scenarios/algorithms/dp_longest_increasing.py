# Longest increasing subsequence in n log n.
from bisect import bisect_left


def longest_increasing(values):
    tails, indices, before = [], [], [None] * len(values)
    for i, value in enumerate(values):
        k = bisect_left(tails, value)
        if k == len(tails):
            tails.append(value)
            indices.append(i)
        else:
            tails[k], indices[k] = value, i
        before[i] = indices[k - 1] if k else None
    out, i = [], indices[-1] if indices else None
    while i is not None:
        out.append(values[i])
        i = before[i]
    return out[::-1]


assert len(longest_increasing([10, 9, 2, 5, 3, 7, 101, 18])) == 4
assert longest_increasing([1, 2, 3]) == [1, 2, 3]
assert longest_increasing([3, 2, 1]) == [1]
assert longest_increasing([]) == []
