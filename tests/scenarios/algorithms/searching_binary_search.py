# First and last position of a target in a sorted list; peak of a rotated list.
def search_range(values, target):
    def bound(strict):
        low, high = 0, len(values)
        while low < high:
            middle = (low + high) // 2
            if values[middle] < target or (strict and values[middle] == target):
                low = middle + 1
            else:
                high = middle
        return low

    first = bound(False)
    if first == len(values) or values[first] != target:
        return [-1, -1]
    return [first, bound(True) - 1]


def rotation(values):
    low, high = 0, len(values) - 1
    while low < high:
        middle = (low + high) // 2
        if values[middle] > values[high]:
            low = middle + 1
        else:
            high = middle
    return low


assert search_range([5, 7, 7, 8, 8, 10], 8) == [3, 4]
assert search_range([5, 7, 7, 8, 8, 10], 6) == [-1, -1]
assert search_range([], 0) == [-1, -1]
assert rotation([4, 5, 6, 1, 2, 3]) == 3
assert rotation([1, 2, 3]) == 0
