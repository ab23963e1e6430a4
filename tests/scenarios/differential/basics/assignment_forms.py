a = b = [1, 2]
b.append(3)
x, (y, *rest), z = 1, (2, 3, 4), 5
(p), [q, r] = 6, [7, 8]
*head, tail = "abcd"
first, *middle, last = range(6)
total: int = 0
total += sum(middle)
count: int
count = len(head)
print(a is b, a)
print(x, y, rest, z, p, q, r)
print(head, tail, first, middle, last)
return {"total": total, "count": count}
