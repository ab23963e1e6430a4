class Box:
    def __init__(self, name):
        object.__setattr__(self, "name", name)

    def __setattr__(self, key, value):
        print(f"{self.name}.{key} = {value!r}")
        object.__setattr__(self, key, value)

    def __delattr__(self, key):
        print(f"del {self.name}.{key}")
        object.__delattr__(self, key)

    def __getattr__(self, key):
        print(f"missing {self.name}.{key}")
        return 0


def make(name):
    print("make", name)
    return Box(name)


def value(v):
    print("value", v)
    return v


a, b = Box("a"), Box("b")
make("x").attr = value(1)
make("y").first = make("z").second = value(2)
make("w").count += value(5)
a.left, b.right = value((3, 4))
[a.p, *a.rest], b.q = [value(1), 2, 3], value(9)
for a.item in range(2):
    print("loop", a.item)
del a.left, b.right
(a.one, (b.two, a.three)) = 1, (2, 3)
a.total: int = value(7)
a.one + b.two + a.three + a.total
