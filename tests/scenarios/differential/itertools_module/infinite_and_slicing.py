from itertools import chain, compress, count, cycle, dropwhile, filterfalse, islice, repeat, starmap, takewhile

print(list(islice(count(10, 5), 4)), list(islice(cycle("ab"), 5)), list(repeat("x", 3)))
print(list(chain([1], (2, 3), "ab")), list(chain.from_iterable([[1, 2], [3]])), list(compress("abcd", [1, 0, 1, 1])))
print(list(takewhile(lambda n: n < 3, [1, 2, 3, 1])), list(dropwhile(lambda n: n < 3, [1, 2, 3, 1])))
print(list(filterfalse(str.isdigit, "a1b2")), list(starmap(pow, [(2, 3), (3, 2)])), list(islice("abcdefg", 1, 6, 2)))
print([f"{n}{c}" for n, c in zip(count(1), "xyz")], list(map(pow, range(4), repeat(2))))
next(islice(count(), 100, None))
