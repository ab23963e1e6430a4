# Join intervals that overlap; insert one into a sorted list.
def merge(intervals):
    out = []
    for start, end in sorted(intervals):
        if out and start <= out[-1][1]:
            out[-1][1] = max(out[-1][1], end)
        else:
            out.append([start, end])
    return out


def rooms(meetings):
    changes = sorted([(s, 1) for s, _ in meetings] + [(e, -1) for _, e in meetings])
    current = best = 0
    for _, change in changes:
        current += change
        best = max(best, current)
    return best


assert merge([[1, 3], [2, 6], [8, 10], [15, 18]]) == [[1, 6], [8, 10], [15, 18]]
assert merge([[1, 4], [4, 5]]) == [[1, 5]]
assert merge([]) == []
assert rooms([(0, 30), (5, 10), (15, 20)]) == 2
assert rooms([(0, 5), (5, 9)]) == 1
