# Best value within a weight, and which items make it.
def knapsack(items, capacity):
    table = [[0] * (capacity + 1) for _ in range(len(items) + 1)]
    for i, (_, weight, value) in enumerate(items, 1):
        for w in range(capacity + 1):
            table[i][w] = table[i - 1][w]
            if weight <= w:
                table[i][w] = max(table[i][w], table[i - 1][w - weight] + value)
    chosen, w = [], capacity
    for i in range(len(items), 0, -1):
        if table[i][w] != table[i - 1][w]:
            chosen.append(items[i - 1][0])
            w -= items[i - 1][1]
    return table[-1][-1], chosen[::-1]


stuff = [("guitar", 1, 1500), ("stereo", 4, 3000), ("laptop", 3, 2000), ("phone", 1, 2000)]
assert knapsack(stuff, 4) == (4000, ["laptop", "phone"])
assert knapsack(stuff, 0) == (0, [])
assert knapsack([], 10) == (0, [])
