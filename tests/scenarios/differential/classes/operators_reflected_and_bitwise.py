class Set:
    def __init__(self, *items):
        self.items = sorted(set(items))

    def __repr__(self):
        return "{" + ",".join(map(str, self.items)) + "}"

    def __and__(self, o):
        return Set(*[i for i in self.items if i in o.items])

    def __or__(self, o):
        return Set(*self.items, *o.items)

    def __xor__(self, o):
        return Set(*[i for i in (self | o).items if (i in self.items) != (i in o.items)])

    def __invert__(self):
        return Set(*[-i for i in self.items])

    def __lshift__(self, item):
        return Set(*self.items, item)

    def __rshift__(self, item):
        return Set(*[i for i in self.items if i != item])

    def __rsub__(self, o):
        return f"{o}-{self!r}"

    def __rtruediv__(self, o):
        return f"{o}/{self!r}"

    def __rpow__(self, o):
        return f"{o}**{self!r}"

    def __divmod__(self, o):
        return ("divmod", o)

    def __ior__(self, o):
        self.items = sorted({*self.items, *o.items})
        return self

    def __index__(self):
        return len(self.items)

    def __int__(self):
        return sum(self.items)

    def __float__(self):
        return float(sum(self.items))

    def __complex__(self):
        return complex(sum(self.items), 1)


a, b = Set(1, 2, 3), Set(3, 4)
print(a & b, a | b, a ^ b, ~a, a << 9, a >> 1, 5 - a, 5 / a, 2**a, divmod(a, 2))
a |= b
print(a, [10, 20, 30, 40, 50][a], int(a), float(a), complex(a), hex(a), range(10)[a], "x" * a.__index__())
