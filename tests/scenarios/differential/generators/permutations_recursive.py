def permutations(items):
    if len(items) <= 1:
        yield list(items)
        return
    for i, item in enumerate(items):
        for rest in permutations(items[:i] + items[i + 1:]):
            yield [item] + rest


def combinations(items, k):
    if k == 0:
        yield ()
    elif items:
        for tail in combinations(items[1:], k - 1):
            yield (items[0], *tail)
        yield from combinations(items[1:], k)


print(list(permutations("abc")))
print(list(combinations([1, 2, 3, 4], 2)))
sum(1 for _ in permutations([1, 2, 3, 4, 5]))
