# Sort a list in place by partitioning around a pivot.
def quicksort(values, low=0, high=None):
    if high is None:
        high = len(values) - 1
    if low < high:
        pivot = values[(low + high) // 2]
        i, j = low - 1, high + 1
        while True:
            i += 1
            while values[i] < pivot:
                i += 1
            j -= 1
            while values[j] > pivot:
                j -= 1
            if i >= j:
                break
            values[i], values[j] = values[j], values[i]
        quicksort(values, low, j)
        quicksort(values, j + 1, high)
    return values


def check(candidate):
    assert candidate([]) == []
    assert candidate([1]) == [1]
    assert candidate([3, 1, 2]) == [1, 2, 3]
    assert candidate([5, 5, 1, 5, 0]) == [0, 1, 5, 5, 5]
    numbers = [(7 * n * n + 13 * n) % 101 for n in range(200)]
    assert candidate(numbers[:]) == sorted(numbers)


check(quicksort)
