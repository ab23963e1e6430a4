# Two more sorts: by a binary heap, and by counting.
def heapsort(values):
    values = list(values)

    def sift(root, end):
        while (child := 2 * root + 1) < end:
            if child + 1 < end and values[child] < values[child + 1]:
                child += 1
            if values[root] >= values[child]:
                return
            values[root], values[child] = values[child], values[root]
            root = child

    for root in range(len(values) // 2 - 1, -1, -1):
        sift(root, len(values))
    for end in range(len(values) - 1, 0, -1):
        values[0], values[end] = values[end], values[0]
        sift(0, end)
    return values


def counting_sort(values):
    if not values:
        return []
    low = min(values)
    counts = [0] * (max(values) - low + 1)
    for value in values:
        counts[value - low] += 1
    return [low + i for i, n in enumerate(counts) for _ in range(n)]


data = [(n * 37) % 41 - 20 for n in range(100)]
for sort in (heapsort, counting_sort):
    assert sort(data) == sorted(data)
    assert sort([]) == []
    assert sort([-1, -1]) == [-1, -1]
