# Products of all other items; rotation in place; the next permutation.
def products(values):
    out = [1] * len(values)
    left = right = 1
    for i in range(len(values)):
        out[i] *= left
        left *= values[i]
        out[~i] *= right
        right *= values[~i]
    return out


def rotate(values, k):
    k %= len(values) or 1
    values[:] = values[-k:] + values[:-k] if k else values[:]
    return values


def next_permutation(values):
    values = list(values)
    i = len(values) - 2
    while i >= 0 and values[i] >= values[i + 1]:
        i -= 1
    if i >= 0:
        j = len(values) - 1
        while values[j] <= values[i]:
            j -= 1
        values[i], values[j] = values[j], values[i]
    values[i + 1:] = reversed(values[i + 1:])
    return values


assert products([1, 2, 3, 4]) == [24, 12, 8, 6]
assert products([0, 2, 0]) == [0, 0, 0]
assert rotate([1, 2, 3, 4, 5], 7) == [4, 5, 1, 2, 3]
assert next_permutation([1, 3, 2]) == [2, 1, 3]
assert next_permutation([3, 2, 1]) == [1, 2, 3]
