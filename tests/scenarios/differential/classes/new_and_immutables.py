class Upper(str):
    def __new__(cls, text):
        return super().__new__(cls, text.upper())

    def shout(self):
        return self + "!"


class Cached:
    _pool = {}

    def __new__(cls, key):
        if key not in cls._pool:
            cls._pool[key] = super().__new__(cls)
        return cls._pool[key]

    def __init__(self, key):
        self.key = key


class Degrees(float):
    def __add__(self, other):
        return Degrees((float(self) + other) % 360)


class Pair(tuple):
    def __new__(cls, a, b):
        return tuple.__new__(cls, (a, b))

    @property
    def left(self):
        return self[0]


u = Upper("hey")
print(u, u.shout(), type(u).__name__, isinstance(u, str), Cached("a") is Cached("a"), Cached("b").key)
print(Degrees(350) + 20, type(Degrees(1) + 1).__name__, Pair(1, 2).left, Pair(1, 2) == (1, 2))
u
