items = [3, 1, 2]
items.append(5)
items.extend([7, 7])
items.insert(1, 9)
items.remove(7)
popped = items.pop(), items.pop(0)
print(items, popped, items.index(2), items.count(7))
items.sort()
items.reverse()
copy = items.copy()
copy.clear()
print(items, copy, items == [9, 5, 2, 1], [0] * 3, [1, 2] + [3], 5 in items)
nested = [[0] * 2 for _ in range(2)]
nested[0][0] = 1
shared = [[0] * 2] * 2
shared[0][0] = 1
people = [("bob", 30), ("ann", 25), ("cy", 30)]
people.sort(key=lambda p: (-p[1], p[0]))
return [nested, shared, people]
