class Key:
    def __init__(self, name):
        self.name = name

    def __eq__(self, other):
        return isinstance(other, Key) and self.name.lower() == other.name.lower()

    def __hash__(self):
        return hash(self.name.lower())


table = {Key("A"): 1}
table[Key("a")] = 2
print(len(table), table[Key("A")], Key("b") in table, len({Key("x"), Key("X"), Key("y")}))
items = [Key("q"), Key("r")]
print(items.index(Key("R")), items.count(Key("Q")), Key("Q") in items)
items.remove(Key("Q"))
len(items)
