a, b = {1, 2, 3}, {3, 4}
print(a | b, a & b, a - b, a ^ b, a.union([9]), a.intersection(b), a.difference(b), a.symmetric_difference(b))
a.add(10)
a.discard(99)
a.remove(1)
a.update([20, 21])
a.difference_update([21])
a.intersection_update({2, 3, 10, 20})
a.symmetric_difference_update({2, 7})
print(sorted(a), a.isdisjoint({5}), {1} <= {1, 2}, {1, 2}.issuperset({1}), {1}.issubset({2}))
f = frozenset("abc")
print(sorted(f | {"d"}), {f: 1}[frozenset("cba")], len(f), f.copy() == f)
try:
    a.remove(99)
except KeyError as error:
    print(repr(error))
s = {5}
print(s.pop(), s, set())
return {3, 1, 2}, frozenset({"b", "a"})
