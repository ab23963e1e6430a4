class Tricky:
    def __init__(self):
        self.values = [1]
        self.table = {"n": 1}
        self.count = 0
        self._hidden = 1
        self.__mangled = 1

    def bump(self):
        self.count += 1
        self._hidden *= 5
        self.__mangled -= 3
        self.values += [2]
        self.values[0] <<= 3
        self.table["n"] **= 2
        self.table["m"] = self.table.get("m", 0) + 1
        self.table["m"] |= 6
        self.count //= 1
        return self._hidden, self.__mangled

    @property
    def double(self):
        return self.count * 2

    @double.setter
    def double(self, value):
        self.count = value // 2


t = Tricky()
print(t.bump(), t.values, t.table, t.count)
t.double += 10
print(t.count, t._hidden)
t._hidden = 9
t.values[-1:] += ["x", "y"]
(t.values)[0] -= 1
s = "a"
s += "b" * 2
tup = (1,)
tup += (2,)
f = frozenset([1])
f |= {2}
t.count, t._hidden, t.values, s, tup, sorted(f)
