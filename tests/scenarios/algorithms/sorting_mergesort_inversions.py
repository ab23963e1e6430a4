# Count the pairs that stand in the wrong order while sorting.
from typing import List, Tuple


def sort_and_count(values: List[int]) -> Tuple[List[int], int]:
    if len(values) < 2:
        return values, 0
    middle = len(values) // 2
    left, a = sort_and_count(values[:middle])
    right, b = sort_and_count(values[middle:])
    merged, inversions, i = [], a + b, 0
    for value in right:
        while i < len(left) and left[i] <= value:
            merged.append(left[i])
            i += 1
        inversions += len(left) - i
        merged.append(value)
    return merged + left[i:], inversions


assert sort_and_count([]) == ([], 0)
assert sort_and_count([2, 4, 1, 3, 5]) == ([1, 2, 3, 4, 5], 3)
assert sort_and_count(list(range(50, 0, -1))) == (list(range(1, 51)), 50 * 49 // 2)
