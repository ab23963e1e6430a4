letters = ["c", "a", "b"]
print(list(enumerate(letters, start=1)))
print(list(zip(letters, range(10))), list(zip([1, 2], [3, 4], strict=True)))
print(list(map(lambda a, b: a + b, [1, 2], [10, 20])), list(filter(None, [0, 1, "", "x"])))
print(sorted(letters), sorted(letters, reverse=True), list(reversed(letters)))
print(all([1, True, "x"]), any([0, "", None]), len(letters), list(range(10, 0, -3)))
it = iter(letters)
print(next(it), next(it), next(it), next(it, "done"))
countdown = [3, 2, 1, 0]
print(list(iter(countdown.pop, 3)))
frozenset([1, 2]) == {1, 2}
