from collections import deque

d = deque([1, 2, 3], maxlen=4)
d.append(4)
d.append(5)
d.appendleft(0)
print(d, d.maxlen, d[0], d[-1], 3 in d)
d.rotate(1)
print(list(d), d.pop(), d.popleft(), len(d))
d.extend([7, 8])
d.extendleft([9])
d.remove(8) if 8 in d else None
print(d, d.index(7), d.count(7), list(reversed(d)))
d.pop()
d.insert(1, "x")
copy = d.copy()
d.clear()
print(d, copy)
recent = deque(maxlen=3)
for n in range(10):
    recent.append(n)
try:
    deque().pop()
except IndexError as error:
    print(error)
return recent
