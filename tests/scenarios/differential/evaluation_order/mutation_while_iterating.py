items = [1, 2, 3, 4, 5, 6]
for x in items:
    if x % 2:
        items.remove(x)
print(items)
grow = [1]
for x in grow:
    if len(grow) < 6:
        grow.append(x * 2)
print(grow)
numbers = {1, 2, 3}
try:
    for n in numbers:
        numbers.add(n + 10)
except RuntimeError as error:
    print(error)
table = {"a": 1}
try:
    for key in table:
        del table[key]
        table["b"] = 2
        table["c"] = 3
except RuntimeError as error:
    print(error)
d = {i: i for i in range(3)}
for k, v in d.items():
    d[k] = v * 10
d
