class Cursor:
    pass


c = Cursor()
pairs = {}
for c.x, pairs["y"] in [(1, 2), (3, 4)]:
    pass
for i, (a, *b), [d] in [(0, "xyz", [1]), (1, "pq", [2])]:
    pass
print(c.x, pairs, i, a, b, d)
for n in range(3):
    n = n * 10
    print(n, end=" ")
print(n)
for n in []:
    pass
print(n)
items = iter(range(6))
for first in items:
    second = next(items)
    print(first, second, end="; ")
print()
with_else = []
for n in range(3):
    if n == 5:
        break
else:
    with_else.append("exhausted")
for ch in "ab":
    for ch in "cd":
        pass
    with_else.append(ch)
while with_else and (last := with_else.pop()):
    if last == "exhausted":
        break
else:
    print("never")
last, with_else
