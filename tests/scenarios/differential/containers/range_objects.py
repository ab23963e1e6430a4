r = range(2, 20, 3)
print(r, len(r), r[1], r[-1], 8 in r, 9 in r, r.index(8), list(reversed(r)), r[1:3], range(0) == range(5, 5))
print(r.start, r.stop, r.step, r.count(5), bool(range(0)), list(range(5, 0, -2)))
sum(range(1, 101))
