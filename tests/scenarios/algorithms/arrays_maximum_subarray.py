# The contiguous part with the largest sum, with its bounds.
def maximum_subarray(values):
    best, best_bounds = float("-inf"), (0, 0)
    current, start = 0, 0
    for end, value in enumerate(values):
        if current <= 0:
            current, start = value, end
        else:
            current += value
        if current > best:
            best, best_bounds = current, (start, end + 1)
    return best, best_bounds


assert maximum_subarray([-2, 1, -3, 4, -1, 2, 1, -5, 4]) == (6, (3, 7))
assert maximum_subarray([-3, -1, -2]) == (-1, (1, 2))
assert maximum_subarray([5]) == (5, (0, 1))
