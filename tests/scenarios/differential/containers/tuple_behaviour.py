t = (3, 1, 2)
single = (5,)
print(t.count(1), t.index(2), t + single, t * 2, sorted(t), len(t), t[1:], (1, 2) < (1, 3), hash((1, 2)) == hash((1, 2)))
points = {(0, 0): "origin", (1, 2): "p"}
try:
    t[0] = 9
except TypeError as error:
    print(error)
mutable = ([1], 2)
mutable[0].append(5)
try:
    mutable[0] += [6]
except TypeError as error:
    print(error)
print(mutable)
return points[(1, 2)], tuple(reversed(t)), min(t), max(t)
