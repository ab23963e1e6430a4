# Maximum of every window of k; shortest part with at least a given sum.
from collections import deque


def window_maxima(values, k):
    out, window = [], deque()
    for i, value in enumerate(values):
        while window and values[window[-1]] <= value:
            window.pop()
        window.append(i)
        if window[0] <= i - k:
            window.popleft()
        if i >= k - 1:
            out.append(values[window[0]])
    return out


def shortest_part(values, target):
    best, total, start = len(values) + 1, 0, 0
    for end, value in enumerate(values):
        total += value
        while total >= target:
            best = min(best, end - start + 1)
            total -= values[start]
            start += 1
    return best if best <= len(values) else 0


assert window_maxima([1, 3, -1, -3, 5, 3, 6, 7], 3) == [3, 3, 5, 5, 6, 7]
assert window_maxima([9], 1) == [9]
assert shortest_part([2, 3, 1, 2, 4, 3], 7) == 2
assert shortest_part([1, 1], 5) == 0
