d = {"z": 1, "a": 2}
keys, values = d.keys(), d.values()
d["m"] = 3
print(list(keys), list(values), len(keys))
try:
    for k in d:
        d[k + k] = 1
except RuntimeError as error:
    print(error)
for k in list(d):
    if len(k) > 1:
        del d[k]
print(d)
items = [1, 2, 3, 4]
for n in items[:]:
    if n % 2 == 0:
        items.remove(n)
items
