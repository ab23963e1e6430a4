class Box:
    def __class_getitem__(cls, item):
        return f"{cls.__name__}[{item.__name__}]"


class Length:
    def __init__(self, n):
        self.n = n

    def __length_hint__(self):
        return self.n

    def __iter__(self):
        return iter(range(self.n))

    def __format__(self, spec):
        return f"<{spec or 'plain'}:{self.n}>"

    def __bytes__(self):
        return b"\x00" * self.n

    def __trunc__(self):
        return self.n

    def __ceil__(self):
        return self.n + 1

    def __floor__(self):
        return self.n - 1


import math

n = Length(3)
print(Box[int], list(n), f"{n} {n:wide}", bytes(n), math.ceil(n), math.floor(n), math.trunc(n))
format(n, "x")
