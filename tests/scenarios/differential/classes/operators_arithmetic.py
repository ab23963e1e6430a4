class Vec:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __repr__(self):
        return f"Vec({self.x}, {self.y})"

    def __add__(self, o):
        return Vec(self.x + o.x, self.y + o.y) if isinstance(o, Vec) else NotImplemented

    def __sub__(self, o):
        return Vec(self.x - o.x, self.y - o.y)

    def __mul__(self, k):
        return Vec(self.x * k, self.y * k)

    __rmul__ = __mul__

    def __truediv__(self, k):
        return Vec(self.x / k, self.y / k)

    def __floordiv__(self, k):
        return Vec(self.x // k, self.y // k)

    def __mod__(self, k):
        return Vec(self.x % k, self.y % k)

    def __pow__(self, n, mod=None):
        return Vec(self.x**n, self.y**n)

    def __neg__(self):
        return Vec(-self.x, -self.y)

    def __pos__(self):
        return self

    def __abs__(self):
        return (self.x**2 + self.y**2) ** 0.5

    def __iadd__(self, o):
        self.x += o.x
        self.y += o.y
        return self

    def __eq__(self, o):
        return isinstance(o, Vec) and (self.x, self.y) == (o.x, o.y)

    def __hash__(self):
        return hash((self.x, self.y))

    def __bool__(self):
        return bool(self.x or self.y)

    def __round__(self, n=0):
        return Vec(round(self.x, n), round(self.y, n))

    def __radd__(self, o):
        return self if o == 0 else NotImplemented


a, b = Vec(3, 4), Vec(1, 2)
same = a
a += b
print(a, a is same, a - b, b * 3, 3 * b, a / 2, a // 2, a % 3, b**2, -b, +b, abs(Vec(3, 4)))
print(a == Vec(4, 6), a != b, len({Vec(1, 2), Vec(1, 2)}), bool(Vec(0, 0)), round(Vec(1.26, 2.31), 1), sum([a, b]))
try:
    a + 1
except TypeError as error:
    print(error)
