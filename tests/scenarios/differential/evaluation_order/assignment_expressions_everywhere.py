def f(x, y=0):
    return x * 10 + y


if (n := 5) > 3 and (m := n * 2) > 3:
    print(n, m)
print(f(a := 1, y=(b := 2)), a, b, [c := 3, c * 2], {(k := "key"): (v := "value")}, k, v)
while (n := n - 2) > 0:
    print("n", n)
print(x := 10, f"{(y := x + 1)} {y}", (z := [w := 1])[0], w)
data = [(t := i * 2) for i in range(3)]
print(t, data, any((hit := d) > 2 for d in data), hit)


def scoped():
    inner = [last := i for i in range(4)]
    return last, len(inner)


def captured():
    [keep := i for i in range(3)]

    def get():
        return keep

    return get()


result = (lambda: (q := 5) + q)()
scoped(), captured(), result
