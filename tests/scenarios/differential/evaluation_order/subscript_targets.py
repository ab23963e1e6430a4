class Table:
    def __init__(self):
        self.data = {}

    def __getitem__(self, key):
        print("get", key)
        return self.data.get(key, 0)

    def __setitem__(self, key, value):
        print("set", key, value)
        self.data[key] = value

    def __delitem__(self, key):
        print("del", key)


def show(value):
    print("eval", value)
    return value


t = Table()

t[show("k")] = show(1)
t[show("k")] += show(10)
t[show("a")], t[show("b")] = show(2), show(3)
x = t[show("c")] = show(4)
for t["i"] in range(2):
    pass
with_items = [t[k] for k in "ab"]
del t[show("a")]
i, items = 0, [10, 20, 30]
i, items[i] = 2, "changed"
items[i], i = "last", 0
print(items, i, x, with_items)
nested = {"a": {"b": [1]}}
nested["a"]["b"][0] += 5
nested["a"]["b"] += [7]
nested
