# Permutations, subsets, combinations, letters of a phone.
def permutations(values):
    if not values:
        return [[]]
    return [[v, *rest] for i, v in enumerate(values) for rest in permutations(values[:i] + values[i + 1:])]


def subsets(values):
    out = [[]]
    for v in values:
        out += [[*s, v] for s in out]
    return out


def combine(n, k, start=1):
    if k == 0:
        yield []
        return
    for first in range(start, n - k + 2):
        for rest in combine(n, k - 1, first + 1):
            yield [first, *rest]


KEYS = {"2": "abc", "3": "def", "7": "pqrs"}


def letters(digits):
    out = [""] if digits else []
    for d in digits:
        out = [prefix + ch for prefix in out for ch in KEYS[d]]
    return out


assert permutations([1, 2, 3]) == [[1, 2, 3], [1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]]
assert subsets([1, 2, 3]) == [[], [1], [2], [1, 2], [3], [1, 3], [2, 3], [1, 2, 3]]
assert list(combine(4, 2)) == [[1, 2], [1, 3], [1, 4], [2, 3], [2, 4], [3, 4]]
assert letters("23")[:4] == ["ad", "ae", "af", "bd"] and len(letters("27")) == 12 and letters("") == []
