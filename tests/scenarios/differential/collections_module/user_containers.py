from collections import UserDict, UserList, UserString


class Upper(UserDict):
    def __setitem__(self, key, value):
        super().__setitem__(key.upper(), value)


class Unique(UserList):
    def append(self, item):
        if item not in self.data:
            super().append(item)


class Slug(UserString):
    def slug(self):
        return self.data.lower().replace(" ", "-")


u = Upper(a=1)
u["b"] = 2
u.update({"c": 3})
l = Unique([1, 2])
l.append(2)
l.append(3)
print(u, "A" in u, len(u), dict(u), l, l[0], list(l), Slug("Hello World").slug(), Slug("ab") + "c")
l.data
