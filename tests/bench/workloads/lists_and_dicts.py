def main():
    counts = {}
    items = []
    for i in range(500_000):
        key = i * 7919 % 1_003
        if key in counts:
            counts[key] += 1
        else:
            counts[key] = 1
        items.append(key)
        if len(items) > 500:
            items = items[250:]
    total = 0
    for key, value in counts.items():
        total += key * value
    table = [[0] * 60 for _ in range(60)]
    for i in range(60):
        for j in range(60):
            table[i][j] = table[i - 1][j] + table[i][j - 1] + i * j & 1023
    return total + sum(items) + table[59][59]
