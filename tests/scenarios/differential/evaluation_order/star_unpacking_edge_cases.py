def gen():
    print("begin")
    yield from (1, 2, 3)
    print("end")


a, *b = gen()
*c, d = gen()
e, *f, g = "xy"
print(a, b, c, d, e, f, g)
(h, i), *j = {"k1": 1, "k2": 2}.items()
print(h, i, j)
for bad in ("a, b = 1", "short", "long", "nothing"):
    try:
        if bad == "a, b = 1":
            a, b = 1
        elif bad == "short":
            a, b, c = [1, 2]
        elif bad == "long":
            a, b = {1: 1, 2: 2, 3: 3}
        else:
            a, *b, c = [1]
    except (TypeError, ValueError) as error:
        print(error)
[x, y] = z = (5, 6)
x, y, z
